"""Padding: surrounds the spatial axes of a 1-, 2- or 3-dimensional input with zeros or with values of the input.

out[y, x, c] = in[y - before, x - before, c] inside; in the margins 0, the nearest value of the edge, or the value
mirrored at the edge, which is itself not repeated

Shape:   (batch, height, width, channels) -> (batch, before + height + after, before + width + after, channels)
Weights: none.
Cost:    none.
Errors:  E0401 wrong rank; E0402 not one margin for all axes or for each, `reflect` reaching past the input.
Source:  zeros: He et al., "Deep residual learning for image recognition", arXiv:1512.03385, as Keras writes it (a
         padding of its own before each strided window).
"""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from archspec.ir.footprint import KEEPS_NOTHING, Footprint
from archspec.ir.keras_call import Lowering, lower_to
from archspec.ir.op import Op, spatial_rank
from archspec.ir.reach import AXES, Reach, Window
from archspec.ir.shape import Shape, map_dims, show
from archspec.ops._margins import pad_definition
from archspec.ops._window import FILL_HELP, Amounts, Fill, Margins, amount_margins, check_reflection


class Pad(Op):
    """Margins around the input."""

    principal: ClassVar[str | None] = "margins"
    is_affine: ClassVar[bool] = True
    example: ClassVar[str] = """
        archspec: 1
        inputs: {image: [28, 28, 3]}
        layers:
          - pad: [[0, 1], [0, 1]]
          - max_pool: {size: 3, stride: 2}
    """

    margins: Amounts = Field(description="one number, one for each axis, or [before, after] pairs")
    fill: Fill = Field("zeros", description=FILL_HELP)

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> tuple[Shape, ...]:
        (given,) = inputs
        margins = self._margins(given)
        if self.fill == "reflect":
            check_reflection(margins, given.spatial, field="margins")
        padded = (
            map_dims(lambda known, pair=pair: known + sum(pair), size)
            for size, pair in zip(given.spatial, margins, strict=True)
        )
        return (Shape((*padded, given.channels)),)

    def derivation(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> tuple[str, ...]:
        (given,), (output,) = inputs, outputs
        axes = zip(AXES[len(given.spatial)], given.spatial, self._margins(given), output.spatial, strict=True)
        return tuple(f"{name}: {show(size)} + {a} + {b} = {show(count)}" for name, size, (a, b), count in axes)

    def reach(self, inputs: tuple[Shape, ...]) -> Reach:
        return tuple(Window(1, 1, before) for before, _ in self._margins(inputs[0]))

    def footprint(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Footprint:
        return KEEPS_NOTHING

    def to_keras(self, inputs: tuple[Shape, ...]) -> Lowering:
        (given,) = inputs
        return lower_to(pad_definition(self._margins(given), self.fill))

    def _margins(self, given: Shape) -> Margins:
        return amount_margins(self.margins, spatial_rank(given), field="margins")
