"""Mean of values of one shape.

out = (in_1 + … + in_n) / n

Shape:   two or more inputs of one shape -> that shape. Open sizes agree with any.
Weights: none.
Cost:    none.
Errors:  E0412 the shapes are not equal.
Source:  Larsson et al., "FractalNet: ultra-deep neural networks without residuals", arXiv:1605.07648, section 3.
"""

from __future__ import annotations

from typing import ClassVar

from archspec.ir.footprint import KEEPS_NOTHING, Footprint
from archspec.ir.keras_call import KerasLayer, Lowering, lower_to
from archspec.ir.op import Op
from archspec.ir.reach import Reach, pointwise
from archspec.ir.shape import Shape
from archspec.ops._join import equal_shape


class Average(Op):
    """The elementwise mean."""

    inputs: ClassVar[int | None] = None
    is_join: ClassVar[bool] = True
    is_affine: ClassVar[bool] = True
    example: ClassVar[str] = """
        archspec: 1
        inputs: {image: [28, 28, 8]}
        layers:
          - average:
              deep: [conv: {filters: 8, kernel: 3, padding: same}, conv: {filters: 8, kernel: 3, padding: same}]
              shallow: [conv: {filters: 8, kernel: 3, padding: same}]
    """

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> tuple[Shape, ...]:
        return (equal_shape("average", inputs),)

    def reach(self, inputs: tuple[Shape, ...]) -> Reach:
        return pointwise(inputs[0])

    def footprint(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Footprint:
        return KEEPS_NOTHING._replace(in_place=True)

    def to_keras(self, inputs: tuple[Shape, ...]) -> Lowering:
        return lower_to(KerasLayer("keras.layers.Average"), inputs=len(inputs))
