"""Dense (fully connected) layer on the last axis, the same at every position of the axes before it.

out[…, u] = bias[u] + Σ_c kernel[c, u] · in[…, c]

Shape:   (batch, …, channels) -> (batch, …, units); every rank of at least 1.
Weights: kernel (channels, units); bias (units,) if `bias`; for `kernel_norm`, g (units,) with `weight`, and vector_u
         (units,) with `spectral`, which no gradient changes.
Cost:    MACs per example = positions·channels·units, with positions the product of the axes before the last.
Errors:  E0401 the number of input channels is open.
Source:  Rumelhart, Hinton, Williams, "Learning representations by back-propagating errors", 1986, equation 1;
         kernel_norm: arXiv:1602.07868 (`weight`), arXiv:1802.05957 (`spectral`), arXiv:1903.10520 (`standardize`).
"""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from archspec.ir.footprint import Footprint
from archspec.ir.keras_call import KerasLayer, Lowering, lower_to
from archspec.ir.op import Cost, Op, Weight, known_channels
from archspec.ir.reach import Reach, pointwise
from archspec.ir.shape import Shape, map_dims
from archspec.ops._functions import ActivationName, activation_footprint, lower_activation
from archspec.ops._kernel_norm import KERNEL_NORM_HELP, KernelNorm, kernel_norm_weights, with_kernel_norm
from archspec.ops._window import Positive


class Dense(Op):
    """A weighted sum of all channels for each unit."""

    principal: ClassVar[str | None] = "units"
    is_affine: ClassVar[bool] = True
    example: ClassVar[str] = """
        archspec: 1
        inputs: {features: [784]}
        layers:
          - dense: {units: 128, activation: relu}
          - dense: 10
    """

    units: Positive = Field(description="output channels")
    bias: bool = Field(True, description="whether a trainable number is added to each unit's output")
    kernel_norm: KernelNorm = Field("none", description=KERNEL_NORM_HELP)
    activation: ActivationName = Field("none", description="the function applied to the output")

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> tuple[Shape, ...]:
        (given,) = inputs
        known_channels(given)
        return (given.with_channels(self.units),)

    def weights(self, inputs: tuple[Shape, ...]) -> tuple[Weight, ...]:
        (given,) = inputs
        kernel = Weight("kernel", (known_channels(given), self.units))
        bias = (Weight("bias", (self.units,)),) if self.bias else ()
        return (kernel, *bias, *kernel_norm_weights(self.kernel_norm, self.units))

    def cost(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Cost:
        (given,), (output,) = inputs, outputs
        fan_in = known_channels(given)
        return Cost(
            macs=map_dims(lambda units: units * fan_in, output.size),
            connections=map_dims(lambda units: units * (fan_in + self.bias), output.size),
        )

    def reach(self, inputs: tuple[Shape, ...]) -> Reach:
        return pointwise(inputs[0])

    def footprint(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Footprint:
        return activation_footprint(self.activation, outputs[0])._replace(keeps_inputs=True)

    def to_keras(self, inputs: tuple[Shape, ...]) -> Lowering:
        argument, after = lower_activation(self.activation)
        layer = KerasLayer("keras.layers.Dense", {"units": self.units, "use_bias": self.bias, "activation": argument})
        normed = with_kernel_norm(self.kernel_norm, layer)
        weights = {weight.name: weight.name for weight in self.weights(inputs)}
        return lower_to(normed, weights=weights, after=after)
