"""Global average pooling: the mean of each channel over all positions of a 1-, 2- or 3-dimensional input.

out[c] = Σ_{y, x} in[y, x, c] / (height·width)

Shape:   (batch, height, width, channels) -> (batch, channels), or (batch, 1, 1, channels) with `keep_dims`.
Weights: none.
Cost:    none.
Errors:  E0401 wrong rank.
Source:  Lin, Chen, Yan, "Network in network", arXiv:1312.4400, section 3.2.
"""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from archspec.ir.footprint import KEEPS_NOTHING, Footprint
from archspec.ir.keras_call import KerasLayer, Lowering, lower_to
from archspec.ir.op import Op, spatial_rank
from archspec.ir.reach import Reach, everywhere
from archspec.ir.shape import Shape


class GlobalAveragePool(Op):
    """The mean of each channel."""

    is_affine: ClassVar[bool] = True
    example: ClassVar[str] = """
        archspec: 1
        inputs: {image: [28, 28, 3]}
        layers:
          - conv: {filters: 10, kernel: 1}
          - global_average_pool
    """

    keep_dims: bool = Field(False, description="whether the spatial axes stay, with a size of 1")

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> tuple[Shape, ...]:
        (given,) = inputs
        rank = spatial_rank(given)
        return (Shape((1,) * rank + (given.channels,) if self.keep_dims else (given.channels,)),)

    def reach(self, inputs: tuple[Shape, ...]) -> Reach:
        return everywhere(inputs[0])

    def footprint(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Footprint:
        return KEEPS_NOTHING

    def to_keras(self, inputs: tuple[Shape, ...]) -> Lowering:
        (given,) = inputs
        layer = f"keras.layers.GlobalAveragePooling{spatial_rank(given)}D"
        return lower_to(KerasLayer(layer, {"keepdims": self.keep_dims}))
