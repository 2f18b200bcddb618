"""Group normalisation: each example by the mean and the variance of each of several groups of its channels.

out = gamma · (in - mean) / sqrt(variance + epsilon) + beta; the mean and the variance are over all positions and the
channels of a group

Unlike `batch_norm` it computes the same in training and inference. One group normalises an example as a whole; as many
groups as channels is `instance_norm`.

Shape:   (batch, …, channels) -> the same; every rank of at least 1.
Weights: gamma (channels,) if `scale`; beta (channels,) if `center`.
Cost:    none.
Errors:  E0401 the number of input channels is open; E0402 `groups` does not divide it.
Source:  Wu, He, "Group normalization", arXiv:1803.08494, equations 1 to 7. Its 32 groups are the default here; the
         epsilon is Keras'.
"""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from archspec.ir.footprint import Footprint
from archspec.ir.keras_call import KerasLayer, Lowering, lower_to
from archspec.ir.op import Op, ShapeError, Weight, known_channels
from archspec.ir.reach import Reach, everywhere
from archspec.ir.shape import Shape, map_dims
from archspec.ops._window import Positive


class GroupNorm(Op):
    """Normalises each group of channels over all positions."""

    principal: ClassVar[str | None] = "groups"
    example: ClassVar[str] = """
        archspec: 1
        inputs: {image: [32, 32, 3]}
        layers:
          - conv: {filters: 64, kernel: 3}
          - group_norm: 32
    """

    groups: Positive = Field(32, description="parts that the channels fall into, each normalised on its own")
    epsilon: float = Field(1e-3, gt=0, description="added to the variance before its root is taken")
    scale: bool = Field(True, description="whether the result is multiplied by a trainable gamma")
    center: bool = Field(True, description="whether a trainable beta is added to the result")

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> tuple[Shape, ...]:
        (given,) = inputs
        channels = known_channels(given)
        if channels % self.groups:
            raise ShapeError(
                f"`groups` must divide the input's channels, got {self.groups} for {channels}", field="groups"
            )
        return inputs

    def weights(self, inputs: tuple[Shape, ...]) -> tuple[Weight, ...]:
        (given,) = inputs
        return tuple(Weight(name, (known_channels(given),)) for name in self._trained())

    def reach(self, inputs: tuple[Shape, ...]) -> Reach:
        return everywhere(inputs[0])

    def footprint(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Footprint:
        # The factor is as large as the input once gamma is in it; so are the addend and the product, which pass by.
        size = inputs[0].size
        return Footprint(
            keeps_outputs=False,
            between=size if self.scale else 0,
            passing=map_dims(lambda one: (1 + self.scale) * one, size),
            in_float32=True,
        )

    def to_keras(self, inputs: tuple[Shape, ...]) -> Lowering:
        layer = KerasLayer(
            "keras.layers.GroupNormalization",
            {"groups": self.groups, "epsilon": self.epsilon, "center": self.center, "scale": self.scale},
        )
        return lower_to(layer, weights={name: name for name in self._trained()})

    def _trained(self) -> tuple[str, ...]:
        return ("gamma",) * self.scale + ("beta",) * self.center
