"""Alpha dropout: in training values are put to a negative constant at random, so that mean and variance stay.

out = a·(in where kept, else α') + b, kept ~ Bernoulli(1 - rate) in training, with α' = -1.7581, the least value of
selu, a = (1 - rate) ** -1/2 · (1 + rate·α'²) ** -1/2 and b = -a·rate·α'; out = in otherwise

It goes with `selu`, whose values keep a mean of 0 and a variance of 1.

Shape:   any -> the same.
Weights: none.
Cost:    none.
Errors:  none beyond illegal fields.
Source:  Klambauer et al., "Self-normalizing neural networks", arXiv:1706.02515, section 3, "New dropout technique".
"""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from archspec.ir.footprint import KEEPS_NOTHING, Footprint
from archspec.ir.keras_call import KerasLayer, Lowering, lower_to
from archspec.ir.op import Op
from archspec.ir.reach import Reach, pointwise
from archspec.ir.shape import Shape


class AlphaDropout(Op):
    """Puts values to a constant at random in training; hands its input through otherwise."""

    principal: ClassVar[str | None] = "rate"
    is_affine: ClassVar[bool] = True
    example: ClassVar[str] = """
        archspec: 1
        inputs: {features: [100]}
        layers:
          - dense: {units: 64, activation: selu}
          - alpha_dropout: 0.1
          - dense: 10
    """

    rate: float = Field(ge=0, lt=1, description="the probability that a value becomes the constant")

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> tuple[Shape, ...]:
        return inputs

    def reach(self, inputs: tuple[Shape, ...]) -> Reach:
        return pointwise(inputs[0])

    def footprint(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Footprint:
        # The mask is kept as numbers, and the random numbers that it is made of pass by.
        size = inputs[0].size
        return KEEPS_NOTHING._replace(between=size, passing_in_training=size, only_in_training=True)

    def to_keras(self, inputs: tuple[Shape, ...]) -> Lowering:
        return lower_to(KerasLayer("keras.layers.AlphaDropout", {"rate": self.rate}))
