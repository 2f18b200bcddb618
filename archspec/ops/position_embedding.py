"""A trainable vector for each position, added to what stands there.

out[i] = in[i] + embeddings[i]

Shape:   (batch, steps, channels) -> the same; also a map, (batch, height, width, channels), and of three axes. Every
         size must be known.
Weights: embeddings (steps, channels), or of a map's shape, drawn from a normal distribution of deviation 0.02.
Cost:    none.
Errors:  E0401 a size is open, or the input has no positions.
Source:  Dosovitskiy et al., "An image is worth 16x16 words", arXiv:2010.11929, section 3.1, equation 1, E_pos; the
         deviation is that of its authors' code.
"""

from __future__ import annotations

from functools import cache
from typing import Any, ClassVar

from archspec.ir.footprint import KEEPS_NOTHING, Footprint
from archspec.ir.keras_call import KerasLayer, Lowering, lower_to
from archspec.ir.op import Op, ShapeError, Weight, spatial_rank
from archspec.ir.reach import Reach, pointwise
from archspec.ir.shape import Shape, is_known


class PositionEmbedding(Op):
    """A trainable addend for each position and channel."""

    example: ClassVar[str] = """
        archspec: 1
        inputs: {image: [224, 224, 3]}
        layers:
          - conv: {filters: 64, kernel: 16, stride: 16}
          - tokens
          - position_embedding
          - attention: 4
    """

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> tuple[Shape, ...]:
        (given,) = inputs
        spatial_rank(given)
        if not is_known(given.size):
            raise ShapeError(
                f"each position has a vector of its own, so all sizes must be known, got {given}",
                cure="state the input's sizes; `position_encoding` takes any length, and trains nothing",
            )
        return inputs

    def weights(self, inputs: tuple[Shape, ...]) -> tuple[Weight, ...]:
        (given,) = inputs
        return (Weight("embeddings", tuple(filter(is_known, given.dims))),)

    def reach(self, inputs: tuple[Shape, ...]) -> Reach:
        return pointwise(inputs[0])

    def footprint(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Footprint:
        return KEEPS_NOTHING._replace(in_place=True)

    def to_keras(self, inputs: tuple[Shape, ...]) -> Lowering:
        layer = KerasLayer("archspec.ops.position_embedding:position_embedding_layer")
        return lower_to(layer, weights={"embeddings": "embeddings"})


@cache
def position_embedding_layer() -> Any:
    """The layer, which Keras lacks."""
    import keras

    @keras.saving.register_keras_serializable("archspec")
    class PositionEmbedding(keras.layers.Layer):
        """in + embeddings, a trainable number for each position and channel."""

        def build(self, input_shape: Any) -> None:
            begin = keras.initializers.RandomNormal(stddev=0.02)
            self.embeddings = self.add_weight(name="embeddings", shape=input_shape[1:], initializer=begin)

        def call(self, inputs: Any) -> Any:
            return inputs + self.embeddings

        def compute_output_shape(self, input_shape: Any) -> Any:
            return input_shape

    return PositionEmbedding
