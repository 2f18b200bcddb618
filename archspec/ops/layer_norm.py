"""Layer normalisation: each position by the mean and the variance of its own channels, in training as in inference.

out = gamma · (in - mean) / sqrt(variance + epsilon) + beta; the mean and the variance are over a position's channels

Nothing is averaged over positions: a normalisation over all values of an image is `group_norm` with one group.

Shape:   (batch, …, channels) -> the same; every rank of at least 1.
Weights: gamma (channels,) if `scale`; beta (channels,) if `center`.
Cost:    none.
Errors:  E0401 the number of input channels is open.
Source:  Ba, Kiros, Hinton, "Layer normalization", arXiv:1607.06450, section 3; over the channels alone: Liu et al.,
         "A ConvNet for the 2020s", arXiv:2201.03545, section 2.6. The defaults are Keras'; the latter has an epsilon
         of 1e-6.
"""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from archspec.ir.footprint import Footprint
from archspec.ir.keras_call import KerasLayer, Lowering, lower_to
from archspec.ir.op import Op, Weight, known_channels
from archspec.ir.reach import Reach, pointwise
from archspec.ir.shape import Shape, map_dims


class LayerNorm(Op):
    """Normalises each position over its channels."""

    example: ClassVar[str] = """
        archspec: 1
        inputs: {image: [32, 32, 3]}
        layers:
          - conv: {filters: 96, kernel: 4, stride: 4}
          - layer_norm: {epsilon: 1e-6}
    """

    epsilon: float = Field(1e-3, gt=0, description="added to the variance before its root is taken")
    scale: bool = Field(True, description="whether the result is multiplied by a trainable gamma")
    center: bool = Field(True, description="whether a trainable beta is added to the result")

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> tuple[Shape, ...]:
        (given,) = inputs
        known_channels(given)
        return inputs

    def weights(self, inputs: tuple[Shape, ...]) -> tuple[Weight, ...]:
        (given,) = inputs
        return tuple(Weight(name, (known_channels(given),)) for name in self._trained())

    def reach(self, inputs: tuple[Shape, ...]) -> Reach:
        return pointwise(inputs[0])

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
            "keras.layers.LayerNormalization",
            {"epsilon": self.epsilon, "center": self.center, "scale": self.scale},
        )
        return lower_to(layer, weights={name: name for name in self._trained()})

    def _trained(self) -> tuple[str, ...]:
        return ("gamma",) * self.scale + ("beta",) * self.center
