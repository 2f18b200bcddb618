"""Global response normalisation: each channel weighed by its energy over all positions beside that of the others.

out = gamma · in · n + beta + in, with n[c] = g[c] / (mean of g over the channels + epsilon) and
g[c] = sqrt(Σ in[…, c]² over all positions)

Shape:   (batch, height, width, channels) -> the same; also of 1 and of 3 spatial axes.
Weights: gamma (channels,) and beta (channels,), which both begin at 0.
Cost:    none.
Errors:  E0401 wrong rank, or the number of input channels is open.
Source:  Woo et al., "ConvNeXt V2: co-designing and scaling ConvNets with masked autoencoders", arXiv:2301.00808,
         section 3.2 and algorithm 1; its code has the epsilon.
"""

from __future__ import annotations

from functools import cache
from typing import Any, ClassVar

from pydantic import Field

from archspec.ir.footprint import Footprint
from archspec.ir.keras_call import KerasLayer, Lowering, lower_to
from archspec.ir.op import Op, Weight, known_channels, spatial_rank
from archspec.ir.reach import Reach, everywhere
from archspec.ir.shape import Shape, map_dims


class GlobalResponseNorm(Op):
    """Channels that compete by their energy."""

    example: ClassVar[str] = """
        archspec: 1
        inputs: {map: [14, 14, 96]}
        layers:
          - dense: {units: 384, activation: gelu}
          - global_response_norm
    """

    epsilon: float = Field(1e-6, gt=0, description="added to the mean of the channels' energies")

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> tuple[Shape, ...]:
        (given,) = inputs
        spatial_rank(given)
        known_channels(given)
        return inputs

    def weights(self, inputs: tuple[Shape, ...]) -> tuple[Weight, ...]:
        (given,) = inputs
        return tuple(Weight(name, (known_channels(given),)) for name in ("gamma", "beta"))

    def reach(self, inputs: tuple[Shape, ...]) -> Reach:
        return everywhere(inputs[0])

    def footprint(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Footprint:
        # The weighed input is kept for gamma's gradient; the product with gamma passes by.
        size = inputs[0].size
        return Footprint(
            keeps_outputs=False, between=size, passing=map_dims(lambda one: 2 * one, size), in_float32=True
        )

    def to_keras(self, inputs: tuple[Shape, ...]) -> Lowering:
        layer = KerasLayer("archspec.ops.global_response_norm:global_response_norm_layer", {"epsilon": self.epsilon})
        return lower_to(layer, weights={"gamma": "gamma", "beta": "beta"})


@cache
def global_response_norm_layer() -> Any:
    """The layer, which Keras lacks."""
    import keras

    @keras.saving.register_keras_serializable("archspec")
    class GlobalResponseNormalization(keras.layers.Layer):
        """gamma · in · g / (mean of g + epsilon) + beta + in, g the root of each channel's sum of squares."""

        def __init__(self, epsilon: float, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.epsilon = epsilon

        def build(self, input_shape: Any) -> None:
            channels = (input_shape[-1],)
            self.gamma = self.add_weight(name="gamma", shape=channels, initializer="zeros", autocast=False)
            self.beta = self.add_weight(name="beta", shape=channels, initializer="zeros", autocast=False)

        def call(self, inputs: Any) -> Any:
            # Sums of squares leave the range of 16 bits.
            values = keras.ops.cast(inputs, "float32")
            positions = tuple(range(1, len(inputs.shape) - 1))
            energy = keras.ops.sum(keras.ops.square(values), axis=positions, keepdims=True)
            # The root has no gradient at 0, which a channel's energy can be.
            is_seen = energy > 0
            root = keras.ops.where(is_seen, keras.ops.sqrt(keras.ops.where(is_seen, energy, 1.0)), 0.0)
            share = root / (keras.ops.mean(root, axis=-1, keepdims=True) + self.epsilon)
            return keras.ops.cast(self.gamma * (values * share) + self.beta + values, self.compute_dtype)

        def compute_output_shape(self, input_shape: Any) -> Any:
            return input_shape

        def get_config(self) -> dict[str, Any]:
            return {**super().get_config(), "epsilon": self.epsilon}

    return GlobalResponseNormalization
