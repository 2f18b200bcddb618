"""Gives the same values another shape, in row-major order: the last axis varies fastest before and after.

Shape:   (batch, …) -> (batch, *shape), with as many values; one size may be -1, which stands for what is left over. An
         open size leaves the -1 open, and with no -1 is taken to fit.
Weights: none.
Cost:    none.
Errors:  E0402 the numbers of values differ, or cannot be made equal by a -1; a size of 0; more than one -1.
Source:  row-major order of the channels-last layout, as keras.layers.Reshape.
"""

from __future__ import annotations

import math
from typing import Annotated, ClassVar

from pydantic import Field

from archspec.ir.footprint import KEEPS_NOTHING, Footprint
from archspec.ir.keras_call import KerasLayer, Lowering, lower_to
from archspec.ir.op import Op, ShapeError
from archspec.ir.reach import Reach, everywhere
from archspec.ir.shape import Dim, Shape, is_known, map_dims

LEFT_OVER = -1


class Reshape(Op):
    """The same values in another shape."""

    principal: ClassVar[str | None] = "shape"
    is_affine: ClassVar[bool] = True
    example: ClassVar[str] = """
        archspec: 1
        inputs: {features: [100]}
        layers:
          - dense: 392
          - reshape: [7, 7, 8]
          - reshape: [-1, 8]
    """

    shape: Annotated[tuple[Annotated[int, Field(ge=LEFT_OVER)], ...], Field(min_length=1)] = Field(
        description="the new sizes without the batch's; one may be -1, for what is left over"
    )

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> tuple[Shape, ...]:
        (given,) = inputs
        self._check_sizes()
        written = math.prod(size for size in self.shape if size != LEFT_OVER)
        left_over = map_dims(lambda known: known // written, given.size)
        if not self._fits(given, written):
            raise ShapeError(
                f"`shape` must hold as many values as the input, got {_listed(self.shape)} for {given}"
                + (f", which holds {given.size}" if is_known(given.size) else ""),
                field="shape",
            )
        dims: list[Dim] = [left_over if size == LEFT_OVER else size for size in self.shape]
        return (Shape(tuple(dims)),)

    def reach(self, inputs: tuple[Shape, ...]) -> Reach:
        return everywhere(inputs[0])

    def footprint(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Footprint:
        return KEEPS_NOTHING._replace(is_view=True)

    def to_keras(self, inputs: tuple[Shape, ...]) -> Lowering:
        return lower_to(KerasLayer("keras.layers.Reshape", {"target_shape": self.shape}))

    def _check_sizes(self) -> None:
        if 0 in self.shape:
            raise ShapeError(f"a size in `shape` must be at least 1, or -1, got {_listed(self.shape)}", field="shape")
        if self.shape.count(LEFT_OVER) > 1:
            raise ShapeError(f"at most one size in `shape` may be -1, got {_listed(self.shape)}", field="shape")

    def _fits(self, given: Shape, written: int) -> bool:
        if LEFT_OVER not in self.shape:
            # Open sizes supply a whole factor, so the known ones must divide what is written.
            known = math.prod(size for size in given.dims if is_known(size))
            return given.size == written or (not is_known(given.size) and written % known == 0)
        return not is_known(given.size) or given.size % written == 0


def _listed(shape: tuple[int, ...]) -> str:
    return f"[{', '.join(map(str, shape))}]"
