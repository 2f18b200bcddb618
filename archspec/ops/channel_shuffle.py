"""Deals out the channels of several groups in turn, so that a grouped layer after it sees channels of every group.

out[…, j·groups + i] = in[…, i·(channels / groups) + j]

Shape:   (batch, …, channels) -> the same.
Weights: none.
Cost:    none.
Errors:  E0401 the number of input channels is open; E0402 `groups` does not divide it.
Source:  Zhang et al., "ShuffleNet: an extremely efficient convolutional neural network for mobile devices",
         arXiv:1707.01083, section 3.1, figure 1c.
"""

from __future__ import annotations

from functools import cache
from typing import Any, ClassVar

from pydantic import Field

from archspec.ir.footprint import KEEPS_NOTHING, Footprint
from archspec.ir.keras_call import KerasLayer, Lowering, lower_to
from archspec.ir.op import Op, ShapeError, known_channels
from archspec.ir.reach import Reach, pointwise
from archspec.ir.shape import Shape
from archspec.ops._window import Positive


class ChannelShuffle(Op):
    """The channels of several groups, in turn."""

    principal: ClassVar[str | None] = "groups"
    is_affine: ClassVar[bool] = True
    example: ClassVar[str] = """
        archspec: 1
        inputs: {image: [28, 28, 12]}
        layers:
          - conv: {filters: 12, kernel: 1, groups: 3}
          - channel_shuffle: 3
          - conv: {filters: 24, kernel: 1, groups: 3}
    """

    groups: Positive = Field(description="the number of groups, each of channels that stand side by side")

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> tuple[Shape, ...]:
        (given,) = inputs
        channels = known_channels(given)
        if channels % self.groups:
            raise ShapeError(
                f"`groups` must divide the input's channels, got {self.groups} for {channels}", field="groups"
            )
        return inputs

    def reach(self, inputs: tuple[Shape, ...]) -> Reach:
        return pointwise(inputs[0])

    def footprint(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Footprint:
        return KEEPS_NOTHING

    def to_keras(self, inputs: tuple[Shape, ...]) -> Lowering:
        return lower_to(KerasLayer("archspec.ops.channel_shuffle:channel_shuffle_layer", {"groups": self.groups}))


@cache
def channel_shuffle_layer() -> Any:
    """The layer, which Keras lacks."""
    import keras

    @keras.saving.register_keras_serializable("archspec")
    class ChannelShuffle(keras.layers.Layer):
        """The last axis as groups side by side, dealt out in turn."""

        def __init__(self, groups: int, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.groups = groups

        def call(self, inputs: Any) -> Any:
            shape = keras.ops.shape(inputs)
            groups = keras.ops.reshape(inputs, (*shape[:-1], self.groups, shape[-1] // self.groups))
            return keras.ops.reshape(keras.ops.swapaxes(groups, -1, -2), shape)

        def compute_output_shape(self, input_shape: Any) -> Any:
            return input_shape

        def get_config(self) -> dict[str, Any]:
            return {**super().get_config(), "groups": self.groups}

    return ChannelShuffle
