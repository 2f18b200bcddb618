"""Cuts a value to the spatial sizes of another value, whatever these are when the model runs.

out[y, x, c] = in[y + top, x + left, c], with top = floor((height - height') / 2) for `offset: centre`, else `offset`

Of the second input no value is read: `{crop_like, from: [encoder, decoder]}`.

Shape:   (batch, height, width, channels), (batch, height', width', …) -> (batch, height', width', channels); likewise
         with 1 or 3 axes.
Weights: none.
Cost:    none.
Errors:  E0401 wrong rank; E0402 the two inputs have not the same number of spatial axes, or the first with `offset` cut
         off is smaller than the second.
Source:  Ronneberger et al., "U-Net: convolutional networks for biomedical image segmentation", arXiv:1505.04597,
         section 2; offsets: Long et al., arXiv:1411.4038, whose models were run in Caffe, its layer `Crop`.
"""

from __future__ import annotations

from functools import cache
from typing import Any, ClassVar, Literal

from pydantic import Field

from archspec.ir.footprint import KEEPS_NOTHING, Footprint
from archspec.ir.keras_call import KerasLayer, Lowering, lower_to
from archspec.ir.op import Op, ShapeError
from archspec.ir.reach import AXES, Reach, Window
from archspec.ir.shape import Dim, Shape, is_known, map_dims, show
from archspec.ops._join import equal_rank
from archspec.ops._window import NonNegative, per_axis, times


class CropLike(Op):
    """The first input, cut to the size of the second."""

    principal: ClassVar[str | None] = "offset"
    inputs: ClassVar[int | None] = 2
    only_measured: ClassVar[tuple[int, ...]] = (2,)
    is_affine: ClassVar[bool] = True
    example: ClassVar[str] = """
        archspec: 1
        inputs: {image: [28, 28, 8]}
        layers:
          - {conv: {filters: 16, kernel: 3}, name: main}
          - {crop_like, from: [image, main], name: shortcut}
          - {concat, from: [main, shortcut]}
    """

    offset: Literal["centre"] | tuple[NonNegative, ...] = Field(
        "centre",
        description="what is cut off before: `centre`, for half of it all, or one number, or one for each axis",
    )

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> tuple[Shape, ...]:
        given, like = inputs
        equal_rank(given, like)
        rest = map(self._rest, given.spatial, like.spatial, self._offsets(given))
        if any(is_known(left) and left < 0 for left in rest):
            after = "" if self.offset == "centre" else f", after {times(self._offsets(given))}"
            raise ShapeError(
                "the first input must be as large as the second, which it is cut to, "
                f"got {times(given.spatial)}{after} for {times(like.spatial)}",
                field=None if self.offset == "centre" else "offset",
                cure="write the larger one first in `from`, or use `resize_like`"
                if self.offset == "centre"
                else "make `offset` smaller",
            )
        return (like.with_channels(given.channels),)

    def derivation(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> tuple[str, ...]:
        given, like = inputs
        axes = zip(AXES[len(given.spatial)], given.spatial, like.spatial, self._befores(inputs), strict=True)
        return tuple(
            f"{name}: {show(wanted)} of {show(size)}, from {show(before)} on" for name, size, wanted, before in axes
        )

    def reach(self, inputs: tuple[Shape, ...]) -> Reach:
        return tuple(Window(1, 1, -before if is_known(before) else None) for before in self._befores(inputs))

    def footprint(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Footprint:
        return KEEPS_NOTHING

    def to_keras(self, inputs: tuple[Shape, ...]) -> Lowering:
        offset = "centre" if self.offset == "centre" else self._offsets(inputs[0])
        return lower_to(KerasLayer("archspec.ops.crop_like:crop_like_layer", {"offset": offset}), inputs=2)

    def _offsets(self, given: Shape) -> tuple[int, ...]:
        rank = len(given.spatial)
        return (0,) * rank if isinstance(self.offset, str) else per_axis(self.offset, rank, "offset")

    def _befores(self, inputs: tuple[Shape, ...]) -> tuple[Dim, ...]:
        """What is cut off before, axis by axis."""
        given, like = inputs
        if self.offset != "centre":
            return self._offsets(given)
        return tuple(
            map_dims(lambda many, few: (many - few) // 2, size, wanted)
            for size, wanted in zip(given.spatial, like.spatial, strict=True)
        )

    @staticmethod
    def _rest(size: Dim, wanted: Dim, offset: int) -> Dim:
        """What is cut off after."""
        return map_dims(lambda many, few: many - few - offset, size, wanted)


@cache
def crop_like_layer() -> Any:
    """The layer, which Keras lacks: its `Cropping2D` needs the amounts."""
    import keras

    @keras.saving.register_keras_serializable("archspec")
    class CropLike(keras.layers.Layer):
        """The first of two inputs, cut to the size of the second."""

        def __init__(self, offset: Any, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.offset = offset if isinstance(offset, str) else tuple(offset)

        def call(self, inputs: Any) -> Any:
            values, like = inputs
            sizes = zip(keras.ops.shape(values)[1:-1], keras.ops.shape(like)[1:-1], strict=True)
            for axis, (size, wanted) in enumerate(sizes, start=1):
                before = (size - wanted) // 2 if self.offset == "centre" else self.offset[axis - 1]
                kept = slice(before, before + wanted)
                values = values[tuple(kept if place == axis else slice(None) for place in range(len(values.shape)))]
            return values

        def compute_output_shape(self, input_shape: Any) -> Any:
            values, like = input_shape
            return (values[0], *like[1:-1], values[-1])

        def get_config(self) -> dict[str, Any]:
            return {**super().get_config(), "offset": self.offset}

    return CropLike
