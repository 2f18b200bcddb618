"""Appends the coordinates of each position as channels, so that what follows can see where it is (CoordConv).

out[y, x] = in[y, x], then 2·x / (width - 1) - 1, then 2·y / (height - 1) - 1; with `radius` then the root of the sum of
their squares. An axis of one position has the coordinate -1 there.

Shape:   (batch, height, width, channels) -> (batch, height, width, channels + 2), + 3 with `radius`; likewise with 1 or
         3 axes, each of which has a channel, the last axis first.
Weights: none.
Cost:    none.
Errors:  E0401 wrong rank.
Source:  Liu et al., "An intriguing failing of convolutional neural networks and the CoordConv solution",
         arXiv:1807.03247, section 3; the radius: its appendix S9, here of coordinates in [-1, 1].
"""

from __future__ import annotations

from functools import cache
from typing import Any, ClassVar

from pydantic import Field

from archspec.ir.footprint import KEEPS_NOTHING, Footprint
from archspec.ir.keras_call import KerasLayer, Lowering, lower_to
from archspec.ir.op import Op, spatial_rank
from archspec.ir.reach import Reach, pointwise
from archspec.ir.shape import Shape, map_dims, show


class CoordinateChannels(Op):
    """The input with its positions' coordinates."""

    is_affine: ClassVar[bool] = True
    example: ClassVar[str] = """
        archspec: 1
        inputs: {image: [64, 64, 3]}
        layers:
          - coordinate_channels
          - conv: {filters: 8, kernel: 1}
    """

    radius: bool = Field(False, description="whether the distance from the centre is appended too")

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> tuple[Shape, ...]:
        (given,) = inputs
        more = spatial_rank(given) + self.radius
        return (given.with_channels(map_dims(lambda channels: channels + more, given.channels)),)

    def derivation(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> tuple[str, ...]:
        (given,), (output,) = inputs, outputs
        radius = " + 1" if self.radius else ""
        return (f"channels: {show(given.channels)} + {len(given.spatial)}{radius} = {show(output.channels)}",)

    def reach(self, inputs: tuple[Shape, ...]) -> Reach:
        return pointwise(inputs[0])

    def footprint(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Footprint:
        return KEEPS_NOTHING

    def to_keras(self, inputs: tuple[Shape, ...]) -> Lowering:
        target = "archspec.ops.coordinate_channels:coordinate_channels_layer"
        return lower_to(KerasLayer(target, {"radius": self.radius}))


@cache
def coordinate_channels_layer() -> Any:
    """The layer, which Keras lacks."""
    import keras

    @keras.saving.register_keras_serializable("archspec")
    class CoordinateChannels(keras.layers.Layer):
        """Coordinates in [-1, 1] after the channels, of the last spatial axis first."""

        def __init__(self, radius: bool, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.radius = radius

        def call(self, inputs: Any) -> Any:
            # In 32 bits, for 16 do not tell the positions of a large map apart until the end.
            positions = keras.ops.ones_like(inputs[..., :1], dtype="float32")
            coordinates = []
            for axis in range(len(inputs.shape) - 2, 0, -1):
                size = keras.ops.shape(inputs)[axis]
                places = keras.ops.cast(keras.ops.arange(size, dtype="int32"), "float32")
                last = keras.ops.cast(keras.ops.maximum(size - 1, 1), "float32")
                along = [-1 if axis == one else 1 for one in range(len(inputs.shape))]
                coordinates.append(positions * keras.ops.reshape(2 * places / last - 1, along))
            if self.radius:
                coordinates.append(keras.ops.sqrt(sum(one * one for one in coordinates)))
            given = [keras.ops.cast(one, inputs.dtype) for one in coordinates]
            return keras.ops.concatenate([inputs, *given], axis=-1)

        def compute_output_shape(self, input_shape: Any) -> Any:
            channels = None if input_shape[-1] is None else input_shape[-1] + len(input_shape) - 2 + self.radius
            return (*input_shape[:-1], channels)

        def get_config(self) -> dict[str, Any]:
            return {**super().get_config(), "radius": self.radius}

    return CoordinateChannels
