"""Layer scale: each channel multiplied by a trainable factor of its own, which begins small.

out = gamma · in

It stands last in a residual branch, which so begins as almost nothing.

Shape:   (batch, …, channels) -> the same; every rank of at least 1.
Weights: gamma (channels,), which begins at `initial`.
Cost:    none.
Errors:  E0401 the number of input channels is open.
Source:  Touvron et al., "Going deeper with image transformers", arXiv:2103.17239, section 2, equation 4; ConvNeXt,
         arXiv:2201.03545, appendix A, begins at 1e-6.
"""

from __future__ import annotations

from functools import cache
from typing import Any, ClassVar

from pydantic import Field

from archspec.ir.footprint import Footprint
from archspec.ir.keras_call import KerasLayer, Lowering, lower_to
from archspec.ir.op import Op, Weight, known_channels
from archspec.ir.reach import Reach, pointwise
from archspec.ir.shape import Shape


class LayerScale(Op):
    """A trainable factor for each channel."""

    principal: ClassVar[str | None] = "initial"
    is_affine: ClassVar[bool] = True
    example: ClassVar[str] = """
        archspec: 1
        inputs: {map: [14, 14, 96]}
        layers:
          - add:
              main: [conv: {filters: 96, kernel: 3, padding: same}, layer_scale: 1e-6]
              shortcut: []
    """

    initial: float = Field(1e-6, description="what every factor is before training")

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> tuple[Shape, ...]:
        (given,) = inputs
        known_channels(given)
        return inputs

    def weights(self, inputs: tuple[Shape, ...]) -> tuple[Weight, ...]:
        (given,) = inputs
        return (Weight("gamma", (known_channels(given),)),)

    def reach(self, inputs: tuple[Shape, ...]) -> Reach:
        return pointwise(inputs[0])

    def footprint(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Footprint:
        return Footprint(keeps_outputs=False, in_place=True)

    def to_keras(self, inputs: tuple[Shape, ...]) -> Lowering:
        layer = KerasLayer("archspec.ops.layer_scale:layer_scale_layer", {"initial": self.initial})
        return lower_to(layer, weights={"gamma": "gamma"})


@cache
def layer_scale_layer() -> Any:
    """The layer, which Keras has in an application alone."""
    import keras

    @keras.saving.register_keras_serializable("archspec")
    class LayerScale(keras.layers.Layer):
        """gamma · in, a trainable gamma for each channel that begins at `initial`."""

        def __init__(self, initial: float, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.initial = initial

        def build(self, input_shape: Any) -> None:
            begin = keras.initializers.Constant(self.initial)
            self.gamma = self.add_weight(name="gamma", shape=(input_shape[-1],), initializer=begin)

        def call(self, inputs: Any) -> Any:
            return inputs * self.gamma

        def compute_output_shape(self, input_shape: Any) -> Any:
            return input_shape

        def get_config(self) -> dict[str, Any]:
            return {**super().get_config(), "initial": self.initial}

    return LayerScale
