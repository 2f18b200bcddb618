"""Pixel shuffle, or depth to space: spreads the channels of each position over a block of positions.

out[y·r + i, x·r + j, c] = in[y, x, (i·r + j)·channels' + c], with r = size and channels' = channels / r²; with
`order: channels` in[y, x, c·r² + i·r + j]

The default is the order of the paper's equation 4 and of tf.nn.depth_to_space; torch.nn.PixelShuffle has the other,
which matters to weights made there alone.

Shape:   (batch, height, width, channels) -> (batch, height·size, width·size, channels / size²); likewise with 1 or 3
         axes, where size³ takes the place of size².
Weights: none.
Cost:    none.
Errors:  E0401 wrong rank, the number of input channels is open; E0402 the block does not divide it.
Source:  Shi et al., "Real-time single image and video super-resolution using an efficient sub-pixel convolutional
         neural network", arXiv:1609.05158, section 2.2, equation 4.
"""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from archspec.ir.footprint import KEEPS_NOTHING, Footprint
from archspec.ir.keras_call import KerasLayer, Lowering, lower_to
from archspec.ir.op import Op, ShapeError, known_channels, spatial_rank
from archspec.ir.reach import AXES, POINT, Reach
from archspec.ir.shape import Shape, map_dims, show
from archspec.ops._shuffling import ORDER_HELP, Order
from archspec.ops._window import Positive


class PixelShuffle(Op):
    """Channels spread over blocks of positions."""

    principal: ClassVar[str | None] = "size"
    is_affine: ClassVar[bool] = True
    example: ClassVar[str] = """
        archspec: 1
        inputs: {image: [32, 32, 3]}
        layers:
          - conv: {filters: 27, kernel: 3, padding: same}
          - pixel_shuffle: 3
    """

    size: Positive = Field(description="how many times as long each axis becomes")
    order: Order = Field("blocks", description=ORDER_HELP)

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> tuple[Shape, ...]:
        (given,) = inputs
        rank, channels = spatial_rank(given), known_channels(given)
        block = self.size**rank
        if channels % block:
            raise ShapeError(
                f"a block of {'x'.join([str(self.size)] * rank)} takes as many channels for each that it gives, got "
                f"{channels}, which {block} does not divide",
                field="size",
                cure=f"give the layer before {channels // block * block + block} filters",
            )
        sizes = (map_dims(lambda known: known * self.size, size) for size in given.spatial)
        return (Shape((*sizes, channels // block)),)

    def derivation(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> tuple[str, ...]:
        (given,), (output,) = inputs, outputs
        axes = zip(AXES[len(given.spatial)], given.spatial, output.spatial, strict=True)
        lines = (f"{name}: {show(size)}·{self.size} = {show(count)}" for name, size, count in axes)
        block = self.size ** len(given.spatial)
        return (*lines, f"channels: {show(given.channels)} / {block} = {show(output.channels)}")

    def reach(self, inputs: tuple[Shape, ...]) -> Reach:
        # A position moves by parts of a position of the input, which no window says.
        return ((POINT if self.size == 1 else None),) * len(inputs[0].spatial)

    def footprint(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Footprint:
        return KEEPS_NOTHING

    def to_keras(self, inputs: tuple[Shape, ...]) -> Lowering:
        fields = {"size": self.size, "order": self.order, "inverse": False}
        return lower_to(KerasLayer("archspec.ops._shuffling:pixel_shuffle_layer", fields))
