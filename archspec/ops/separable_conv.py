"""Separable convolution: each channel is convolved on its own, then a 1x1 convolution mixes the results; 1 or 2 axes.

mid[y, x, c·multiplier + m] = Σ_{i, j} depthwise_kernel[i, j, c, m] · in[y·s + i·d - p, x·s + j·d - p, c]
out[y, x, f] = b[f] + Σ_k pointwise_kernel[0, 0, k, f] · mid[y, x, k]

One layer with one bias, and nothing between its two parts; the block `depthwise_separable` has a norm and an activation
there, as MobileNet.

Shape:   (batch, height, width, channels) -> (batch, height', width', filters), with
         height' = floor((height + before + after - (kernel - 1)·dilation - 1) / stride) + 1; the same for each axis.
Weights: depthwise_kernel (kh, kw, channels, multiplier); pointwise_kernel (1, 1, channels·multiplier, filters); bias
         (filters,) if `bias`.
Cost:    MACs per example = height'·width'·channels·multiplier·(kh·kw + filters).
Errors:  E0401 wrong rank, the number of input channels is open; E0402 the window does not fit, stride and dilation
         both above 1, `reflect` reaching past the input, `same` with a stride and another fill than zeros on an open
         size.
Source:  Chollet, "Xception: deep learning with depthwise separable convolutions", arXiv:1610.02357, section 3;
         Sifre, "Rigid-motion scattering for image classification", 2014, section 6.2.
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
from archspec.ir.shape import Dim, Shape, map_dims, product, total
from archspec.ops._functions import ActivationName, activation_footprint, lower_activation
from archspec.ops._margins import copied_margins, lower_margins, padded_copy
from archspec.ops._window import (
    FILL_HELP,
    PADDING_HELP,
    Fill,
    Padding,
    PerAxis,
    Positive,
    check_fill,
    derive_windows,
    explicit_margins,
    per_axis,
    window_reach,
    window_shape,
)

UNEQUAL_STRIDES = "archspec.ops.separable_conv:unequal_strides_layer"


class SeparableConv(Op):
    """Convolution of each channel on its own and then across channels; its rank is its input's."""

    principal: ClassVar[str | None] = "filters"
    is_affine: ClassVar[bool] = True
    example: ClassVar[str] = """
        archspec: 1
        inputs: {image: [28, 28, 8]}
        layers:
          - separable_conv: {filters: 16, kernel: 3, padding: same, bias: false}
          - batch_norm
          - relu
    """

    filters: Positive = Field(description="output channels")
    kernel: PerAxis = Field(description="the window's size along each axis")
    stride: PerAxis = Field((1,), description="the window's step along each axis")
    padding: Padding = Field("valid", description=PADDING_HELP)
    fill: Fill = Field("zeros", description=FILL_HELP)
    dilation: PerAxis = Field((1,), description="the distance between the window's points")
    multiplier: Positive = Field(1, description="channels between the two parts for each input channel")
    bias: bool = Field(True, description="whether a trainable number is added to each filter's output")
    activation: ActivationName = Field("none", description="the function applied to the output")

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> tuple[Shape, ...]:
        (given,) = inputs
        kernel, stride, dilation = self._axes(given)
        known_channels(given)
        if max(stride) > 1 and max(dilation) > 1:
            raise ShapeError(
                f"`stride` and `dilation` cannot both be above 1, got {max(stride)} and {max(dilation)}",
                field="dilation",
            )
        margins = explicit_margins(self.padding, kernel, dilation)
        spatial = window_shape(given.spatial, kernel, stride, dilation, margins, field="kernel")
        check_fill(self.fill, margins, given.spatial, kernel, stride, dilation)
        return (Shape((*spatial, self.filters)),)

    def weights(self, inputs: tuple[Shape, ...]) -> tuple[Weight, ...]:
        (given,) = inputs
        window, _, _ = self._axes(given)
        between = self._between(given)
        weights = (
            Weight("depthwise_kernel", (*window, known_channels(given), self.multiplier)),
            Weight("pointwise_kernel", (*(1,) * len(window), between, self.filters)),
        )
        return (*weights, Weight("bias", (self.filters,))) if self.bias else weights

    def cost(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Cost:
        (given,), (output,) = inputs, outputs
        kernel, _, _ = self._axes(given)
        at_each = self._between(given) * (math.prod(kernel) + self.filters)
        positions = product(output.spatial)
        return Cost(
            macs=map_dims(lambda count: count * at_each, positions),
            connections=map_dims(lambda count: count * (at_each + self.bias * self.filters), positions),
        )

    def derivation(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> tuple[str, ...]:
        (given,), (output,) = inputs, outputs
        kernel, stride, dilation = self._axes(given)
        return derive_windows(given.spatial, output.spatial, kernel, stride, dilation, self.padding)

    def reach(self, inputs: tuple[Shape, ...]) -> Reach:
        (given,) = inputs
        return window_reach(given.spatial, *self._axes(given), self.padding)

    def footprint(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Footprint:
        (given,), (output,) = inputs, outputs
        kernel, stride, dilation = self._axes(given)
        margins = copied_margins(self.padding, self.fill, given.spatial, kernel, stride, dilation)
        activation = activation_footprint(self.activation, output)
        # The gradient of the second part needs what the first has computed.
        between: Dim = total((activation.between, output.with_channels(self._between(given)).size))
        return activation._replace(keeps_inputs=True, copied=padded_copy(given, margins), between=between)

    def to_keras(self, inputs: tuple[Shape, ...]) -> Lowering:
        (given,) = inputs
        kernel, stride, dilation = self._axes(given)
        padding, before = lower_margins(self.padding, self.fill, given.spatial, kernel, stride, dilation)
        argument, after = lower_activation(self.activation)
        # TensorFlow's own kernel refuses unequal strides on GPUs, and on CPUs without oneDNN.
        is_usual = len(set(stride)) == 1
        layer = KerasLayer(
            f"keras.layers.SeparableConv{len(kernel)}D" if is_usual else UNEQUAL_STRIDES,
            {
                "filters": self.filters,
                "kernel_size": kernel,
                "strides": stride,
                "padding": padding,
                "depth_multiplier": self.multiplier,
                "dilation_rate": dilation,
                "use_bias": self.bias,
                "activation": argument,
            },
        )
        names = ("depthwise_kernel", "pointwise_kernel", *(("bias",) if self.bias else ()))
        return lower_to(layer, weights={name: name for name in names}, before=before, after=after)

    def _axes(self, given: Shape) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
        rank = spatial_rank(given, (1, 2))
        return (
            per_axis(self.kernel, rank, "kernel"),
            per_axis(self.stride, rank, "stride"),
            per_axis(self.dilation, rank, "dilation"),
        )

    def _between(self, given: Shape) -> int:
        return known_channels(given) * self.multiplier


@cache
def unequal_strides_layer() -> Any:
    """The layer for strides that differ between the axes."""
    import keras

    @keras.saving.register_keras_serializable("archspec")
    class UnequallyStridedSeparableConv2D(keras.layers.SeparableConv2D):
        """Its first part is a convolution with a group for each channel, which takes any strides."""

        def call(self, inputs: Any) -> Any:
            kernel = keras.ops.reshape(self.depthwise_kernel, (*self.kernel_size, 1, -1))
            outputs = keras.ops.conv(
                inputs, kernel, self.strides, self.padding, "channels_last", dilation_rate=self.dilation_rate
            )
            outputs = keras.ops.conv(outputs, self.pointwise_kernel, 1, "valid", "channels_last")
            if self.use_bias:
                outputs = outputs + self.bias
            return outputs if self.activation is None else self.activation(outputs)

    return UnequallyStridedSeparableConv2D
