"""Average pooling: the mean of each window, channel by channel, of 1-, 2- or 3-dimensional inputs.

out[y, x, c] = Σ_{i, j} in[y·s + i - p, x·s + j - p, c] / n[y, x], with zeros in the padding

The divisor n is the number of the window's positions that lie in the input, as with `same` in TensorFlow; with
`count_padding`, of those that lie in the input or its padding, as in Caffe and by default in PyTorch. Positions past
the padding, which a window of `round: up` may cover, never count.

Shape:   (batch, height, width, channels) -> (batch, height', width', channels), with
         height' = floor((height + before + after - size) / stride) + 1; the same for each axis. With `round: up` the
         ceiling takes the floor's place, and a window that would start past the input is left out; with
         `padding: same` height' = ceil(height / stride), and nothing is left to round.
Weights: none.
Cost:    none: its sums count as no multiply-accumulates.
Errors:  E0401 wrong rank; E0402 the window does not fit, the padding is not below the size, or rounding up or
         `count_padding` with `same` depends on an open size.
Source:  LeCun et al., "Handwritten digit recognition with a back-propagation network", 1990; the divisor: Caffe's
         pooling layer, arXiv:1408.5093.
"""

from __future__ import annotations

from functools import cache
from typing import Any, ClassVar

from pydantic import Field

from archspec.ir.footprint import KEEPS_NOTHING, Footprint
from archspec.ir.keras_call import KerasLayer, Lowering, lower_to
from archspec.ir.op import Op
from archspec.ir.reach import Reach
from archspec.ir.shape import Shape
from archspec.ops._margins import pad_definition, padded_copy
from archspec.ops._pooling import ROUND_HELP, SIZE_HELP, STRIDE_HELP, Rounding, Windows, pool_windows
from archspec.ops._window import PADDING_HELP, Padding, PerAxis


class AveragePool(Op):
    """The mean of each window."""

    principal: ClassVar[str | None] = "size"
    is_affine: ClassVar[bool] = True
    example: ClassVar[str] = """
        archspec: 1
        inputs: {image: [28, 28, 3]}
        layers:
          - average_pool: {size: 3, stride: 2, padding: half, count_padding: true}
    """

    size: PerAxis = Field(description=SIZE_HELP)
    stride: PerAxis | None = Field(None, description=STRIDE_HELP)
    padding: Padding = Field("valid", description=PADDING_HELP)
    round: Rounding = Field("down", description=ROUND_HELP)
    count_padding: bool = Field(False, description="whether the padding's zeros count in the divisor, as in Caffe")

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> tuple[Shape, ...]:
        (given,) = inputs
        windows = self._windows(inputs)
        if self.count_padding:
            windows.known_margins(given)
        return (windows.output,)

    def derivation(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> tuple[str, ...]:
        (given,) = inputs
        return self._windows(inputs).derivation(given)

    def reach(self, inputs: tuple[Shape, ...]) -> Reach:
        (given,) = inputs
        return self._windows(inputs).reach(given)

    def footprint(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Footprint:
        (given,) = inputs
        copied = padded_copy(given, self._windows(inputs).copied_margins(given))
        return KEEPS_NOTHING._replace(copied=copied)

    def to_keras(self, inputs: tuple[Shape, ...]) -> Lowering:
        (given,) = inputs
        windows = self._windows(inputs)
        if windows.is_same(given) and not self.count_padding:
            return lower_to(_keras_layer(windows, "same"))
        padding, margins = windows.known_margins(given), windows.all_margins(given)
        if not any(map(any, margins)):
            return lower_to(_keras_layer(windows, "valid"))
        if self.count_padding and margins == padding:
            return lower_to(_keras_layer(windows, "valid"), before={"pad": pad_definition(margins, "zeros")})
        counted = padding if self.count_padding else ((0, 0),) * len(padding)
        sizes = {"pool_size": windows.size, "strides": windows.stride}
        layer = KerasLayer(
            "archspec.ops.average_pool:average_pool_layer", {**sizes, "margins": margins, "counted": counted}
        )
        return lower_to(layer)

    def _windows(self, inputs: tuple[Shape, ...]) -> Windows:
        (given,) = inputs
        return pool_windows(given, self.size, self.stride, self.padding, self.round)


def _keras_layer(windows: Windows, padding: str) -> KerasLayer:
    return KerasLayer(
        f"keras.layers.AveragePooling{len(windows.size)}D",
        {"pool_size": windows.size, "strides": windows.stride, "padding": padding},
    )


@cache
def average_pool_layer() -> Any:
    """The layer for the divisors that Keras' own average pooling lacks."""
    import keras

    @keras.saving.register_keras_serializable("archspec")
    class AveragePool(keras.layers.Layer):
        """Surrounds its input with `margins` of zeros, of which `counted` take part in the mean."""

        def __init__(self, pool_size: Any, strides: Any, margins: Any, counted: Any, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.pool_size = tuple(pool_size)
            self.strides = tuple(strides)
            self.margins = tuple(tuple(pair) for pair in margins)
            self.counted = tuple(tuple(pair) for pair in counted)

        def call(self, inputs: Any) -> Any:
            counts = keras.ops.ones_like(inputs[:1, ..., :1])
            counts = keras.ops.pad(counts, ((0, 0), *self.counted, (0, 0)), constant_values=1)
            pairs = zip(self.margins, self.counted, strict=True)
            beyond = tuple((before - first, after - last) for (before, after), (first, last) in pairs)
            counts = keras.ops.pad(counts, ((0, 0), *beyond, (0, 0)))
            padded = keras.ops.pad(inputs, ((0, 0), *self.margins, (0, 0)))
            # Both are divided by the window's size, which cancels.
            return self._mean(padded) / self._mean(counts)

        def _mean(self, values: Any) -> Any:
            return keras.ops.average_pool(values, self.pool_size, self.strides, "valid", "channels_last")

        def compute_output_shape(self, input_shape: Any) -> Any:
            spatial = []
            axes = zip(input_shape[1:-1], self.margins, self.pool_size, self.strides, strict=True)
            for length, (before, after), size, step in axes:
                spatial.append(None if length is None else (length + before + after - size) // step + 1)
            return (input_shape[0], *spatial, input_shape[-1])

        def get_config(self) -> dict[str, Any]:
            own = {"pool_size": self.pool_size, "strides": self.strides, "margins": self.margins}
            return {**super().get_config(), **own, "counted": self.counted}

    return AveragePool
