"""Trainable pooling, LeNet-5's subsampling: each window's sum times a coefficient plus a bias, one pair per channel.

out[y, x, c] = coefficient[c] · Σ_{i, j} in[y·size + i, x·size + j, c] + bias[c]

The windows do not overlap. The coefficients start at 1 / (size·size), where the sum is the mean, and the biases at 0.
The paper's squashing function after it is a line of its own (`scaled_tanh`).

Shape:   (batch, height, width, channels) -> (batch, height', width', channels), with height' = floor(height / size);
         the same for each axis, for inputs of 1, 2 or 3 spatial axes.
Weights: coefficient (channels,); bias (channels,).
Cost:    no MACs; connections per example = height'·width'·channels·(size·size + 1).
Errors:  E0401 wrong rank; E0402 the window does not fit, or the number of input channels is open.
Source:  LeCun et al., "Gradient-based learning applied to document recognition", 1998, section II.B, layer S2.
"""

from __future__ import annotations

import math
from functools import cache
from typing import Any, ClassVar

from pydantic import Field

from archspec.ir.footprint import KEEPS_NOTHING, Footprint
from archspec.ir.keras_call import KerasLayer, Lowering, lower_to
from archspec.ir.op import Cost, Op, Weight, known_channels
from archspec.ir.reach import Reach
from archspec.ir.shape import Shape, map_dims
from archspec.ops._pooling import Windows, pool_windows
from archspec.ops._window import PerAxis


class TrainablePool(Op):
    """The sum of each window, scaled and shifted by trained numbers."""

    principal: ClassVar[str | None] = "size"
    is_affine: ClassVar[bool] = True
    example: ClassVar[str] = """
        archspec: 1
        inputs: {image: [28, 28, 6]}
        layers:
          - trainable_pool: 2
          - scaled_tanh
    """

    size: PerAxis = Field(description="the window's size, and its step, along each axis")

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> tuple[Shape, ...]:
        (given,) = inputs
        known_channels(given)
        return (self._windows(inputs).output,)

    def weights(self, inputs: tuple[Shape, ...]) -> tuple[Weight, ...]:
        (given,) = inputs
        shape = (known_channels(given),)
        return (Weight("coefficient", shape), Weight("bias", shape))

    def cost(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Cost:
        (output,) = outputs
        area = math.prod(self._windows(inputs).size)
        return Cost(connections=map_dims(lambda units: units * (area + 1), output.size))

    def derivation(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> tuple[str, ...]:
        (given,) = inputs
        return self._windows(inputs).derivation(given)

    def reach(self, inputs: tuple[Shape, ...]) -> Reach:
        (given,) = inputs
        return self._windows(inputs).reach(given)

    def footprint(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Footprint:
        # The means are kept, for the coefficients' gradient.
        return KEEPS_NOTHING._replace(between=outputs[0].size)

    def to_keras(self, inputs: tuple[Shape, ...]) -> Lowering:
        layer = KerasLayer(
            "archspec.ops.trainable_pool:trainable_pool_layer", {"pool_size": self._windows(inputs).size}
        )
        return lower_to(layer, weights={"coefficient": "coefficient", "bias": "bias"})

    def _windows(self, inputs: tuple[Shape, ...]) -> Windows:
        (given,) = inputs
        return pool_windows(given, self.size, stride=None)


@cache
def trainable_pool_layer() -> Any:
    """The layer of LeNet-5's subsampling."""
    import keras

    @keras.saving.register_keras_serializable("archspec")
    class TrainablePool(keras.layers.Layer):
        """The sum of each window times a trainable coefficient plus a trainable bias, one pair per channel."""

        def __init__(self, pool_size: Any, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.pool_size = tuple(pool_size)
            self.area = 1
            for size in self.pool_size:
                self.area *= size

        def build(self, input_shape: Any) -> None:
            channels = (input_shape[-1],)
            mean = keras.initializers.Constant(1 / self.area)
            self.coefficient = self.add_weight(name="coefficient", shape=channels, initializer=mean)
            self.bias = self.add_weight(name="bias", shape=channels, initializer="zeros")

        def call(self, inputs: Any) -> Any:
            means = keras.ops.average_pool(inputs, self.pool_size, self.pool_size, "valid", "channels_last")
            return means * self.area * self.coefficient + self.bias

        def compute_output_shape(self, input_shape: Any) -> Any:
            pairs = zip(input_shape[1:-1], self.pool_size, strict=True)
            spatial = (None if length is None else length // size for length, size in pairs)
            return (input_shape[0], *spatial, input_shape[-1])

        def get_config(self) -> dict[str, Any]:
            return {**super().get_config(), "pool_size": self.pool_size}

    return TrainablePool
