"""Generalized-mean pooling: between the mean and the maximum of each channel over all positions, by a trained power.

out[c] = (1/n · Σ_{y, x} max(in[y, x, c], epsilon)^power)^(1/power), with n = height·width

A power of 1 is the mean, and a large one comes near to the maximum. Networks that describe images for retrieval end in
it. Values below `epsilon` count as that: it stands after ReLU.

Shape:   (batch, height, width, channels) -> (batch, channels), or (batch, 1, 1, channels) with `keep_dims`; likewise
         with 1 or 3 spatial axes.
Weights: power (1,).
Cost:    none.
Errors:  E0401 wrong rank.
Source:  Radenović, Tolias, Chum, "Fine-tuning CNN image retrieval with no human annotation", arXiv:1711.02512,
         section 3.3, equation 3; the power is one for all channels, as in its experiments.
"""

from __future__ import annotations

from functools import cache
from typing import Any, ClassVar

from pydantic import Field

from archspec.ir.footprint import Footprint
from archspec.ir.keras_call import KerasLayer, Lowering, lower_to
from archspec.ir.op import Op, Weight, spatial_rank
from archspec.ir.reach import Reach, everywhere
from archspec.ir.shape import Shape, map_dims


class GlobalGemPool(Op):
    """The generalized mean of each channel, of a trained power."""

    principal: ClassVar[str | None] = "initial"
    example: ClassVar[str] = """
        archspec: 1
        inputs: {image: [64, 64, 3]}
        layers:
          - conv: {filters: 32, kernel: 3, activation: relu}
          - global_gem_pool
          - l2_normalize
    """

    initial: float = Field(3.0, ge=1, description="the power before training")
    keep_dims: bool = Field(False, description="whether the spatial axes stay, with a size of 1")
    epsilon: float = Field(1e-6, gt=0, description="what smaller values count as")

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> tuple[Shape, ...]:
        (given,) = inputs
        rank = spatial_rank(given)
        return (Shape((1,) * rank + (given.channels,) if self.keep_dims else (given.channels,)),)

    def weights(self, inputs: tuple[Shape, ...]) -> tuple[Weight, ...]:
        return (Weight("power", (1,)),)

    def reach(self, inputs: tuple[Shape, ...]) -> Reach:
        return everywhere(inputs[0])

    def footprint(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Footprint:
        # The clipped values, their logarithms and their powers, all in 32 bits.
        three = map_dims(lambda size: 3 * size, inputs[0].size)
        return Footprint(between=three, passing=inputs[0].size, in_float32=True)

    def to_keras(self, inputs: tuple[Shape, ...]) -> Lowering:
        arguments = {"initial": self.initial, "keepdims": self.keep_dims, "epsilon": self.epsilon}
        return lower_to(KerasLayer(f"{__name__}:global_gem_pool_layer", arguments), weights={"power": "power"})


@cache
def global_gem_pool_layer() -> Any:
    """The layer, which Keras lacks."""
    import keras

    @keras.saving.register_keras_serializable("archspec")
    class GlobalGemPool(keras.layers.Layer):
        """(mean of max(in, epsilon)^power)^(1/power) over all positions, in 32 bits: powers leave the range of 16."""

        def __init__(self, initial: float, keepdims: bool, epsilon: float, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.initial = initial
            self.keepdims = keepdims
            self.epsilon = epsilon

        def build(self, input_shape: Any) -> None:
            constant = keras.initializers.Constant(self.initial)
            self.power = self.add_weight(shape=(1,), initializer=constant, name="power", autocast=False)

        def call(self, inputs: Any) -> Any:
            values = keras.ops.maximum(keras.ops.cast(inputs, "float32"), self.epsilon)
            axes = tuple(range(1, len(inputs.shape) - 1))
            means = keras.ops.mean(keras.ops.power(values, self.power), axis=axes, keepdims=self.keepdims)
            return keras.ops.cast(keras.ops.power(means, 1 / self.power), inputs.dtype)

        def compute_output_shape(self, input_shape: Any) -> Any:
            ones = (1,) * (len(input_shape) - 2) if self.keepdims else ()
            return (input_shape[0], *ones, input_shape[-1])

        def get_config(self) -> dict[str, Any]:
            own = {"initial": self.initial, "keepdims": self.keepdims, "epsilon": self.epsilon}
            return {**super().get_config(), **own}

    return GlobalGemPool
