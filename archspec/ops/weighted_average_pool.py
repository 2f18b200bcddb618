"""Weighted average pooling: the mean of each window with fixed weights, channel by channel; a blur that may stride.

out[y, x, c] = Σ_{i, j} k[i, j] · in[y·s + i - p, x·s + j - p, c], with Σ k = 1

The numbers k are constants of the layer and count as no weights. Unless `coefficients` are given they are the
binomials (1 2 1 for a size of 3, 1 3 3 1 for 4) along each axis, multiplied. What stands in the padding takes part.

Shape:   (batch, height, width, channels) -> (batch, height', width', channels), with
         height' = floor((height + before + after - size) / stride) + 1; the same for each axis. With `padding: same`
         height' = ceil(height / stride).
Weights: none.
Cost:    none: it is a pooling, so its products count as no multiply-accumulates.
Errors:  E0401 wrong rank; E0402 the window does not fit, the coefficients are not as many as the window's numbers or
         sum to 0, `reflect` reaching past the input, `same` with a stride and another fill than zeros on an open size.
Source:  Zhang, "Making convolutional networks shift-invariant again", arXiv:1904.11486, section 3.2; the binomial
         filter: Burt, "Fast filter transforms for image processing", 1981.
"""

from __future__ import annotations

import math
from functools import cache
from typing import Annotated, Any, ClassVar

from pydantic import Field

from archspec.ir.footprint import KEEPS_NOTHING, Footprint
from archspec.ir.keras_call import KerasLayer, Lowering, lower_to
from archspec.ir.op import Op, ShapeError, spatial_rank
from archspec.ir.reach import Reach
from archspec.ir.shape import Shape, is_known
from archspec.ops._margins import lower_margins
from archspec.ops._pooling import SIZE_HELP, STRIDE_HELP
from archspec.ops._window import (
    FILL_HELP,
    PADDING_HELP,
    Fill,
    Padding,
    PerAxis,
    check_fill,
    derive_windows,
    explicit_margins,
    per_axis,
    same_margins,
    times,
    window_reach,
    window_shape,
)

MOST_NUMBERS = 10_000
"""Of one window: they stand in the layer's configuration, and in emitted source."""

Rows = tuple[tuple[Annotated[float, Field(ge=0, allow_inf_nan=False)], ...], ...]
"""Numbers in rows; numbers that are not in rows are rows of one."""


class WeightedAveragePool(Op):
    """The mean of each window with fixed weights."""

    principal: ClassVar[str | None] = "size"
    is_affine: ClassVar[bool] = True
    example: ClassVar[str] = """
        archspec: 1
        inputs: {image: [28, 28, 3]}
        layers:
          - weighted_average_pool: {size: 3, stride: 2, padding: half, fill: reflect, coefficients: [1, 2, 1]}
    """

    size: PerAxis = Field(description=SIZE_HELP)
    coefficients: Rows | None = Field(
        None,
        description="the window's numbers in rows, or those along every axis, divided by their sum; else binomials",
    )
    stride: PerAxis | None = Field(None, description=STRIDE_HELP)
    padding: Padding = Field("valid", description=PADDING_HELP)
    fill: Fill = Field("zeros", description=FILL_HELP)

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> tuple[Shape, ...]:
        (given,) = inputs
        size, stride = self._axes(given)
        one = (1,) * len(size)
        margins = explicit_margins(self.padding, size, one)
        spatial = window_shape(given.spatial, size, stride, one, margins, field="size")
        if math.prod(size) > MOST_NUMBERS:
            raise ShapeError(f"a window may hold {MOST_NUMBERS:,} numbers, got {times(size)}", field="size")
        self._normalised(size)
        check_fill(self.fill, margins, given.spatial, size, stride, one)
        return (Shape((*spatial, given.channels)),)

    def derivation(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> tuple[str, ...]:
        (given,), (output,) = inputs, outputs
        kernel, stride = self._axes(given)
        return derive_windows(given.spatial, output.spatial, kernel, stride, (1,) * len(kernel), self.padding)

    def reach(self, inputs: tuple[Shape, ...]) -> Reach:
        (given,) = inputs
        size, stride = self._axes(given)
        return window_reach(given.spatial, size, stride, (1,) * len(size), self.padding)

    def footprint(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Footprint:
        # The maps one by one, which take another order of axes.
        return KEEPS_NOTHING._replace(passing=inputs[0].size)

    def to_keras(self, inputs: tuple[Shape, ...]) -> Lowering:
        (given,) = inputs
        size, stride = self._axes(given)
        one = (1,) * len(size)
        amounts = self.padding
        if amounts == "same" and len(set(stride)) > 1 and all(map(is_known, given.spatial)):
            amounts = same_margins(given.spatial, size, stride, one)  # in numbers, for the layer's way with strides
        padding, before = lower_margins(amounts, self.fill, given.spatial, size, stride, one)
        layer = KerasLayer(
            "archspec.ops.weighted_average_pool:weighted_average_pool_layer",
            {"pool_size": size, "coefficients": self._normalised(size), "strides": stride, "padding": padding},
        )
        return lower_to(layer, before=before)

    def _axes(self, given: Shape) -> tuple[tuple[int, ...], tuple[int, ...]]:
        rank = spatial_rank(given)
        stride = self.size if self.stride is None else self.stride
        return per_axis(self.size, rank, "size"), per_axis(stride, rank, "stride")

    def _normalised(self, size: tuple[int, ...]) -> tuple[float, ...]:
        """The window's numbers row by row, with a sum of 1."""
        numbers = self._numbers(size)
        total = sum(numbers)
        if total == 0:
            raise ShapeError("`coefficients` must have a sum above 0, got 0", field="coefficients")
        return tuple(number / total for number in numbers)

    def _numbers(self, size: tuple[int, ...]) -> tuple[float, ...]:
        if self.coefficients is None:
            return _outer([tuple(math.comb(extent - 1, place) for place in range(extent)) for extent in size])
        given = tuple(number for row in self.coefficients for number in row)
        rows_of_one = len(given) == len(self.coefficients)
        if rows_of_one and all(extent == len(given) for extent in size):
            return _outer([given] * len(size))
        if len(given) == math.prod(size) and all(len(row) == size[-1] for row in self.coefficients):
            return given
        received = (
            f"{len(given)} numbers" if rows_of_one else f"rows of {', '.join(map(str, map(len, self.coefficients)))}"
        )
        raise ShapeError(
            f"`coefficients` must be the {times(size)} numbers of the window in rows, or those along every axis, "
            f"got {received}",
            field="coefficients",
        )


def _outer(axes: list[tuple[float, ...]]) -> tuple[float, ...]:
    """The products of one number from each axis, the last axis running fastest.

    >>> _outer([(1, 2), (1, 3)])
    (1, 3, 2, 6)
    """
    if not axes:
        return (1,)
    first, *others = axes
    return tuple(left * right for left in first for right in _outer(others))


@cache
def weighted_average_pool_layer() -> Any:
    """The layer of pooling with fixed weights, which Keras lacks."""
    import keras

    @keras.saving.register_keras_serializable("archspec")
    class WeightedAveragePool(keras.layers.Layer):
        """The sum of each window's values times `coefficients`, which are given row by row."""

        def __init__(self, pool_size: Any, coefficients: Any, strides: Any, padding: str, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.pool_size = tuple(pool_size)
            self.coefficients = tuple(coefficients)
            self.strides = tuple(strides)
            self.padding = padding

        def call(self, inputs: Any) -> Any:
            # Each channel is an example of its own, since there is no depthwise convolution of 3 spatial axes.
            channels_first = keras.ops.moveaxis(inputs, -1, 1)
            maps = keras.ops.reshape(channels_first, (-1, *keras.ops.shape(inputs)[1:-1], 1))
            numbers = keras.ops.convert_to_tensor(self.coefficients, inputs.dtype)
            kernel = keras.ops.reshape(numbers, (*self.pool_size, 1, 1))
            means = self._convolve(maps, kernel)
            spatial = keras.ops.shape(means)[1:-1]
            split = keras.ops.reshape(means, (-1, keras.ops.shape(inputs)[-1], *spatial))
            return keras.ops.moveaxis(split, 1, -1)

        def _convolve(self, maps: Any, kernel: Any) -> Any:
            # TensorFlow 2.21 on CPUs gives wrong values for one channel where only the last axis is strided and one
            # column comes out; unequal strides are therefore taken after a convolution of stride 1.
            if self.padding == "same" or len(set(self.strides)) == 1:
                return keras.ops.conv(maps, kernel, self.strides, self.padding, "channels_last")
            means = keras.ops.conv(maps, kernel, 1, "valid", "channels_last")
            return means[(slice(None), *(slice(None, None, step) for step in self.strides))]

        def compute_output_shape(self, input_shape: Any) -> Any:
            spatial = []
            for length, size, step in zip(input_shape[1:-1], self.pool_size, self.strides, strict=True):
                reach = 1 if self.padding == "same" else size
                spatial.append(None if length is None else (length - reach) // step + 1)
            return (input_shape[0], *spatial, input_shape[-1])

        def get_config(self) -> dict[str, Any]:
            own = {"pool_size": self.pool_size, "coefficients": self.coefficients, "strides": self.strides}
            return {**super().get_config(), **own, "padding": self.padding}

    return WeightedAveragePool
