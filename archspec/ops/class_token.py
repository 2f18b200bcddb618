"""A trainable position put before a sequence, which gathers what a classifier reads.

out = [token, in_1, …, in_steps]; the token is the same for every example

Shape:   (batch, steps, channels) -> (batch, steps + 1, channels).
Weights: token (1, 1, channels), which begins as zeros.
Cost:    none.
Errors:  E0401 the input is no sequence, or the number of its channels is open.
Source:  Dosovitskiy et al., "An image is worth 16x16 words", arXiv:2010.11929, section 3.1, equation 1, where it is
         x_class; before that Devlin et al., "BERT", arXiv:1810.04805, section 3, [CLS].
"""

from __future__ import annotations

from functools import cache
from typing import Any, ClassVar

from archspec.ir.footprint import KEEPS_NOTHING, Footprint
from archspec.ir.keras_call import KerasLayer, Lowering, lower_to
from archspec.ir.op import Op, Weight, known_channels
from archspec.ir.reach import Reach, everywhere
from archspec.ir.shape import Shape, map_dims, show
from archspec.ops._sequence import sequence_steps


class ClassToken(Op):
    """A trainable position before the first."""

    example: ClassVar[str] = """
        archspec: 1
        inputs: {tokens: [196, 64]}
        layers:
          - class_token
          - position_embedding
          - attention: 4
          - first_token
    """

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> tuple[Shape, ...]:
        (given,) = inputs
        steps = map_dims(lambda known: known + 1, sequence_steps(given))
        return (Shape((steps, known_channels(given))),)

    def weights(self, inputs: tuple[Shape, ...]) -> tuple[Weight, ...]:
        (given,) = inputs
        return (Weight("token", (1, 1, known_channels(given))),)

    def derivation(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> tuple[str, ...]:
        (given,), (output,) = inputs, outputs
        return (f"length: {show(given.dims[0])} + 1 = {show(output.dims[0])}",)

    def reach(self, inputs: tuple[Shape, ...]) -> Reach:
        # Position i + 1 sees position i; as a window, the first would see nothing but padding.
        return everywhere(inputs[0])

    def footprint(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Footprint:
        return KEEPS_NOTHING

    def to_keras(self, inputs: tuple[Shape, ...]) -> Lowering:
        return lower_to(KerasLayer("archspec.ops.class_token:class_token_layer"), weights={"token": "token"})


@cache
def class_token_layer() -> Any:
    """The layer, which Keras lacks."""
    import keras

    @keras.saving.register_keras_serializable("archspec")
    class ClassToken(keras.layers.Layer):
        """A trainable position before the first of a sequence."""

        def build(self, input_shape: Any) -> None:
            self.token = self.add_weight(name="token", shape=(1, 1, input_shape[-1]), initializer="zeros")

        def call(self, inputs: Any) -> Any:
            # Zeros made of the input have the size of the batch, which is open.
            first = keras.ops.zeros_like(inputs[:, :1]) + self.token
            return keras.ops.concatenate([first, inputs], axis=1)

        def compute_output_shape(self, input_shape: Any) -> Any:
            batch, steps, channels = input_shape
            return (batch, None if steps is None else steps + 1, channels)

    return ClassToken
