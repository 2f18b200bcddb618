"""Margins put around an input or cut off it, as Keras layers: what convolution, pooling, `pad` and `crop` share."""

from __future__ import annotations

from functools import cache
from typing import Any

from archspec.ir.keras_call import KerasLayer
from archspec.ir.shape import Dim, Shape, map_dims, product
from archspec.ops._window import Margins, Padding, explicit_margins, same_margins


def lower_margins(
    padding: Padding,
    fill: str,
    spatial: tuple[Dim, ...],
    kernel: tuple[int, ...],
    stride: tuple[int, ...],
    dilation: tuple[int, ...],
) -> tuple[str, dict[str, KerasLayer]]:
    """The `padding` argument of a Keras window layer, and the layers to place before it."""
    margins = copied_margins(padding, fill, spatial, kernel, stride, dilation)
    if margins:
        return "valid", {"pad": pad_definition(margins, fill)}
    is_padded = padding == "same" or any(map(any, explicit_margins(padding, kernel, dilation) or ()))
    return ("same" if is_padded and fill == "zeros" else "valid"), {}


def copied_margins(
    padding: Padding,
    fill: str,
    spatial: tuple[Dim, ...],
    kernel: tuple[int, ...],
    stride: tuple[int, ...],
    dilation: tuple[int, ...],
) -> Margins:
    """The margins that a layer of their own must put around the input; none where a Keras window layer's own do."""
    margins = explicit_margins(padding, kernel, dilation)
    if margins is None:
        if fill == "zeros":
            return ()
        margins = same_margins(spatial, kernel, stride, dilation)
    if not any(map(any, margins)):
        return ()
    steps_by_one = set(stride) == {1}
    if fill == "zeros" and steps_by_one and margins == same_margins(spatial, kernel, stride, dilation):
        return ()
    return margins


def padded_copy(given: Shape, margins: Margins) -> Dim:
    """The values of the input with margins around it; 0 where there are none, and no copy is made."""
    if not any(map(any, margins)):
        return 0
    sizes = (
        map_dims(lambda size, pair=pair: size + sum(pair), size)
        for size, pair in zip(given.spatial, margins, strict=True)
    )
    return product((*sizes, given.channels))


def pad_definition(margins: Margins, fill: str) -> KerasLayer:
    """The layer that surrounds its input with `margins` of `fill`."""
    if fill == "zeros":
        return KerasLayer(
            f"keras.layers.ZeroPadding{len(margins)}D", {"padding": margins if len(margins) > 1 else margins[0]}
        )
    return KerasLayer("archspec.ops._margins:pad_layer", {"margins": margins, "fill": fill})


def crop_definition(margins: Margins) -> KerasLayer:
    """The layer that cuts `margins` off its input."""
    return KerasLayer(
        f"keras.layers.Cropping{len(margins)}D", {"cropping": margins if len(margins) > 1 else margins[0]}
    )


@cache
def pad_layer() -> Any:
    """The layer for the fills that Keras' own padding layers lack."""
    import keras

    @keras.saving.register_keras_serializable("archspec")
    class Pad(keras.layers.Layer):
        """Surrounds the spatial axes with copies of the edge, mirrored values, or the lowest number."""

        def __init__(self, margins: Any, fill: str, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.margins = tuple(tuple(pair) for pair in margins)
            self.fill = fill

        def call(self, inputs: Any) -> Any:
            widths = ((0, 0), *self.margins, (0, 0))
            if self.fill == "reflect":
                return keras.ops.pad(inputs, widths, mode="reflect")
            if self.fill == "lowest":
                return keras.ops.pad(inputs, widths, constant_values=float("-inf"))
            # keras.ops.pad has no edge mode on TensorFlow, so the edge is gathered as often as it is wanted.
            for axis, (before, after) in enumerate(self.margins, start=1):
                size = keras.ops.shape(inputs)[axis]
                places = keras.ops.clip(keras.ops.arange(-before, size + after), 0, size - 1)
                inputs = keras.ops.take(inputs, places, axis=axis)
            return inputs

        def compute_output_shape(self, input_shape: Any) -> Any:
            spatial = zip(input_shape[1:-1], self.margins, strict=True)
            padded = (None if size is None else size + before + after for size, (before, after) in spatial)
            return (input_shape[0], *padded, input_shape[-1])

        def get_config(self) -> dict[str, Any]:
            return {**super().get_config(), "margins": self.margins, "fill": self.fill}

    return Pad
