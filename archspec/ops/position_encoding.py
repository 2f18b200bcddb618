"""A fixed pattern of sines and cosines for each position, added to what stands there.

out[i, 2k]     = in[i, 2k] + sin(i / period^(2k / channels))
out[i, 2k + 1] = in[i, 2k + 1] + cos(i / period^(2k / channels))

Positions are counted from 0.

Shape:   (batch, steps, channels) -> the same; the length may be open.
Weights: none.
Cost:    none.
Errors:  E0401 the input is no sequence, or the number of its channels is open.
Source:  Vaswani et al., "Attention is all you need", arXiv:1706.03762, section 3.5, with a period of 10000.
"""

from __future__ import annotations

from functools import cache
from typing import Any, ClassVar

from pydantic import Field

from archspec.ir.footprint import KEEPS_NOTHING, Footprint
from archspec.ir.keras_call import KerasLayer, Lowering, lower_to
from archspec.ir.op import Op, known_channels
from archspec.ir.reach import Reach, pointwise
from archspec.ir.shape import Shape
from archspec.ops._sequence import sequence_steps


class PositionEncoding(Op):
    """Sines and cosines of the position, added to each channel."""

    principal: ClassVar[str | None] = "period"
    is_affine: ClassVar[bool] = True
    example: ClassVar[str] = """
        archspec: 1
        inputs: {words: [64]}
        layers:
          - embedding: {vocabulary: 8000, width: 32}
          - position_encoding
          - attention: 4
    """

    period: float = Field(10000.0, gt=0, description="the longest wavelength, as a multiple of 2·pi positions")

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> tuple[Shape, ...]:
        (given,) = inputs
        sequence_steps(given)
        known_channels(given)
        return inputs

    def reach(self, inputs: tuple[Shape, ...]) -> Reach:
        return pointwise(inputs[0])

    def footprint(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Footprint:
        return KEEPS_NOTHING._replace(in_place=True)

    def to_keras(self, inputs: tuple[Shape, ...]) -> Lowering:
        target = "archspec.ops.position_encoding:position_encoding_layer"
        return lower_to(KerasLayer(target, {"period": self.period}))


@cache
def position_encoding_layer() -> Any:
    """The layer, which Keras lacks."""
    import keras

    @keras.saving.register_keras_serializable("archspec")
    class PositionEncoding(keras.layers.Layer):
        """in + sines and cosines of the position."""

        def __init__(self, period: float, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.period = period

        def call(self, inputs: Any) -> Any:
            channels = inputs.shape[-1]
            # In 32 bits: 16 hold whole numbers to 2048, or 256.
            place = keras.ops.cast(keras.ops.arange(keras.ops.shape(inputs)[1]), "float32")[:, None]
            pair = keras.ops.cast(keras.ops.arange(channels) // 2, "float32")
            angle = place * keras.ops.power(self.period, -2 * pair / channels)
            is_odd = keras.ops.arange(channels) % 2 == 1
            pattern = keras.ops.where(is_odd, keras.ops.cos(angle), keras.ops.sin(angle))
            return inputs + keras.ops.cast(pattern, inputs.dtype)

        def compute_output_shape(self, input_shape: Any) -> Any:
            return input_shape

        def get_config(self) -> dict[str, Any]:
            return {**super().get_config(), "period": self.period}

    return PositionEncoding
