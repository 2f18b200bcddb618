"""Sum of values of one shape, as at the end of a residual unit.

out = in_1 + in_2 + …

Shape:   two or more inputs of one shape -> that shape. Open sizes agree with any.
Weights: none.
Cost:    none.
Errors:  E0412 the shapes are not equal.
Source:  He et al., "Deep residual learning for image recognition", arXiv:1512.03385, equation 1.
"""

from __future__ import annotations

from typing import ClassVar

from archspec.ir.footprint import KEEPS_NOTHING, Footprint
from archspec.ir.keras_call import KerasLayer, Lowering, lower_to
from archspec.ir.op import Op
from archspec.ir.reach import Reach, pointwise
from archspec.ir.shape import Shape
from archspec.ops._join import equal_shape


class Add(Op):
    """The elementwise sum."""

    inputs: ClassVar[int | None] = None
    is_join: ClassVar[bool] = True
    is_affine: ClassVar[bool] = True
    example: ClassVar[str] = """
        archspec: 1
        inputs: {image: [28, 28, 8]}
        layers:
          - add:
              main: [conv: {filters: 8, kernel: 3, padding: same}]
              shortcut: []
    """

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> tuple[Shape, ...]:
        return (equal_shape("add", inputs),)

    def reach(self, inputs: tuple[Shape, ...]) -> Reach:
        return pointwise(inputs[0])

    def footprint(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Footprint:
        return KEEPS_NOTHING._replace(in_place=True)

    def to_keras(self, inputs: tuple[Shape, ...]) -> Lowering:
        return lower_to(KerasLayer("keras.layers.Add"), inputs=len(inputs))
