"""Gaussian noise: in training a random number with a mean of 0 is added to each value.

out = in + noise, noise ~ N(0, deviation²) in training; out = in otherwise

Shape:   any -> the same.
Weights: none.
Cost:    none.
Errors:  none beyond illegal fields.
Source:  Bishop, "Training with noise is equivalent to Tikhonov regularization", 1995.
"""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from archspec.ir.footprint import KEEPS_NOTHING, Footprint
from archspec.ir.keras_call import KerasLayer, Lowering, lower_to
from archspec.ir.op import Op
from archspec.ir.reach import Reach, pointwise
from archspec.ir.shape import Shape


class GaussianNoise(Op):
    """Adds noise in training; hands its input through otherwise."""

    principal: ClassVar[str | None] = "deviation"
    is_affine: ClassVar[bool] = True
    example: ClassVar[str] = """
        archspec: 1
        inputs: {image: [28, 28, 1]}
        layers:
          - gaussian_noise: 0.1
          - conv: {filters: 8, kernel: 3}
    """

    deviation: float = Field(ge=0, description="the noise's standard deviation")

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> tuple[Shape, ...]:
        return inputs

    def reach(self, inputs: tuple[Shape, ...]) -> Reach:
        return pointwise(inputs[0])

    def footprint(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Footprint:
        return KEEPS_NOTHING._replace(passing_in_training=inputs[0].size, only_in_training=True)

    def to_keras(self, inputs: tuple[Shape, ...]) -> Lowering:
        return lower_to(KerasLayer("keras.layers.GaussianNoise", {"stddev": self.deviation}))
