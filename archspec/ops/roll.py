"""A cyclic shift of all positions: what leaves at one border comes in at the other.

out[y, x, c] = in[(y - down) mod height, (x - right) mod width, c]

Windows that are shifted so between two layers let what lay in different ones meet, as in Swin transformers, whose shift
back is the same with the sign turned.

Shape:   (batch, height, width, channels) -> the same; likewise with 1 or 3 spatial axes.
Weights: none.
Cost:    none.
Errors:  E0401 wrong rank; E0402 neither one amount nor one for each axis.
Source:  Liu et al., "Swin transformer: hierarchical vision transformer using shifted windows", arXiv:2103.14030,
         section 3.2, figure 4.
"""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any, ClassVar

from pydantic import Field

from archspec.ir.footprint import KEEPS_NOTHING, Footprint
from archspec.ir.keras_call import KerasLayer, Lowering, lower_to
from archspec.ir.op import Op, spatial_rank
from archspec.ir.reach import POINT, Reach
from archspec.ir.shape import Shape
from archspec.ops._window import per_axis


class Roll(Op):
    """All positions, moved around in a circle along each axis."""

    principal: ClassVar[str | None] = "shift"
    is_affine: ClassVar[bool] = True
    example: ClassVar[str] = """
        archspec: 1
        inputs: {map: [56, 56, 96]}
        layers:
          - roll: -3
          - depthwise_conv: {kernel: 7, stride: 7}
    """

    shift: Annotated[tuple[int, ...], Field(min_length=1)] = Field(
        description="how far down and to the right, against it below 0: one number, or one for each axis"
    )

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> tuple[Shape, ...]:
        self._shifts(inputs)
        return inputs

    def reach(self, inputs: tuple[Shape, ...]) -> Reach:
        # Beyond the border a position sees the other end, so an axis that is shifted is seen as a whole.
        return tuple(None if shift else POINT for shift in self._shifts(inputs))

    def footprint(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Footprint:
        return KEEPS_NOTHING

    def to_keras(self, inputs: tuple[Shape, ...]) -> Lowering:
        return lower_to(KerasLayer(f"{__name__}:roll_layer", {"shift": self._shifts(inputs)}))

    def _shifts(self, inputs: tuple[Shape, ...]) -> tuple[int, ...]:
        (given,) = inputs
        return per_axis(self.shift, spatial_rank(given), "shift")


@cache
def roll_layer() -> Any:
    """The layer, for which Keras has a function alone."""
    import keras

    @keras.saving.register_keras_serializable("archspec")
    class Roll(keras.layers.Layer):
        """Moves all positions in a circle, `shift` of them along each spatial axis."""

        def __init__(self, shift: Any, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.shift = tuple(shift)

        def call(self, inputs: Any) -> Any:
            for axis, amount in enumerate(self.shift, start=1):
                inputs = keras.ops.roll(inputs, amount, axis=axis)
            return inputs

        def compute_output_shape(self, input_shape: Any) -> Any:
            return input_shape

        def get_config(self) -> dict[str, Any]:
            return {**super().get_config(), "shift": self.shift}

    return Roll
