"""Convolution over many channels, of 1-, 2- or 3-dimensional inputs.

out[y, x, f] = b[f] + Σ_{i, j, c} kernel[i, j, c, f] · in[y·s + i·d - p, x·s + j·d - p, c]

Shape:   (batch, height, width, channels) -> (batch, height', width', filters), with
         height' = floor((height + before + after - (kernel - 1)·dilation - 1) / stride) + 1; the same for each axis.
Weights: kernel (kh, kw, channels / groups, filters); bias (filters,) if `bias`; for `kernel_norm`, g (filters,) with
         `weight`, and vector_u (filters,) with `spectral`, which no gradient changes.
Cost:    MACs per example = height'·width'·filters·kh·kw·channels / groups.
Errors:  E0401 wrong rank; E0402 the window does not fit, channels or filters not divisible by groups, stride and
         dilation both above 1, `reflect` reaching past the input, `same` with a stride and another fill than zeros
         on an open size.
Source:  LeCun et al., "Gradient-based learning applied to document recognition", 1998, section II.A;
         groups: Krizhevsky et al., "ImageNet classification with deep convolutional neural networks", 2012;
         kernel_norm: arXiv:1602.07868 (`weight`), arXiv:1802.05957 (`spectral`), arXiv:1903.10520 (`standardize`).
"""

from __future__ import annotations

import math
from typing import ClassVar

from pydantic import Field

from archspec.ir.footprint import Footprint
from archspec.ir.keras_call import KerasLayer, Lowering, lower_to
from archspec.ir.op import Cost, Op, ShapeError, Weight, known_channels, spatial_rank
from archspec.ir.reach import Reach
from archspec.ir.shape import Shape, map_dims
from archspec.ops._functions import ActivationName, activation_footprint, lower_activation
from archspec.ops._kernel_norm import KERNEL_NORM_HELP, KernelNorm, kernel_norm_weights, with_kernel_norm
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


class Conv(Op):
    """Convolution; its rank is its input's."""

    principal: ClassVar[str | None] = "filters"
    is_affine: ClassVar[bool] = True
    example: ClassVar[str] = """
        archspec: 1
        inputs: {image: [28, 28, 3]}
        layers:
          - conv: {filters: 8, kernel: 3, padding: same, activation: relu}
    """

    filters: Positive = Field(description="output channels")
    kernel: PerAxis = Field(description="the window's size along each axis")
    stride: PerAxis = Field((1,), description="the window's step along each axis")
    padding: Padding = Field("valid", description=PADDING_HELP)
    fill: Fill = Field("zeros", description=FILL_HELP)
    dilation: PerAxis = Field((1,), description="the distance between the window's points")
    groups: Positive = Field(1, description="parts that the channels fall into, each convolved on its own")
    bias: bool = Field(True, description="whether a trainable number is added to each filter's output")
    kernel_norm: KernelNorm = Field("none", description=KERNEL_NORM_HELP)
    activation: ActivationName = Field("none", description="the function applied to the output")

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> tuple[Shape, ...]:
        (given,) = inputs
        kernel, stride, dilation = self._axes(given)
        self._check_groups(known_channels(given))
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
        kernel, _, _ = self._axes(given)
        weights = (Weight("kernel", (*kernel, known_channels(given) // self.groups, self.filters)),)
        bias = (Weight("bias", (self.filters,)),) if self.bias else ()
        return (*weights, *bias, *kernel_norm_weights(self.kernel_norm, self.filters))

    def cost(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Cost:
        (given,), (output,) = inputs, outputs
        kernel, _, _ = self._axes(given)
        fan_in = math.prod(kernel) * known_channels(given) // self.groups
        return Cost(
            macs=map_dims(lambda units: units * fan_in, output.size),
            connections=map_dims(lambda units: units * (fan_in + self.bias), output.size),
        )

    def derivation(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> tuple[str, ...]:
        (given,), (output,) = inputs, outputs
        kernel, stride, dilation = self._axes(given)
        return derive_windows(given.spatial, output.spatial, kernel, stride, dilation, self.padding)

    def reach(self, inputs: tuple[Shape, ...]) -> Reach:
        (given,) = inputs
        return window_reach(given.spatial, *self._axes(given), self.padding)

    def footprint(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Footprint:
        (given,) = inputs
        kernel, stride, dilation = self._axes(given)
        margins = copied_margins(self.padding, self.fill, given.spatial, kernel, stride, dilation)
        activation = activation_footprint(self.activation, outputs[0])
        return activation._replace(keeps_inputs=True, copied=padded_copy(given, margins))

    def to_keras(self, inputs: tuple[Shape, ...]) -> Lowering:
        (given,) = inputs
        kernel, stride, dilation = self._axes(given)
        padding, before = lower_margins(self.padding, self.fill, given.spatial, kernel, stride, dilation)
        argument, after = lower_activation(self.activation)
        layer = KerasLayer(
            f"keras.layers.Conv{len(kernel)}D",
            {
                "filters": self.filters,
                "kernel_size": kernel,
                "strides": stride,
                "padding": padding,
                "dilation_rate": dilation,
                "groups": self.groups,
                "use_bias": self.bias,
                "activation": argument,
            },
        )
        normed = with_kernel_norm(self.kernel_norm, layer)
        weights = {weight.name: weight.name for weight in self.weights(inputs)}
        return lower_to(normed, weights=weights, before=before, after=after)

    def _axes(self, given: Shape) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
        rank = spatial_rank(given)
        return (
            per_axis(self.kernel, rank, "kernel"),
            per_axis(self.stride, rank, "stride"),
            per_axis(self.dilation, rank, "dilation"),
        )

    def _check_groups(self, channels: int) -> None:
        if channels % self.groups or self.filters % self.groups:
            raise ShapeError(
                f"`groups` must divide the input's channels and `filters`, got {self.groups} "
                f"for {channels} and {self.filters}",
                field="groups",
            )
