"""Gives a value's spatial axes the sizes of another value, whatever these are when the model runs.

out = the first input, resized to the sizes of the second as `resize` does; `align` and the words of `interpolation`
mean what they mean there. Of the second input no value is read: `{resize_like, from: [deep, shallow]}`.

Shape:   (batch, height, width, channels), (batch, height', width', …) -> (batch, height', width', channels); likewise
         with 1 or 3 axes.
Weights: none.
Cost:    none.
Errors:  E0401 wrong rank; E0402 the two inputs have not the same number of spatial axes.
Source:  Lin et al., "Feature pyramid networks for object detection", arXiv:1612.03144, section 3, for maps whose sizes
         are no multiples of each other.
"""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from archspec.ir.footprint import KEEPS_NOTHING, Footprint
from archspec.ir.keras_call import Lowering, lower_to
from archspec.ir.op import Op
from archspec.ir.reach import Reach
from archspec.ir.shape import Shape
from archspec.ops._join import equal_rank
from archspec.ops._resizing import (
    ALIGNMENT_HELP,
    INTERPOLATION_HELP,
    Alignment,
    Interpolation,
    resizing_definition,
    resizing_reach,
)


class ResizeLike(Op):
    """The first input at the size of the second."""

    principal: ClassVar[str | None] = "interpolation"
    inputs: ClassVar[int | None] = 2
    only_measured: ClassVar[tuple[int, ...]] = (2,)
    is_affine: ClassVar[bool] = True
    example: ClassVar[str] = """
        archspec: 1
        inputs: {image: [30, 30, 8]}
        layers:
          - {max_pool: {size: 3, stride: 2, padding: half}, name: deep}
          - {resize_like: nearest, from: [deep, image], name: wide}
          - {add, from: [wide, image]}
    """

    interpolation: Interpolation = Field("bilinear", description=INTERPOLATION_HELP)
    align: Alignment = Field("centres", description=ALIGNMENT_HELP)

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> tuple[Shape, ...]:
        given, like = inputs
        equal_rank(given, like)
        return (like.with_channels(given.channels),)

    def reach(self, inputs: tuple[Shape, ...]) -> Reach:
        given, like = inputs
        return resizing_reach(given.spatial, like.spatial)

    def footprint(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Footprint:
        return KEEPS_NOTHING

    def to_keras(self, inputs: tuple[Shape, ...]) -> Lowering:
        return lower_to(resizing_definition(self.interpolation, self.align), inputs=2)
