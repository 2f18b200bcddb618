"""Cuts margins off the spatial axes.

out[y, x, c] = in[y + top, x + left, c]

Shape:   (batch, height, width, channels) -> (batch, height - top - bottom, width - left - right, channels); likewise
         with 1 or 3 spatial axes. Open sizes stay open.
Weights: none.
Cost:    none.
Errors:  E0401 wrong rank; E0402 nothing is left along an axis, or the margins do not match the axes.
Source:  keras.layers.Cropping2D; used in Ronneberger et al., "U-Net: convolutional networks for biomedical image
         segmentation", arXiv:1505.04597, section 2.
"""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from archspec.ir.footprint import KEEPS_NOTHING, Footprint
from archspec.ir.keras_call import Lowering, lower_to
from archspec.ir.op import Op, ShapeError, spatial_rank
from archspec.ir.reach import AXES, Reach, Window
from archspec.ir.shape import Shape, is_known, map_dims, show
from archspec.ops._margins import crop_definition
from archspec.ops._window import Amounts, Margins, amount_margins, times


class Crop(Op):
    """The input without its margins."""

    principal: ClassVar[str | None] = "margins"
    is_affine: ClassVar[bool] = True
    example: ClassVar[str] = """
        archspec: 1
        inputs: {image: [28, 28, 3]}
        layers:
          - crop: 2
          - crop: [[1, 0], [1, 0]]
    """

    margins: Amounts = Field(description="amounts to cut off: one number, one for each axis, or [before, after] pairs")

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> tuple[Shape, ...]:
        (given,) = inputs
        margins = self._margins(given)
        spatial = tuple(
            map_dims(lambda known, cut=cut: known - cut, size)
            for size, cut in zip(given.spatial, map(sum, margins), strict=True)
        )
        if any(is_known(size) and size < 1 for size in spatial):
            cuts = " and ".join(map(str, map(sum, margins)))
            raise ShapeError(
                f"`margins` must leave something of each axis, got {cuts} to cut off {times(given.spatial)}",
                field="margins",
            )
        return (Shape((*spatial, given.channels)),)

    def derivation(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> tuple[str, ...]:
        (given,), (output,) = inputs, outputs
        axes = zip(AXES[len(given.spatial)], given.spatial, self._margins(given), output.spatial, strict=True)
        return tuple(f"{name}: {show(size)} - {a} - {b} = {show(count)}" for name, size, (a, b), count in axes)

    def reach(self, inputs: tuple[Shape, ...]) -> Reach:
        return tuple(Window(1, 1, -before) for before, _ in self._margins(inputs[0]))

    def footprint(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Footprint:
        return KEEPS_NOTHING

    def to_keras(self, inputs: tuple[Shape, ...]) -> Lowering:
        (given,) = inputs
        return lower_to(crop_definition(self._margins(given)))

    def _margins(self, given: Shape) -> Margins:
        return amount_margins(self.margins, spatial_rank(given), field="margins")
