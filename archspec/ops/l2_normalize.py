"""Each position's channels divided by their length, so that the sum of their squares is 1.

out = in / sqrt(max(Σ in² over the channels, epsilon))

A position that is all zeros stays so. keras.layers.UnitNormalization computes the same in 32 bits; in 16 its sums of
squares leave the range, and zeros give no number.

Shape:   (batch, …, channels) -> the same; every rank of at least 1.
Weights: none.
Cost:    none.
Errors:  E0401 an input without axes.
Source:  Liu, Rabinovich, Berg, "ParseNet: looking wider to see better", arXiv:1506.04579, section 3.3; Schroff et al.,
         "FaceNet", arXiv:1503.03832, figure 2.
"""

from __future__ import annotations

from functools import cache
from typing import Any, ClassVar

from pydantic import Field

from archspec.ir.footprint import Footprint
from archspec.ir.keras_call import KerasLayer, Lowering, lower_to
from archspec.ir.op import Op, ShapeError
from archspec.ir.reach import Reach, pointwise
from archspec.ir.shape import Shape


class L2Normalize(Op):
    """The channels of each position, of length 1."""

    example: ClassVar[str] = """
        archspec: 1
        inputs: {features: [512]}
        layers:
          - dense: 128
          - l2_normalize
    """

    epsilon: float = Field(1e-12, gt=0, description="the least sum of squares that is divided by the root of")

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> tuple[Shape, ...]:
        if inputs[0].rank == 0:
            raise ShapeError("the input must have channels, got ()")
        return inputs

    def reach(self, inputs: tuple[Shape, ...]) -> Reach:
        return pointwise(inputs[0])

    def footprint(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Footprint:
        return Footprint(keeps_outputs=False, passing=inputs[0].size, in_float32=True)

    def to_keras(self, inputs: tuple[Shape, ...]) -> Lowering:
        return lower_to(KerasLayer("archspec.ops.l2_normalize:l2_normalize_layer", {"epsilon": self.epsilon}))


@cache
def l2_normalize_layer() -> Any:
    """The layer; Keras' own fails in 16 bits."""
    import keras

    @keras.saving.register_keras_serializable("archspec")
    class L2Normalization(keras.layers.Layer):
        """in / sqrt(max(Σ in², epsilon)) over the last axis."""

        def __init__(self, epsilon: float, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.epsilon = epsilon

        def call(self, inputs: Any) -> Any:
            # Sums of squares leave the range of 16 bits.
            values = keras.ops.cast(inputs, "float32")
            energy = keras.ops.sum(keras.ops.square(values), axis=-1, keepdims=True)
            values *= keras.ops.rsqrt(keras.ops.maximum(energy, self.epsilon))
            return keras.ops.cast(values, self.compute_dtype)

        def compute_output_shape(self, input_shape: Any) -> Any:
            return input_shape

        def get_config(self) -> dict[str, Any]:
            return {**super().get_config(), "epsilon": self.epsilon}

    return L2Normalization
