"""Spatial dropout: in training whole channels are zeroed with probability `rate`, the others scaled to keep the mean.

out = in · kept / (1 - rate), kept ~ Bernoulli(1 - rate), one draw for each example and channel in training; out = in
otherwise

Neighbouring positions are much alike, so that a value zeroed alone is seen in those around it.

Shape:   (batch, height, width, channels) -> the same; also of 1 and of 3 spatial axes.
Weights: none.
Cost:    none.
Errors:  E0401 wrong rank.
Source:  Tompson et al., "Efficient object localization using convolutional networks", arXiv:1411.4280, section 3.2.
"""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from archspec.ir.footprint import KEEPS_NOTHING, Footprint
from archspec.ir.keras_call import KerasLayer, Lowering, lower_to
from archspec.ir.op import Op, spatial_rank
from archspec.ir.reach import Reach, pointwise
from archspec.ir.shape import Shape


class SpatialDropout(Op):
    """Zeroes channels at random in training; hands its input through otherwise."""

    principal: ClassVar[str | None] = "rate"
    is_affine: ClassVar[bool] = True
    example: ClassVar[str] = """
        archspec: 1
        inputs: {image: [28, 28, 3]}
        layers:
          - conv: {filters: 16, kernel: 3, activation: relu}
          - spatial_dropout: 0.2
    """

    rate: float = Field(ge=0, lt=1, description="the probability that a channel is zeroed")

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> tuple[Shape, ...]:
        spatial_rank(inputs[0])
        return inputs

    def reach(self, inputs: tuple[Shape, ...]) -> Reach:
        return pointwise(inputs[0])

    def footprint(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Footprint:
        # What is drawn is a number for each channel.
        return KEEPS_NOTHING._replace(between=inputs[0].channels, only_in_training=True)

    def to_keras(self, inputs: tuple[Shape, ...]) -> Lowering:
        return lower_to(KerasLayer(f"keras.layers.SpatialDropout{spatial_rank(inputs[0])}D", {"rate": self.rate}))
