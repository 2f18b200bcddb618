"""Splits the channels into several values that flow on side by side.

out_p[…, c] = in[…, offset_p + c], with offset_p the sum of the widths of the parts before

Shape:   (batch, …, channels) -> for each part (batch, …, width); the widths are given, or channels / parts each.
Weights: none.
Cost:    none.
Errors:  E0401 the number of input channels is open; E0402 `parts` does not divide it, or the widths do not add up to
         it.
Source:  Ma et al., "ShuffleNet V2: practical guidelines for efficient CNN architecture design", arXiv:1807.11164,
         section 3, "channel split".
"""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any, ClassVar

from pydantic import Field

from archspec.ir.footprint import KEEPS_NOTHING, Footprint
from archspec.ir.keras_call import KerasLayer, Lowering, lower_to
from archspec.ir.op import Op, ShapeError, known_channels
from archspec.ir.reach import Reach, pointwise
from archspec.ir.shape import Shape, show
from archspec.ops._window import Positive


class Split(Op):
    """The channels in several parts."""

    principal: ClassVar[str | None] = "parts"
    is_affine: ClassVar[bool] = True
    example: ClassVar[str] = """
        archspec: 1
        inputs: {image: [28, 28, 8]}
        layers:
          - {split: 2, name: half}
          - concat:
              first: [from: half/1]
              second: [{conv: {filters: 4, kernel: 3, padding: same}, from: half/2}]
    """

    parts: Annotated[tuple[Positive, ...], Field(min_length=1)] = Field(
        description="the number of equal parts, or a list of each part's channels"
    )

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> tuple[Shape, ...]:
        (given,) = inputs
        return tuple(given.with_channels(width) for width in self._widths(known_channels(given)))

    def derivation(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> tuple[str, ...]:
        (given,) = inputs
        return (f"channels: {show(given.channels)} = {' + '.join(show(shape.channels) for shape in outputs)}",)

    def reach(self, inputs: tuple[Shape, ...]) -> Reach:
        return pointwise(inputs[0])

    def footprint(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Footprint:
        return KEEPS_NOTHING

    def to_keras(self, inputs: tuple[Shape, ...]) -> Lowering:
        (given,) = inputs
        widths = self._widths(known_channels(given))
        if len(widths) == 1:
            return lower_to(KerasLayer("keras.layers.Identity"))
        return lower_to(KerasLayer("archspec.ops.split:split_layer", {"widths": widths}), outputs=len(widths))

    def _widths(self, channels: int) -> tuple[int, ...]:
        if len(self.parts) > 1:
            if sum(self.parts) != channels:
                raise ShapeError(
                    f"the channels in `parts` must add up to the input's {channels}, got {sum(self.parts)}",
                    field="parts",
                )
            return self.parts
        (count,) = self.parts
        if channels % count:
            raise ShapeError(
                f"`parts` must divide the input's channels, got {count} for {channels}",
                field="parts",
                cure="list each part's channels",
            )
        return (channels // count,) * count


@cache
def split_layer() -> Any:
    """The layer, which Keras lacks."""
    import keras

    @keras.saving.register_keras_serializable("archspec")
    class Split(keras.layers.Layer):
        """Splits the last axis into parts of the given widths; returns them as a list."""

        def __init__(self, widths: Any, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.widths = tuple(widths)

        def call(self, inputs: Any) -> Any:
            ends = [sum(self.widths[:place]) for place in range(1, len(self.widths))]
            return keras.ops.split(inputs, ends, axis=-1)

        def compute_output_shape(self, input_shape: Any) -> Any:
            return [(*input_shape[:-1], width) for width in self.widths]

        def get_config(self) -> dict[str, Any]:
            return {**super().get_config(), "widths": self.widths}

    return Split
