"""Global max pooling: the largest value of each channel over all positions of a 1-, 2- or 3-dimensional input.

out[c] = max_{y, x} in[y, x, c]

Shape:   (batch, height, width, channels) -> (batch, channels), or (batch, 1, 1, channels) with `keep_dims`.
Weights: none.
Cost:    none.
Errors:  E0401 wrong rank.
Source:  Oquab, Bottou, Laptev, Sivic, "Is object localization for free? Weakly-supervised learning with convolutional
         neural networks", 2015, section 3.
"""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from archspec.ir.footprint import Footprint
from archspec.ir.keras_call import KerasLayer, Lowering, lower_to
from archspec.ir.op import Op, spatial_rank
from archspec.ir.reach import Reach, everywhere
from archspec.ir.shape import Shape


class GlobalMaxPool(Op):
    """The largest value of each channel."""

    example: ClassVar[str] = """
        archspec: 1
        inputs: {image: [28, 28, 3]}
        layers:
          - conv: {filters: 10, kernel: 1}
          - global_max_pool
    """

    keep_dims: bool = Field(False, description="whether the spatial axes stay, with a size of 1")

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> tuple[Shape, ...]:
        (given,) = inputs
        rank = spatial_rank(given)
        return (Shape((1,) * rank + (given.channels,) if self.keep_dims else (given.channels,)),)

    def reach(self, inputs: tuple[Shape, ...]) -> Reach:
        return everywhere(inputs[0])

    def footprint(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Footprint:
        return Footprint()

    def to_keras(self, inputs: tuple[Shape, ...]) -> Lowering:
        (given,) = inputs
        layer = f"keras.layers.GlobalMaxPooling{spatial_rank(given)}D"
        return lower_to(KerasLayer(layer, {"keepdims": self.keep_dims}))
