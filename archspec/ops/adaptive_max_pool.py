"""Max pooling to a given size, whatever the input's: the maximum of each of so many windows, channel by channel.

out[y, x, c] = maximum of in[i, j, c] over floor(y·height / height') <= i < ceil((y + 1)·height / height'), and so j

Where the size does not divide the input's, windows overlap and differ by one position; where it is larger, positions
are repeated. 1-, 2- or 3-dimensional inputs.

Shape:   (batch, height, width, channels) -> (batch, *size, channels); likewise with 1 or 3 axes.
Weights: none.
Cost:    none.
Errors:  E0401 wrong rank; E0402 not one size for all axes or for each.
Source:  He et al., "Spatial pyramid pooling in deep convolutional networks for visual recognition", arXiv:1406.4729,
         section 2.2; the windows: torch.nn.AdaptiveMaxPool2d.
"""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from archspec.ir.footprint import Footprint
from archspec.ir.keras_call import Lowering
from archspec.ir.op import Op
from archspec.ir.reach import Reach
from archspec.ir.shape import Shape
from archspec.ops._adaptive import adaptive_reach, adaptive_sizes, derive_adaptive, lower_adaptive
from archspec.ops._window import PerAxis


class AdaptiveMaxPool(Op):
    """The maximum of each of a given number of windows."""

    principal: ClassVar[str | None] = "size"
    example: ClassVar[str] = """
        archspec: 1
        inputs: {image: [60, 45, 8]}
        layers:
          - adaptive_max_pool: 6
          - flatten
          - dense: 10
    """

    size: PerAxis = Field(description="the output's size along each axis")

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> tuple[Shape, ...]:
        (given,) = inputs
        return (Shape((*adaptive_sizes(given, self.size), given.channels)),)

    def derivation(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> tuple[str, ...]:
        (given,) = inputs
        return derive_adaptive(given, adaptive_sizes(given, self.size))

    def reach(self, inputs: tuple[Shape, ...]) -> Reach:
        (given,) = inputs
        return adaptive_reach(given, adaptive_sizes(given, self.size))

    def footprint(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Footprint:
        return Footprint()

    def to_keras(self, inputs: tuple[Shape, ...]) -> Lowering:
        (given,) = inputs
        return lower_adaptive(given, adaptive_sizes(given, self.size), "Max")
