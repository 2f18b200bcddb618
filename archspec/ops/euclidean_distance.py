"""The distance of two vectors, as a Siamese network compares what it makes of its two inputs.

out = sqrt(max(Σ_c (one[c] - other[c])², epsilon))

It is computed in 32 bits under every precision. Below sqrt(epsilon) it is constant, where the root's gradient would
have no bound.

Shape:   (batch, channels), (batch, channels) -> (batch, 1).
Weights: none.
Cost:    none.
Errors:  E0401 the inputs are no vectors of one size.
Source:  Hadsell, Chopra, LeCun, "Dimensionality reduction by learning an invariant mapping", 2006, equation 1.
"""

from __future__ import annotations

from functools import cache
from typing import Any, ClassVar

from pydantic import Field

from archspec.ir.footprint import Footprint
from archspec.ir.keras_call import KerasLayer, Lowering, lower_to
from archspec.ir.op import Op
from archspec.ir.reach import Reach, everywhere
from archspec.ir.shape import Shape
from archspec.ops._join import equal_vectors


class EuclideanDistance(Op):
    """The length of the difference of two vectors."""

    principal: ClassVar[str | None] = "epsilon"
    inputs: ClassVar[int | None] = 2
    example: ClassVar[str] = """
        archspec: 1
        inputs: {image: [16]}
        layers:
          - {dense: 8, name: one}
          - {dense: 8, name: other}
          - {euclidean_distance, from: [one, other]}
    """

    epsilon: float = Field(1e-7, gt=0, description="the least that a root is taken of")

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> tuple[Shape, ...]:
        equal_vectors("it", inputs)
        return (Shape((1,)),)

    def reach(self, inputs: tuple[Shape, ...]) -> Reach:
        return everywhere(inputs[0])

    def footprint(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Footprint:
        return Footprint(keeps_inputs=False, between=inputs[0].size, in_float32=True)

    def to_keras(self, inputs: tuple[Shape, ...]) -> Lowering:
        target = "archspec.ops.euclidean_distance:euclidean_distance_layer"
        return lower_to(KerasLayer(target, {"epsilon": self.epsilon}), inputs=2)


@cache
def euclidean_distance_layer() -> Any:
    """The layer, which Keras lacks."""
    import keras

    @keras.saving.register_keras_serializable("archspec")
    class EuclideanDistance(keras.layers.Layer):
        """sqrt(max(Σ (one - other)², epsilon)) of two vectors."""

        def __init__(self, epsilon: float, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.epsilon = epsilon

        def call(self, inputs: Any) -> Any:
            one, other = (keras.ops.cast(values, "float32") for values in inputs)
            energy = keras.ops.sum(keras.ops.square(one - other), axis=-1, keepdims=True)
            distance = keras.ops.sqrt(keras.ops.maximum(energy, self.epsilon))
            return keras.ops.cast(distance, self.compute_dtype)

        def compute_output_shape(self, input_shape: Any) -> Any:
            return (input_shape[0][0], 1)

        def get_config(self) -> dict[str, Any]:
            return {**super().get_config(), "epsilon": self.epsilon}

    return EuclideanDistance
