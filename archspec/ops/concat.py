"""Concatenation: values one after the other along an axis, by default the channels.

out = [in_1, in_2, …] along `axis`

The field stands beside the branches, as for every join: `concat: {left: […], right: […]}` with `with: {axis: rows}`, or
`{concat, from: [a, b], with: {axis: rows}}`.

Shape:   (batch, height, width, channels_i) -> (batch, height, width, Σ channels_i) along the channels; likewise along
         another axis. All other sizes are equal; open ones agree with any.
Weights: none.
Cost:    none.
Errors:  E0412 the ranks differ, or a size along another axis, or the inputs do not have the axis.
Source:  Szegedy et al., "Going deeper with convolutions", arXiv:1409.4842, section 4.
"""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from archspec.ir.footprint import KEEPS_NOTHING, Footprint
from archspec.ir.keras_call import KerasLayer, Lowering, lower_to
from archspec.ir.op import Op, ShapeError
from archspec.ir.reach import POINT, Reach, pointwise
from archspec.ir.shape import Shape, agree, merge, show, total
from archspec.ops._axes import AXIS_HELP, Axis, axis_place


class Concat(Op):
    """The inputs one after the other."""

    inputs: ClassVar[int | None] = None
    is_join: ClassVar[bool] = True
    is_affine: ClassVar[bool] = True
    example: ClassVar[str] = """
        archspec: 1
        inputs: {image: [28, 28, 3]}
        layers:
          - concat:
              one: [conv: {filters: 4, kernel: 1}]
              three: [conv: {filters: 8, kernel: 3, padding: same}]
    """

    axis: Axis = Field("channels", description=AXIS_HELP)

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> tuple[Shape, ...]:
        common, *others = inputs
        place = self._place(common)
        for other in others:
            if not _fits(common, other, place):
                raise ShapeError(
                    f"`concat` along the {self.axis} needs equal sizes along all other axes, got {common} and {other}"
                )
            common = Shape(tuple(map(merge, common.dims, other.dims)))
        dims = list(common.dims)
        dims[place] = total(shape.dims[place] for shape in inputs)
        return (Shape(tuple(dims)),)

    def derivation(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> tuple[str, ...]:
        place = self._place(inputs[0])
        sizes = " + ".join(show(shape.dims[place]) for shape in inputs)
        return (f"{self.axis}: {sizes} = {show(outputs[0].dims[place])}",)

    def reach(self, inputs: tuple[Shape, ...]) -> Reach:
        common = inputs[0]
        if self.axis == "channels":
            return pointwise(common)
        # A position is one of one of the inputs; which, its index says, and no window.
        return tuple(None if axis == self._place(common) else POINT for axis in range(common.rank - 1))

    def footprint(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Footprint:
        return KEEPS_NOTHING

    def to_keras(self, inputs: tuple[Shape, ...]) -> Lowering:
        batch_axes = 1
        axis = -1 if self.axis == "channels" else self._place(inputs[0]) + batch_axes
        return lower_to(KerasLayer("keras.layers.Concatenate", {"axis": axis}), inputs=len(inputs))

    def _place(self, shape: Shape) -> int:
        return axis_place(shape, self.axis)


def _fits(left: Shape, right: Shape, place: int) -> bool:
    """Whether two shapes have one rank and agree along all axes but the one at `place`."""
    if left.rank != right.rank:
        return False
    pairs = zip(left.dims, right.dims, strict=True)
    return all(agree(*pair) for axis, pair in enumerate(pairs) if axis != place)
