"""Dropout: in training each value is zeroed with probability `rate`, the others are scaled to keep the mean.

out = in · kept / (1 - rate), kept ~ Bernoulli(1 - rate) in training; out = in otherwise

Shape:   any -> the same.
Weights: none.
Cost:    none.
Errors:  none beyond illegal fields.
Source:  Srivastava et al., "Dropout: a simple way to prevent neural networks from overfitting", 2014; section 10 scales
         in training, as here.
"""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from archspec.ir.footprint import KEEPS_NOTHING, Footprint
from archspec.ir.keras_call import KerasLayer, Lowering, lower_to
from archspec.ir.op import Op
from archspec.ir.reach import Reach, pointwise
from archspec.ir.shape import Shape, map_dims


class Dropout(Op):
    """Zeroes values at random in training; hands its input through otherwise."""

    principal: ClassVar[str | None] = "rate"
    is_affine: ClassVar[bool] = True
    example: ClassVar[str] = """
        archspec: 1
        inputs: {features: [100]}
        layers:
          - dropout: 0.5
          - dense: 10
    """

    rate: float = Field(ge=0, lt=1, description="the probability that a value is zeroed")

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> tuple[Shape, ...]:
        return inputs

    def reach(self, inputs: tuple[Shape, ...]) -> Reach:
        return pointwise(inputs[0])

    def footprint(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Footprint:
        # The mask is kept, a byte for each value, and the random numbers that it is made of pass by.
        mask = map_dims(lambda size: (size + 3) // 4, inputs[0].size)
        return KEEPS_NOTHING._replace(between=mask, passing_in_training=inputs[0].size, only_in_training=True)

    def to_keras(self, inputs: tuple[Shape, ...]) -> Lowering:
        return lower_to(KerasLayer("keras.layers.Dropout", {"rate": self.rate}))
