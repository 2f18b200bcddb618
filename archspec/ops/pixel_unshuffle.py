"""The inverse of pixel shuffle, or space to depth: gathers each block of positions into the channels of one.

out[y, x, (i·r + j)·channels + c] = in[y·r + i, x·r + j, c], with r = size; with `order: channels`
out[y, x, c·r² + i·r + j]

Shape:   (batch, height, width, channels) -> (batch, height / size, width / size, channels·size²); likewise with 1 or 3
         axes, where size³ takes the place of size².
Weights: none.
Cost:    none.
Errors:  E0401 wrong rank, the number of input channels is open; E0402 the block does not divide the sizes.
Source:  Redmon, Farhadi, "YOLO9000: better, faster, stronger", arXiv:1612.08242, section 2, "fine-grained features";
         its inverse: Shi et al., arXiv:1609.05158, equation 4.
"""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from archspec.ir.footprint import KEEPS_NOTHING, Footprint
from archspec.ir.keras_call import KerasLayer, Lowering, lower_to
from archspec.ir.op import Op, ShapeError, known_channels, spatial_rank
from archspec.ir.reach import AXES, Reach, Window
from archspec.ir.shape import Shape, is_known, map_dims, show
from archspec.ops._shuffling import ORDER_HELP, Order
from archspec.ops._window import Positive, times


class PixelUnshuffle(Op):
    """Blocks of positions gathered in the channels."""

    principal: ClassVar[str | None] = "size"
    is_affine: ClassVar[bool] = True
    example: ClassVar[str] = """
        archspec: 1
        inputs: {image: [32, 32, 3]}
        layers:
          - pixel_unshuffle: 2
          - conv: {filters: 16, kernel: 3, padding: same}
    """

    size: Positive = Field(description="how many positions of each axis become one")
    order: Order = Field("blocks", description=ORDER_HELP)

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> tuple[Shape, ...]:
        (given,) = inputs
        block = self.size ** spatial_rank(given)
        if any(is_known(size) and size % self.size for size in given.spatial):
            raise ShapeError(
                f"`size` must divide the input's sizes, got {self.size} for {times(given.spatial)}",
                field="size",
                cure="bring the input to a multiple with `pad` or `crop`",
            )
        sizes = (map_dims(lambda known: known // self.size, size) for size in given.spatial)
        return (Shape((*sizes, known_channels(given) * block)),)

    def derivation(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> tuple[str, ...]:
        (given,), (output,) = inputs, outputs
        axes = zip(AXES[len(given.spatial)], given.spatial, output.spatial, strict=True)
        lines = (f"{name}: {show(size)} / {self.size} = {show(count)}" for name, size, count in axes)
        block = self.size ** len(given.spatial)
        return (*lines, f"channels: {show(given.channels)}·{block} = {show(output.channels)}")

    def reach(self, inputs: tuple[Shape, ...]) -> Reach:
        return (Window(self.size, self.size, 0),) * len(inputs[0].spatial)

    def footprint(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Footprint:
        return KEEPS_NOTHING

    def to_keras(self, inputs: tuple[Shape, ...]) -> Lowering:
        fields = {"size": self.size, "order": self.order, "inverse": True}
        return lower_to(KerasLayer("archspec.ops._shuffling:pixel_shuffle_layer", fields))
