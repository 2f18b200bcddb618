"""Lp pooling: the p-norm of each window, channel by channel, of 1-, 2- or 3-dimensional inputs.

out[y, x, c] = (Σ_{i, j} |in[y·s + i - p, x·s + j - p, c]|^p)^(1 / p), with zeros in the padding

The powers are summed in 32 bits also where the model computes in 16. At a window of zeros, where the root has no finite
derivative, the gradient is 0.

Shape:   (batch, height, width, channels) -> (batch, height', width', channels), with
         height' = floor((height + before + after - size) / stride) + 1; the same for each axis. With `round: up` the
         ceiling takes the floor's place, and a window that would start past the input is left out; with
         `padding: same` height' = ceil(height / stride), and nothing is left to round.
Weights: none.
Cost:    none.
Errors:  E0401 wrong rank; E0402 the window does not fit, the padding is not below the size, or rounding up or `same`
         with a stride depends on an open size.
Source:  Sermanet, Chintala, LeCun, "Convolutional neural networks applied to house numbers digit classification",
         arXiv:1204.3968, section 2.2, there with a Gaussian's weights in the sum.
"""

from __future__ import annotations

from functools import cache
from typing import Any, ClassVar

from pydantic import Field

from archspec.ir.footprint import Footprint
from archspec.ir.keras_call import KerasLayer, Lowering, lower_to
from archspec.ir.op import Op
from archspec.ir.reach import Reach
from archspec.ir.shape import Shape, map_dims
from archspec.ops._margins import pad_definition
from archspec.ops._pooling import ROUND_HELP, SIZE_HELP, STRIDE_HELP, Rounding, Windows, pool_windows
from archspec.ops._window import PADDING_HELP, Padding, PerAxis


class LpPool(Op):
    """The p-norm of each window; with the default `p` the root of the sum of squares."""

    principal: ClassVar[str | None] = "size"
    example: ClassVar[str] = """
        archspec: 1
        inputs: {image: [28, 28, 3]}
        layers:
          - lp_pool: {size: 2, p: 2}
    """

    size: PerAxis = Field(description=SIZE_HELP)
    p: float = Field(2, ge=1, allow_inf_nan=False, description="the norm's exponent")
    stride: PerAxis | None = Field(None, description=STRIDE_HELP)
    padding: Padding = Field("valid", description=PADDING_HELP)
    round: Rounding = Field("down", description=ROUND_HELP)

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> tuple[Shape, ...]:
        (given,) = inputs
        windows = self._windows(inputs)
        windows.known_margins(given)
        return (windows.output,)

    def derivation(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> tuple[str, ...]:
        (given,) = inputs
        return self._windows(inputs).derivation(given)

    def reach(self, inputs: tuple[Shape, ...]) -> Reach:
        (given,) = inputs
        return self._windows(inputs).reach(given)

    def footprint(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Footprint:
        # The absolute values are kept, and of each window the sum and what its root is taken of.
        between = map_dims(lambda before, after: before + 2 * after, inputs[0].size, outputs[0].size)
        return Footprint(keeps_outputs=False, between=between, in_float32=True)

    def to_keras(self, inputs: tuple[Shape, ...]) -> Lowering:
        (given,) = inputs
        windows = self._windows(inputs)
        margins = windows.all_margins(given)
        layer = KerasLayer(
            "archspec.ops.lp_pool:lp_pool_layer",
            {"pool_size": windows.size, "strides": windows.stride, "p": self.p},
        )
        return lower_to(layer, before={"pad": pad_definition(margins, "zeros")} if any(map(any, margins)) else None)

    def _windows(self, inputs: tuple[Shape, ...]) -> Windows:
        (given,) = inputs
        return pool_windows(given, self.size, self.stride, self.padding, self.round)


@cache
def lp_pool_layer() -> Any:
    """The layer of Lp pooling, which Keras lacks."""
    import keras

    @keras.saving.register_keras_serializable("archspec")
    class LpPool(keras.layers.Layer):
        """The p-norm of each window."""

        def __init__(self, pool_size: Any, strides: Any, p: float, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.pool_size = tuple(pool_size)
            self.strides = tuple(strides)
            self.p = p

        def call(self, inputs: Any) -> Any:
            precise = keras.backend.result_type(inputs.dtype, "float32")
            powers = keras.ops.power(keras.ops.abs(keras.ops.cast(inputs, precise)), self.p)
            sums = keras.ops.average_pool(powers, self.pool_size, self.strides, "valid", "channels_last")
            for size in self.pool_size:
                sums = sums * size
            # Below the smallest normal number the root's derivative overflows, so its gradient is cut off there: the
            # root is taken of 1 instead, and not selected. Infinity times the zero of `where` would not be a number.
            is_zero = sums < 1.1754944e-38
            roots = keras.ops.power(keras.ops.where(is_zero, keras.ops.ones_like(sums), sums), 1 / self.p)
            norms = keras.ops.where(is_zero, keras.ops.zeros_like(sums), roots)
            return keras.ops.cast(norms, inputs.dtype)

        def compute_output_shape(self, input_shape: Any) -> Any:
            axes = zip(input_shape[1:-1], self.pool_size, self.strides, strict=True)
            spatial = (None if length is None else (length - size) // step + 1 for length, size, step in axes)
            return (input_shape[0], *spatial, input_shape[-1])

        def get_config(self) -> dict[str, Any]:
            return {**super().get_config(), "pool_size": self.pool_size, "strides": self.strides, "p": self.p}

    return LpPool
