"""Smallest of values of one shape, element by element.

out = min(in_1, …, in_n)

Shape:   two or more inputs of one shape -> that shape. Open sizes agree with any.
Weights: none.
Cost:    none.
Errors:  E0412 the shapes are not equal.
Source:  keras.layers.Minimum; fuzzy conjunction: Zadeh, "Fuzzy sets", 1965, section III.
"""

from __future__ import annotations

from typing import ClassVar

from archspec.ir.footprint import Footprint
from archspec.ir.keras_call import KerasLayer, Lowering, lower_to
from archspec.ir.op import Op
from archspec.ir.reach import Reach, pointwise
from archspec.ir.shape import Shape
from archspec.ops._join import equal_shape


class Minimum(Op):
    """The elementwise minimum."""

    inputs: ClassVar[int | None] = None
    is_join: ClassVar[bool] = True
    example: ClassVar[str] = """
        archspec: 1
        inputs: {image: [28, 28, 8]}
        layers:
          - minimum:
              one: [conv: {filters: 8, kernel: 3, padding: same}]
              two: [conv: {filters: 8, kernel: 3, padding: same}]
    """

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> tuple[Shape, ...]:
        return (equal_shape("minimum", inputs),)

    def reach(self, inputs: tuple[Shape, ...]) -> Reach:
        return pointwise(inputs[0])

    def footprint(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Footprint:
        return Footprint(keeps_outputs=False)

    def to_keras(self, inputs: tuple[Shape, ...]) -> Lowering:
        return lower_to(KerasLayer("keras.layers.Minimum"), inputs=len(inputs))
