"""Stochastic depth: in training a whole example is zeroed with probability `rate`, the others scaled to keep the mean.

out = in · kept / (1 - rate), kept ~ Bernoulli(1 - rate), one draw for each example in training; out = in otherwise

It stands last in a residual branch: `add: {main: [..., stochastic_depth: 0.1], shortcut: []}`. It is also called drop
path and drop connect. The first of the sources draws once for a batch and scales in inference; libraries do as here.

Shape:   any -> the same.
Weights: none.
Cost:    none.
Errors:  none beyond illegal fields.
Source:  Huang et al., "Deep networks with stochastic depth", arXiv:1603.09382, section 3; by examples: Larsson et al.,
         "FractalNet", arXiv:1605.07648, section 3.1.
"""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from archspec.ir.footprint import KEEPS_NOTHING, Footprint
from archspec.ir.keras_call import KerasLayer, Lowering, lower_to
from archspec.ir.op import Op
from archspec.ir.reach import Reach, pointwise
from archspec.ir.shape import Shape


class StochasticDepth(Op):
    """Zeroes whole examples at random in training; hands its input through otherwise."""

    principal: ClassVar[str | None] = "rate"
    is_affine: ClassVar[bool] = True
    not_inferred_from: ClassVar[tuple[str, ...]] = ("rate",)
    example: ClassVar[str] = """
        archspec: 1
        inputs: {map: [14, 14, 96]}
        layers:
          - add:
              main: [conv: {filters: 96, kernel: 3, padding: same}, stochastic_depth: 0.1]
              shortcut: []
    """

    rate: float = Field(ge=0, lt=1, description="the probability that an example's value is zeroed")

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> tuple[Shape, ...]:
        return inputs

    def reach(self, inputs: tuple[Shape, ...]) -> Reach:
        return pointwise(inputs[0])

    def footprint(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Footprint:
        # What is drawn is a number for each example.
        return KEEPS_NOTHING._replace(between=1, only_in_training=True)

    def to_keras(self, inputs: tuple[Shape, ...]) -> Lowering:
        (given,) = inputs
        drawn = (None,) + (1,) * given.rank
        return lower_to(KerasLayer("keras.layers.Dropout", {"rate": self.rate, "noise_shape": drawn}))
