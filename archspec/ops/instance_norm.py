"""Instance normalisation: each example's every channel by its own mean and variance over all positions.

out = gamma · (in - mean) / sqrt(variance + epsilon) + beta; the mean and the variance are each example's and channel's

It is `group_norm` with a group for each channel.

Shape:   (batch, height, width, channels) -> the same; also of 1 and of 3 spatial axes.
Weights: gamma (channels,) if `scale`; beta (channels,) if `center`.
Cost:    none.
Errors:  E0401 wrong rank, or the number of input channels is open.
Source:  Ulyanov, Vedaldi, Lempitsky, "Instance normalization: the missing ingredient for fast stylization",
         arXiv:1607.08022, equation 2. The epsilon is Keras' for group normalisation.
"""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from archspec.ir.footprint import Footprint
from archspec.ir.keras_call import KerasLayer, Lowering, lower_to
from archspec.ir.op import Op, Weight, known_channels, spatial_rank
from archspec.ir.reach import Reach, everywhere
from archspec.ir.shape import Shape, map_dims


class InstanceNorm(Op):
    """Normalises each channel over all positions."""

    example: ClassVar[str] = """
        archspec: 1
        inputs: {image: [32, 32, 3]}
        layers:
          - conv: {filters: 64, kernel: 3}
          - instance_norm
    """

    epsilon: float = Field(1e-3, gt=0, description="added to the variance before its root is taken")
    scale: bool = Field(True, description="whether the result is multiplied by a trainable gamma")
    center: bool = Field(True, description="whether a trainable beta is added to the result")

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> tuple[Shape, ...]:
        (given,) = inputs
        spatial_rank(given)
        known_channels(given)
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
            {"groups": known_channels(inputs[0]), "epsilon": self.epsilon, "center": self.center, "scale": self.scale},
        )
        return lower_to(layer, weights={name: name for name in self._trained()})

    def _trained(self) -> tuple[str, ...]:
        return ("gamma",) * self.scale + ("beta",) * self.center
