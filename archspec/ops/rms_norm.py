"""Root mean square normalisation: each position by the root of the mean of its channels' squares.

out = scale · in / sqrt(mean of in² over the channels + epsilon)

Shape:   (batch, …, channels) -> the same; every rank of at least 1.
Weights: scale (channels,).
Cost:    none.
Errors:  E0401 the number of input channels is open.
Source:  Zhang, Sennrich, "Root mean square layer normalization", arXiv:1910.07467, equation 4. The epsilon is Keras'.
"""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from archspec.ir.footprint import Footprint
from archspec.ir.keras_call import KerasLayer, Lowering, lower_to
from archspec.ir.op import Op, Weight, known_channels
from archspec.ir.reach import Reach, pointwise
from archspec.ir.shape import Shape


class RmsNorm(Op):
    """Divides each position by the size of its channels."""

    example: ClassVar[str] = """
        archspec: 1
        inputs: {sequence: [100, 64]}
        layers:
          - rms_norm
          - dense: 64
    """

    epsilon: float = Field(1e-6, gt=0, description="added to the mean square before its root is taken")

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> tuple[Shape, ...]:
        (given,) = inputs
        known_channels(given)
        return inputs

    def weights(self, inputs: tuple[Shape, ...]) -> tuple[Weight, ...]:
        (given,) = inputs
        return (Weight("scale", (known_channels(given),)),)

    def reach(self, inputs: tuple[Shape, ...]) -> Reach:
        return pointwise(inputs[0])

    def footprint(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Footprint:
        # What has been divided is kept for the scale's gradient; the squares pass by.
        size = inputs[0].size
        return Footprint(keeps_outputs=False, between=size, passing=size, in_float32=True)

    def to_keras(self, inputs: tuple[Shape, ...]) -> Lowering:
        layer = KerasLayer("keras.layers.RMSNormalization", {"epsilon": self.epsilon})
        return lower_to(layer, weights={"scale": "scale"})
