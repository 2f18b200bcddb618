"""Transposed convolution, also called deconvolution: each input value paints a window of the output; 1 to 3 axes.

full[y·s + i·d, x·s + j·d, f] += kernel[i, j, f, c] · in[y, x, c], for all y, x, i, j, c; starting from b[f]

`padding` is what is cut off the full result, as in PyTorch and as `same` in Keras: the layer is the transpose of the
convolution of that padding. `same` gives height·stride, the odd row cut off last. `output_padding` are rows that are
not cut off at the end, and bias alone where the full result ends before them: of the sizes that the convolution takes
to one, it chooses another than the smallest.

Shape:   (batch, height, width, channels) -> (batch, height', width', filters), with height' = (height - 1)·stride +
         (kernel - 1)·dilation + 1 - before - after + output_padding; the same for each axis; with `same`
         height' = height·stride.
Weights: kernel (kh, kw, filters / groups, channels); bias (filters,) if `bias`.
Cost:    MACs per example = height·width·channels·kh·kw·filters / groups, those of what is cut off among them.
Errors:  E0401 wrong rank, the number of input channels is open; E0402 nothing is left, channels or filters not
         divisible by groups, `output_padding` not below the stride, or with `same`.
Source:  Dumoulin, Visin, "A guide to convolution arithmetic for deep learning", arXiv:1603.07285, section 4;
         Zeiler et al., "Deconvolutional networks", 2010.
"""

from __future__ import annotations

import math
from functools import cache
from typing import Any, ClassVar

from pydantic import Field

from archspec.ir.footprint import Footprint
from archspec.ir.keras_call import KerasLayer, Literal, Lowering, lower_to
from archspec.ir.op import Cost, Op, ShapeError, Weight, known_channels, spatial_rank
from archspec.ir.reach import AXES, Reach, Window
from archspec.ir.shape import Shape, is_known, map_dims, product, show, total
from archspec.ops._functions import ActivationName, activation_footprint, lower_activation
from archspec.ops._margins import crop_definition
from archspec.ops._transposition import Geometry, transposed_geometry
from archspec.ops._window import NonNegative, Padding, PerAxis, Positive, times


class TransposedConv(Op):
    """The transpose of convolution; its rank is its input's."""

    principal: ClassVar[str | None] = "filters"
    is_affine: ClassVar[bool] = True
    example: ClassVar[str] = """
        archspec: 1
        inputs: {features: [7, 7, 64]}
        layers:
          - transposed_conv: {filters: 32, kernel: 4, stride: 2, padding: 1, activation: relu}
          - transposed_conv: {filters: 3, kernel: 3, stride: 2, padding: half, output_padding: 1, activation: tanh}
    """

    filters: Positive = Field(description="output channels")
    kernel: PerAxis = Field(description="the window's size along each axis")
    stride: PerAxis = Field((1,), description="the distance between neighbouring windows in the output")
    padding: Padding = Field(
        "valid",
        description="what is cut off: `valid`, `same`, `half`, or amounts: one number, one for each axis, or "
        "[before, after] pairs",
    )
    output_padding: tuple[NonNegative, ...] = Field((0,), description="rows more at the end of each axis")
    dilation: PerAxis = Field((1,), description="the distance between the window's points")
    groups: Positive = Field(1, description="parts that the channels fall into, each convolved on its own")
    bias: bool = Field(True, description="whether a trainable number is added to each filter's output")
    activation: ActivationName = Field("none", description="the function applied to the output")

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> tuple[Shape, ...]:
        (given,) = inputs
        geometry = self._geometry(given)
        self._check_groups(known_channels(given))
        spatial = tuple(
            map_dims(lambda known, pair=pair: known - sum(pair), size)
            for size, pair in zip(geometry.full(given.spatial), geometry.cut, strict=True)
        )
        if any(is_known(size) and size < 1 for size in spatial):
            cuts = " and ".join(str(before + after) for before, after in geometry.cut)
            raise ShapeError(
                f"`padding` must leave something of the full result, got {cuts} to cut off "
                f"{times(geometry.full(given.spatial))}",
                field="padding",
            )
        return (Shape((*spatial, self.filters)),)

    def weights(self, inputs: tuple[Shape, ...]) -> tuple[Weight, ...]:
        (given,) = inputs
        kernel = self._geometry(given).kernel
        weights = (Weight("kernel", (*kernel, self.filters // self.groups, known_channels(given))),)
        return (*weights, Weight("bias", (self.filters,))) if self.bias else weights

    def cost(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Cost:
        (given,), (output,) = inputs, outputs
        fan_out = math.prod(self._geometry(given).kernel) * self.filters // self.groups
        macs = map_dims(lambda values: values * fan_out, given.size)
        return Cost(macs, total((macs, map_dims(lambda units: units * self.bias, output.size))))

    def derivation(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> tuple[str, ...]:
        (given,), (output,) = inputs, outputs
        geometry = self._geometry(given)
        lines = []
        axes = zip(AXES[len(given.spatial)], given.spatial, output.spatial, *geometry, strict=True)
        for name, size, count, k, s, d, (before, after), added in axes:
            if self.padding == "same":
                lines.append(f"{name}: {show(size)}·{s} = {show(count)}, cut off as `same` demands")
                continue
            cut = "".join(f" - {amount}" for amount in (before, after) if amount)
            more = f" + {added}" if added else ""
            lines.append(f"{name}: ({show(size)} - 1)·{s} + ({k} - 1)·{d} + 1{cut}{more} = {show(count)}")
        return tuple(lines)

    def reach(self, inputs: tuple[Shape, ...]) -> Reach:
        (given,) = inputs
        geometry = self._geometry(given)
        axes = zip(geometry.stride, geometry.extent, geometry.cut, strict=True)
        # With a stride a position's window moves by parts of a position, which no window says.
        return tuple(Window(extent, 1, extent - 1 - cut[0]) if s == 1 else None for s, extent, cut in axes)

    def footprint(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Footprint:
        (given,), (output,) = inputs, outputs
        geometry = self._geometry(given)
        activation = activation_footprint(self.activation, output)._replace(keeps_inputs=True)
        if not self._is_keras(geometry):
            spread = (
                map_dims(lambda known, s=s, room=2 * (e - 1): known * s + room, size)
                for size, s, e in zip(given.spatial, geometry.stride, geometry.extent, strict=True)
            )
            return activation._replace(between=total((activation.between, product((*spread, given.channels)))))
        if geometry.is_same:
            return activation
        return activation._replace(passing=Shape((*geometry.full(given.spatial), self.filters)).size)

    def to_keras(self, inputs: tuple[Shape, ...]) -> Lowering:
        (given,) = inputs
        geometry = self._geometry(given)
        argument, activation = lower_activation(self.activation)
        shared: dict[str, Literal] = {
            "filters": self.filters,
            "kernel_size": geometry.kernel,
            "strides": geometry.stride,
            "use_bias": self.bias,
            "activation": argument,
        }
        after = activation or {}
        if not self._is_keras(geometry):
            own: dict[str, Literal] = {"dilation_rate": geometry.dilation, "groups": self.groups}
            cuts: dict[str, Literal] = {"cropping": geometry.cut, "output_padding": geometry.added}
            layer = KerasLayer("archspec.ops.transposed_conv:transposed_conv_layer", {**shared, **own, **cuts})
        else:
            rows = None if geometry.is_same else geometry.added
            padding: dict[str, Literal] = {"padding": "same" if geometry.is_same else "valid", "output_padding": rows}
            layer = KerasLayer(f"keras.layers.Conv{len(geometry.kernel)}DTranspose", {**shared, **padding})
            if not geometry.is_same and any(map(any, geometry.cut)):
                after = {"crop": crop_definition(geometry.cut), **after}
        weights = {"kernel": "kernel", "bias": "bias"} if self.bias else {"kernel": "kernel"}
        return lower_to(layer, weights=weights, after=after)

    def _is_keras(self, geometry: Geometry) -> bool:
        """Whether Keras has the layer: it knows no groups, and its dilation does not run on CPUs."""
        return self.groups == 1 and set(geometry.dilation) == {1}

    def _geometry(self, given: Shape) -> Geometry:
        return transposed_geometry(
            spatial_rank(given), self.kernel, self.stride, self.dilation, self.padding, self.output_padding
        )

    def _check_groups(self, channels: int) -> None:
        if channels % self.groups or self.filters % self.groups:
            raise ShapeError(
                f"`groups` must divide the input's channels and `filters`, got {self.groups} "
                f"for {channels} and {self.filters}",
                field="groups",
            )


@cache
def transposed_conv_layer() -> Any:
    """The layer for groups and dilation."""
    import keras

    @keras.saving.register_keras_serializable("archspec")
    class TransposedConv(keras.layers.Layer):
        """A convolution with the kernel turned round, of the input with `strides - 1` zeros after each value."""

        def __init__(
            self,
            filters: int,
            kernel_size: Any,
            strides: Any,
            dilation_rate: Any,
            groups: int,
            cropping: Any,
            output_padding: Any,
            use_bias: bool = True,
            activation: Any = None,
            **kwargs: Any,
        ) -> None:
            super().__init__(**kwargs)
            self.filters = filters
            self.kernel_size = tuple(kernel_size)
            self.strides = tuple(strides)
            self.dilation_rate = tuple(dilation_rate)
            self.groups = groups
            self.cropping = tuple(tuple(pair) for pair in cropping)
            self.output_padding = tuple(output_padding)
            self.use_bias = use_bias
            self.activation = keras.activations.get(activation)

        def build(self, input_shape: Any) -> None:
            shape = (*self.kernel_size, self.filters // self.groups, input_shape[-1])
            self.kernel = self.add_weight(name="kernel", shape=shape, initializer="glorot_uniform")
            self.bias = (
                self.add_weight(name="bias", shape=(self.filters,), initializer="zeros") if self.use_bias else None
            )

        def call(self, inputs: Any) -> Any:
            axes = zip(self.strides, self._extent(), self.cropping, self.output_padding, strict=True)
            for axis, (step, extent, (before, after), added) in enumerate(axes, start=1):
                shape = keras.ops.shape(inputs)
                zeros = [(0, step - 1) if place == axis + 1 else (0, 0) for place in range(len(shape) + 1)]
                inputs = keras.ops.pad(keras.ops.expand_dims(inputs, axis + 1), zeros)
                inputs = keras.ops.reshape(inputs, (*shape[:axis], shape[axis] * step, *shape[axis + 1 :]))
                first, last = extent - 1 - before, extent - 1 - after + added - (step - 1)
                room = [(max(first, 0), max(last, 0)) if place == axis else (0, 0) for place in range(len(shape))]
                inputs = keras.ops.pad(inputs, room)
                kept = slice(max(-first, 0), min(last, 0) or None)
                inputs = inputs[tuple(kept if place == axis else slice(None) for place in range(len(shape)))]
            outputs = keras.ops.conv(
                inputs, self._turned_kernel(), 1, "valid", "channels_last", dilation_rate=self.dilation_rate
            )
            if self.bias is not None:
                outputs = outputs + self.bias
            return outputs if self.activation is None else self.activation(outputs)

        def _turned_kernel(self) -> Any:
            """The kernel as a convolution of groups has it: (…, channels / groups, filters)."""
            rank = len(self.kernel_size)
            turned = keras.ops.flip(self.kernel, axis=tuple(range(rank)))
            parts = (*self.kernel_size, self.filters // self.groups, self.groups, -1)
            order = (*range(rank), rank + 2, rank + 1, rank)
            return keras.ops.reshape(
                keras.ops.transpose(keras.ops.reshape(turned, parts), order), (*self.kernel_size, -1, self.filters)
            )

        def _extent(self) -> Any:
            return [(size - 1) * step + 1 for size, step in zip(self.kernel_size, self.dilation_rate, strict=True)]

        def compute_output_shape(self, input_shape: Any) -> Any:
            spatial = []
            axes = zip(input_shape[1:-1], self.strides, self._extent(), self.cropping, self.output_padding, strict=True)
            for length, step, extent, pair, added in axes:
                spatial.append(None if length is None else (length - 1) * step + extent + added - sum(pair))
            return (input_shape[0], *spatial, self.filters)

        def get_config(self) -> dict[str, Any]:
            own = {
                "filters": self.filters,
                "kernel_size": self.kernel_size,
                "strides": self.strides,
                "dilation_rate": self.dilation_rate,
                "groups": self.groups,
                "cropping": self.cropping,
                "output_padding": self.output_padding,
                "use_bias": self.use_bias,
                "activation": keras.activations.serialize(self.activation),
            }
            return {**super().get_config(), **own}

    return TransposedConv
