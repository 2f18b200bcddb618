"""Embedding: a trainable vector for each word of a vocabulary, taken by the word's number.

out[…, i] = embeddings[in[…, i]]; the input's values are whole numbers from 0 to vocabulary - 1

Inputs are numbers of 32 bits under every precision, which are exact up to 2^24; an op before this one may compute in 16
bits, which are not, so the input of the network is what stands before it.

Shape:   (batch, steps) -> (batch, steps, width); every rank, and lengths may be open.
Weights: embeddings (vocabulary, width).
Cost:    none: nothing is multiplied.
Errors:  none beyond illegal fields.
Source:  Bengio et al., "A neural probabilistic language model", 2003, section 2, the matrix C; keras.layers.Embedding.
"""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from archspec.ir.footprint import Footprint
from archspec.ir.keras_call import KerasLayer, Lowering, lower_to
from archspec.ir.op import Op, Weight
from archspec.ir.reach import Reach, everywhere
from archspec.ir.shape import Shape
from archspec.ops._window import Positive

EXACT = 2**24
"""What numbers of 32 bits count to."""


class Embedding(Op):
    """A trainable vector for each number."""

    principal: ClassVar[str | None] = "vocabulary"
    example: ClassVar[str] = """
        archspec: 1
        inputs: {words: [64]}
        layers:
          - embedding: {vocabulary: 8000, width: 32}
          - global_average_pool
          - dense: 4
    """

    vocabulary: Annotated[int, Field(ge=1, le=EXACT)] = Field(description="how many words there are, numbered from 0")
    width: Positive = Field(description="output channels")

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> tuple[Shape, ...]:
        (given,) = inputs
        return (Shape((*given.dims, self.width)),)

    def weights(self, inputs: tuple[Shape, ...]) -> tuple[Weight, ...]:
        return (Weight("embeddings", (self.vocabulary, self.width)),)

    def reach(self, inputs: tuple[Shape, ...]) -> Reach:
        return everywhere(inputs[0])

    def footprint(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Footprint:
        return Footprint(keeps_outputs=False, in_float32=True)

    def to_keras(self, inputs: tuple[Shape, ...]) -> Lowering:
        layer = KerasLayer("keras.layers.Embedding", {"input_dim": self.vocabulary, "output_dim": self.width})
        return lower_to(layer, weights={"embeddings": "embeddings"})
