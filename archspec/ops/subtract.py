"""Difference of two values of one shape, element by element.

out = in_1 - in_2

Shape:   two inputs of one shape -> that shape. Open sizes agree with any.
Weights: none.
Cost:    none.
Errors:  E0307 not two inputs; E0412 the shapes are not equal.
Source:  Zhang et al., "Beyond a Gaussian denoiser: residual learning of deep CNN for image denoising",
         arXiv:1608.03981, section III.B: the image is what is left after the noise.
"""

from __future__ import annotations

from typing import ClassVar

from archspec.ir.footprint import KEEPS_NOTHING, Footprint
from archspec.ir.keras_call import KerasLayer, Lowering, lower_to
from archspec.ir.op import Op
from archspec.ir.reach import Reach, pointwise
from archspec.ir.shape import Shape
from archspec.ops._join import equal_shape


class Subtract(Op):
    """The first value less the second."""

    inputs: ClassVar[int | None] = 2
    is_join: ClassVar[bool] = True
    is_affine: ClassVar[bool] = True
    example: ClassVar[str] = """
        archspec: 1
        inputs: {image: [28, 28, 8]}
        layers:
          - subtract:
              noisy: []
              noise: [conv: {filters: 8, kernel: 3, padding: same}]
    """

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> tuple[Shape, ...]:
        return (equal_shape("subtract", inputs),)

    def reach(self, inputs: tuple[Shape, ...]) -> Reach:
        return pointwise(inputs[0])

    def footprint(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Footprint:
        return KEEPS_NOTHING._replace(in_place=True)

    def to_keras(self, inputs: tuple[Shape, ...]) -> Lowering:
        return lower_to(KerasLayer("keras.layers.Subtract"), inputs=2)
