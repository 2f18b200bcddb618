"""Gaussian dropout: in training each value is multiplied by a random number with a mean of 1.

out = in · noise, noise ~ N(1, rate / (1 - rate)) in training, the second its variance; out = in otherwise

The factors' variance is that of `dropout` at this rate.

Shape:   any -> the same.
Weights: none.
Cost:    none.
Errors:  none beyond illegal fields.
Source:  Srivastava et al., "Dropout: a simple way to prevent neural networks from overfitting", 2014, section 10.
"""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from archspec.ir.footprint import KEEPS_NOTHING, Footprint
from archspec.ir.keras_call import KerasLayer, Lowering, lower_to
from archspec.ir.op import Op
from archspec.ir.reach import Reach, pointwise
from archspec.ir.shape import Shape


class GaussianDropout(Op):
    """Multiplies by noise in training; hands its input through otherwise."""

    principal: ClassVar[str | None] = "rate"
    is_affine: ClassVar[bool] = True
    example: ClassVar[str] = """
        archspec: 1
        inputs: {features: [100]}
        layers:
          - gaussian_dropout: 0.5
          - dense: 10
    """

    rate: float = Field(ge=0, lt=1, description="the rate of the dropout that has factors of this variance")

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> tuple[Shape, ...]:
        return inputs

    def reach(self, inputs: tuple[Shape, ...]) -> Reach:
        return pointwise(inputs[0])

    def footprint(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Footprint:
        # The factors are kept.
        return KEEPS_NOTHING._replace(between=inputs[0].size, only_in_training=True)

    def to_keras(self, inputs: tuple[Shape, ...]) -> Lowering:
        return lower_to(KerasLayer("keras.layers.GaussianDropout", {"rate": self.rate}))
