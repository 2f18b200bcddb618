"""Gives the spatial axes other sizes, of 1-, 2- or 3-dimensional inputs.

out[y, x, c]: the value nearest to, or the weighted mean of those around, the position of the input that (y, x) lies
over: with `align: centres` (y + 1/2)·height / height' - 1/2, with `corners` y·(height - 1) / (height' - 1). At the
edges the weights of the values that are there are made to sum to 1; nothing is smoothed before an input is made
smaller; `bicubic` is Keys' kernel with a = -1/2, as in Keras; PyTorch's has -3/4.

Shape:   (batch, height, width, channels) -> (batch, *size, channels); likewise with 1 or 3 axes.
Weights: none.
Cost:    none.
Errors:  E0401 wrong rank; E0402 not one size for all axes or for each.
Source:  Zhao et al., "Pyramid scene parsing network", arXiv:1612.01105, section 3.2.
"""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from archspec.ir.footprint import KEEPS_NOTHING, Footprint
from archspec.ir.keras_call import KerasLayer, Lowering, lower_to
from archspec.ir.op import Op, spatial_rank
from archspec.ir.reach import Reach
from archspec.ir.shape import Shape
from archspec.ops._resizing import (
    ALIGNMENT_HELP,
    INTERPOLATION_HELP,
    Alignment,
    Interpolation,
    resizing_definition,
    resizing_reach,
)
from archspec.ops._window import PerAxis, per_axis


class Resize(Op):
    """The input at a given size."""

    principal: ClassVar[str | None] = "size"
    is_affine: ClassVar[bool] = True
    example: ClassVar[str] = """
        archspec: 1
        inputs: {features: [6, 6, 32]}
        layers:
          - resize: {size: [60, 80], interpolation: bilinear, align: corners}
    """

    size: PerAxis = Field(description="the new size of each axis")
    interpolation: Interpolation = Field("bilinear", description=INTERPOLATION_HELP)
    align: Alignment = Field("centres", description=ALIGNMENT_HELP)

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> tuple[Shape, ...]:
        (given,) = inputs
        return (Shape((*self._sizes(given), given.channels)),)

    def reach(self, inputs: tuple[Shape, ...]) -> Reach:
        (given,) = inputs
        return resizing_reach(given.spatial, self._sizes(given))

    def footprint(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Footprint:
        return KEEPS_NOTHING

    def to_keras(self, inputs: tuple[Shape, ...]) -> Lowering:
        (given,) = inputs
        sizes = self._sizes(given)
        if (self.interpolation, self.align, len(sizes)) != ("bilinear", "centres", 2):
            return lower_to(resizing_definition(self.interpolation, self.align, size=sizes))
        height, width = sizes
        return lower_to(KerasLayer("keras.layers.Resizing", {"height": height, "width": width}))

    def _sizes(self, given: Shape) -> tuple[int, ...]:
        return per_axis(self.size, spatial_rank(given), "size")
