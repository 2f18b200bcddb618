"""Convolution whose output maps each see only some of the input maps, as LeNet-5's table lists them.

out[y, x, f] = b[f] + Σ_{c in connections[f]} Σ_{i, j} kernel[i, j, (c, f)] · in[y·s + i - p, x·s + j - p, c]

`connections` has a row for each output map; the input maps are counted from 0, as in the paper's Table I. The kernel
holds one window for each listed pair, row after row, and nothing for the others.

Shape:   (batch, height, width, channels) -> (batch, height', width', filters), with filters the number of rows and
         height' = floor((height + before + after - kernel) / stride) + 1; the same for each axis.
Weights: kernel (kh, kw, pairs), with pairs the sum of the rows' lengths; bias (filters,) if `bias`.
Cost:    MACs per example = height'·width'·kh·kw·pairs; connections = height'·width'·(kh·kw·pairs + filters if `bias`).
Errors:  E0401 wrong rank; E0402 the window does not fit, a row that is empty, repeats a map or names one that the input
         lacks, `reflect` reaching past the input, `same` with a stride and another fill than zeros on an open size.
Source:  LeCun et al., "Gradient-based learning applied to document recognition", 1998, section II.B, Table I.
"""

from __future__ import annotations

import math
from functools import cache
from typing import Any, ClassVar

from pydantic import Field

from archspec.ir.footprint import Footprint
from archspec.ir.keras_call import KerasLayer, Lowering, lower_to
from archspec.ir.op import Cost, Op, ShapeError, Weight, known_channels, spatial_rank
from archspec.ir.reach import Reach
from archspec.ir.shape import Shape, map_dims, product
from archspec.ops._functions import ActivationName, activation_footprint, lower_activation
from archspec.ops._margins import copied_margins, lower_margins, padded_copy
from archspec.ops._window import (
    FILL_HELP,
    PADDING_HELP,
    Fill,
    NonNegative,
    Padding,
    PerAxis,
    check_fill,
    derive_windows,
    explicit_margins,
    per_axis,
    window_reach,
    window_shape,
)


class PartialConv(Op):
    """Convolution with a table of which output map sees which input maps."""

    principal: ClassVar[str | None] = "connections"
    is_affine: ClassVar[bool] = True
    example: ClassVar[str] = """
        archspec: 1
        inputs: {maps: [14, 14, 3]}
        layers:
          - partial_conv: {connections: [[0, 1], [1, 2], [0, 2], [0, 1, 2]], kernel: 5}
    """

    connections: tuple[tuple[NonNegative, ...], ...] = Field(
        min_length=1, description="for each output map the input maps that it sees, counted from 0"
    )
    kernel: PerAxis = Field(description="the window's size along each axis")
    stride: PerAxis = Field((1,), description="the window's step along each axis")
    padding: Padding = Field("valid", description=PADDING_HELP)
    fill: Fill = Field("zeros", description=FILL_HELP)
    bias: bool = Field(True, description="whether a trainable number is added to each output map")
    activation: ActivationName = Field("none", description="the function applied to the output")

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> tuple[Shape, ...]:
        (given,) = inputs
        kernel, stride = self._axes(given)
        self._check_connections(known_channels(given))
        one = (1,) * len(kernel)
        margins = explicit_margins(self.padding, kernel, one)
        spatial = window_shape(given.spatial, kernel, stride, one, margins, field="kernel")
        check_fill(self.fill, margins, given.spatial, kernel, stride, one)
        return (Shape((*spatial, len(self.connections))),)

    def weights(self, inputs: tuple[Shape, ...]) -> tuple[Weight, ...]:
        (given,) = inputs
        kernel, _ = self._axes(given)
        weights = (Weight("kernel", (*kernel, self._pairs())),)
        return (*weights, Weight("bias", (len(self.connections),))) if self.bias else weights

    def cost(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Cost:
        (given,), (output,) = inputs, outputs
        kernel, _ = self._axes(given)
        products = math.prod(kernel) * self._pairs()
        biases = len(self.connections) if self.bias else 0
        positions = product(output.spatial)
        return Cost(
            macs=map_dims(lambda count: count * products, positions),
            connections=map_dims(lambda count: count * (products + biases), positions),
        )

    def derivation(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> tuple[str, ...]:
        (given,), (output,) = inputs, outputs
        kernel, stride = self._axes(given)
        return derive_windows(given.spatial, output.spatial, kernel, stride, (1,) * len(kernel), self.padding)

    def reach(self, inputs: tuple[Shape, ...]) -> Reach:
        (given,) = inputs
        kernel, stride = self._axes(given)
        return window_reach(given.spatial, kernel, stride, (1,) * len(kernel), self.padding)

    def footprint(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Footprint:
        (given,) = inputs
        kernel, stride = self._axes(given)
        margins = copied_margins(self.padding, self.fill, given.spatial, kernel, stride, (1,) * len(kernel))
        activation = activation_footprint(self.activation, outputs[0])
        return activation._replace(keeps_inputs=True, copied=padded_copy(given, margins))

    def to_keras(self, inputs: tuple[Shape, ...]) -> Lowering:
        (given,) = inputs
        kernel, stride = self._axes(given)
        padding, before = lower_margins(self.padding, self.fill, given.spatial, kernel, stride, (1,) * len(kernel))
        argument, after = lower_activation(self.activation)
        layer = KerasLayer(
            "archspec.ops.partial_conv:partial_conv_layer",
            {
                "connections": self.connections,
                "kernel_size": kernel,
                "strides": stride,
                "padding": padding,
                "use_bias": self.bias,
                "activation": argument,
            },
        )
        weights = {"kernel": "kernel", "bias": "bias"} if self.bias else {"kernel": "kernel"}
        return lower_to(layer, weights=weights, before=before, after=after)

    def _axes(self, given: Shape) -> tuple[tuple[int, ...], tuple[int, ...]]:
        rank = spatial_rank(given)
        return per_axis(self.kernel, rank, "kernel"), per_axis(self.stride, rank, "stride")

    def _pairs(self) -> int:
        return sum(map(len, self.connections))

    def _check_connections(self, channels: int) -> None:
        for place, row in enumerate(self.connections, start=1):
            if not row:
                raise ShapeError(
                    f"a row of `connections` needs an input map, row {place} is empty", field="connections"
                )
            if len(set(row)) < len(row):
                raise ShapeError(
                    f"a row of `connections` names an input map once, row {place} is {list(row)}", field="connections"
                )
            if max(row) >= channels:
                raise ShapeError(
                    f"`connections` must name input maps from 0 to {channels - 1}, got {max(row)} in row {place}",
                    field="connections",
                    cure="the maps are counted from 0",
                )


# Longer than other functions here: the class is printed whole into files that run without archspec.
@cache
def partial_conv_layer() -> Any:
    """The layer of convolution with a table of connections, which Keras lacks."""
    import keras

    @keras.saving.register_keras_serializable("archspec")
    class PartialConv(keras.layers.Layer):
        """Convolution whose output map f sees the input maps `connections[f]`; the kernel holds those pairs alone."""

        def __init__(
            self,
            connections: Any,
            kernel_size: Any,
            strides: Any,
            padding: str,
            use_bias: bool,
            activation: Any = None,
            **kwargs: Any,
        ) -> None:
            super().__init__(**kwargs)
            self.connections = tuple(tuple(row) for row in connections)
            self.kernel_size = tuple(kernel_size)
            self.strides = tuple(strides)
            self.padding = padding
            self.use_bias = use_bias
            self.activation = keras.activations.get(activation)

        def build(self, input_shape: Any) -> None:
            channels, filters, pairs = input_shape[-1], len(self.connections), sum(map(len, self.connections))
            self.places = self._places(channels)
            area = 1
            for size in self.kernel_size:
                area *= size
            # Units' inputs cannot be read off the kernel's shape: a list of them, for each pair, for initialisations.
            self.fan_in = [area * len(row) for row in self.connections for _ in row]
            # Glorot's bound, with the windows' mean numbers of maps in and out.
            limit = (6 / (area * pairs * (1 / filters + 1 / channels))) ** 0.5
            self.kernel = self.add_weight(
                name="kernel",
                shape=(*self.kernel_size, pairs),
                initializer=keras.initializers.RandomUniform(-limit, limit),
            )
            if self.use_bias:
                self.bias = self.add_weight(name="bias", shape=(filters,), initializer="zeros")

        def _places(self, channels: int) -> Any:
            """For each (channel, filter) of the dense kernel its pair's number, or that of the zeros after all."""
            pairs = [(channel, row) for row, seen in enumerate(self.connections) for channel in seen]
            numbers = {pair: number for number, pair in enumerate(pairs)}
            filters = range(len(self.connections))
            return [[numbers.get((channel, row), len(pairs)) for row in filters] for channel in range(channels)]

        def call(self, inputs: Any) -> Any:
            with_zeros = keras.ops.pad(self.kernel, (*((0, 0) for _ in self.kernel_size), (0, 1)))
            dense = keras.ops.take(with_zeros, keras.ops.convert_to_tensor(self.places, "int32"), axis=-1)
            outputs = keras.ops.conv(inputs, dense, self.strides, self.padding, "channels_last")
            if self.use_bias:
                outputs = outputs + self.bias
            return self.activation(outputs)

        def compute_output_shape(self, input_shape: Any) -> Any:
            spatial = []
            for length, size, step in zip(input_shape[1:-1], self.kernel_size, self.strides, strict=True):
                reach = 1 if self.padding == "same" else size
                spatial.append(None if length is None else (length - reach) // step + 1)
            return (input_shape[0], *spatial, len(self.connections))

        def get_config(self) -> dict[str, Any]:
            return {
                **super().get_config(),
                "connections": self.connections,
                "kernel_size": self.kernel_size,
                "strides": self.strides,
                "padding": self.padding,
                "use_bias": self.use_bias,
                "activation": keras.activations.serialize(self.activation),
            }

    return PartialConv
