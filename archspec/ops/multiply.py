"""Product of values; along each axis a size of 1 is repeated to the others' size, as a gate on each channel needs.

out = in_1 · in_2 · …

Shape:   inputs of one rank, along each axis of one size or 1 -> along each axis that size, or 1 where all are 1. Open
         sizes agree with any.
Weights: none.
Cost:    none.
Errors:  E0412 the ranks differ, or the sizes along an axis differ and none of them is 1.
Source:  Hu et al., "Squeeze-and-excitation networks", arXiv:1709.01507, equation 4.
"""

from __future__ import annotations

from typing import ClassVar

from archspec.ir.footprint import Footprint
from archspec.ir.keras_call import KerasLayer, Lowering, lower_to
from archspec.ir.op import Op, ShapeError
from archspec.ir.reach import Reach, pointwise
from archspec.ir.shape import Dim, Shape, agree, is_known


class Multiply(Op):
    """The elementwise product."""

    inputs: ClassVar[int | None] = None
    is_join: ClassVar[bool] = True
    example: ClassVar[str] = """
        archspec: 1
        inputs: {image: [28, 28, 8]}
        layers:
          - multiply:
              all: []
              gate: [conv: {filters: 1, kernel: 1, activation: sigmoid}]
    """

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> tuple[Shape, ...]:
        common, *others = inputs
        for other in others:
            common = _broadcast(common, other)
        return (common,)

    def reach(self, inputs: tuple[Shape, ...]) -> Reach:
        return pointwise(inputs[0])

    def footprint(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Footprint:
        return Footprint(keeps_outputs=False)

    def to_keras(self, inputs: tuple[Shape, ...]) -> Lowering:
        return lower_to(KerasLayer("keras.layers.Multiply"), inputs=len(inputs))


def _broadcast(left: Shape, right: Shape) -> Shape:
    if left.rank != right.rank:
        raise ShapeError(
            f"`multiply` needs inputs with equally many axes, got {left} and {right}",
            cure="a global pooling keeps the axes with `keep_dims: true`",
        )
    if not all(1 in pair or agree(*pair) for pair in zip(left.dims, right.dims, strict=True)):
        raise ShapeError(f"`multiply` needs equal sizes, or 1, along each axis, got {left} and {right}")
    return Shape(tuple(map(_stretch, left.dims, right.dims)))


def _stretch(left: Dim, right: Dim) -> Dim:
    if left == 1 or left == right:
        return right
    if right == 1:
        return left
    # Of two open sizes that are not the same, either may be the 1 that is stretched.
    return next(filter(is_known, (left, right)), None)
