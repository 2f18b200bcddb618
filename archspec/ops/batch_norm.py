"""Batch normalisation of each channel, by the batch's statistics in training and by moving ones otherwise.

out = gamma · (in - mean) / sqrt(variance + epsilon) + beta; the mean and the variance are each channel's own
moving = momentum · moving + (1 - momentum) · batch's, after each training step

Shape:   (batch, …, channels) -> the same; every rank of at least 1.
Weights: gamma (channels,) if `scale`; beta (channels,) if `center`; moving_mean and moving_variance (channels,), which
         training's gradients do not change.
Cost:    none.
Errors:  E0401 the number of input channels is open.
Source:  Ioffe, Szegedy, "Batch normalization: accelerating deep network training by reducing internal covariate shift",
         arXiv:1502.03167, algorithms 1 and 2 and section 3.2. The defaults are Keras'.
"""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from archspec.ir.footprint import Footprint
from archspec.ir.keras_call import KerasLayer, Lowering, lower_to
from archspec.ir.op import Op, Weight, known_channels
from archspec.ir.reach import Reach, pointwise
from archspec.ir.shape import Shape


class BatchNorm(Op):
    """Normalises each channel over the batch and all positions."""

    is_affine: ClassVar[bool] = True
    example: ClassVar[str] = """
        archspec: 1
        inputs: {image: [28, 28, 3]}
        layers:
          - conv: {filters: 8, kernel: 3, bias: false}
          - batch_norm
          - relu
    """

    momentum: float = Field(0.99, ge=0, le=1, description="the part of the moving statistics that a step keeps")
    epsilon: float = Field(1e-3, gt=0, description="added to the variance before its root is taken")
    scale: bool = Field(True, description="whether the result is multiplied by a trainable gamma")
    center: bool = Field(True, description="whether a trainable beta is added to the result")

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> tuple[Shape, ...]:
        (given,) = inputs
        known_channels(given)
        return inputs

    def weights(self, inputs: tuple[Shape, ...]) -> tuple[Weight, ...]:
        (given,) = inputs
        shape = (known_channels(given),)
        trained = tuple(Weight(name, shape) for name in self._trained())
        return (*trained, Weight("moving_mean", shape, False), Weight("moving_variance", shape, False))

    def reach(self, inputs: tuple[Shape, ...]) -> Reach:
        return pointwise(inputs[0])

    def footprint(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Footprint:
        # In training the squared differences from the mean pass by; in inference it is a product and a sum.
        return Footprint(keeps_outputs=False, passing_in_training=inputs[0].size, in_place=True, in_float32=True)

    def to_keras(self, inputs: tuple[Shape, ...]) -> Lowering:
        layer = KerasLayer(
            "keras.layers.BatchNormalization",
            {"momentum": self.momentum, "epsilon": self.epsilon, "center": self.center, "scale": self.scale},
        )
        names = (*self._trained(), "moving_mean", "moving_variance")
        return lower_to(layer, weights={name: name for name in names})

    def _trained(self) -> tuple[str, ...]:
        return ("gamma",) * self.scale + ("beta",) * self.center
