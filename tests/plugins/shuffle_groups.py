"""Shuffled groups: the channels of several groups, interleaved.

out[y, x, j * groups + i] = in[y, x, i * (channels / groups) + j], for group i and its channel j

Shape:   (batch, height, width, channels) -> the same; the same for 1 and 3 spatial axes.
Weights: none.
Cost:    none.
Errors:  E0401 wrong rank, or more than one open size; E0402 the groups do not divide the channels.
Source:  Zhang et al., "ShuffleNet: an extremely efficient convolutional neural network for mobile devices",
         arXiv:1707.01083, section 3.1.
"""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from archspec.ir.keras_call import KerasLayer, Lowering, lower_to
from archspec.ir.op import Op, ShapeError, known_channels, spatial_rank
from archspec.ir.shape import Shape


class ShuffleGroups(Op):
    """The channels of several groups, interleaved."""

    principal: ClassVar[str | None] = "groups"
    example: ClassVar[str] = """
        archspec: 1
        inputs: {image: [8, 8, 6]}
        layers:
          - conv: {filters: 6, kernel: 1, groups: 2}
          - shuffle_groups: 2
    """

    groups: int = Field(ge=1, description="the number of groups")

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> tuple[Shape, ...]:
        (given,) = inputs
        spatial_rank(given)
        channels = known_channels(given)
        if channels % self.groups:
            raise ShapeError(f"the groups must divide {channels} channels, got {self.groups}", field="groups")
        if given.static_dims.count(None) > 1:
            raise ShapeError(f"at most one size may be open, got {given}")
        return (given,)

    def to_keras(self, inputs: tuple[Shape, ...]) -> Lowering:
        (given,) = inputs
        channels = known_channels(given)
        grouped = KerasLayer("keras.layers.Reshape", {"target_shape": (-1, self.groups, channels // self.groups)})
        sizes = tuple(-1 if size is None else size for size in given.static_dims[:-1])
        joined = KerasLayer("keras.layers.Reshape", {"target_shape": (*sizes, channels)})
        return lower_to(
            KerasLayer("keras.layers.Permute", {"dims": (1, 3, 2)}), before={"split": grouped}, after={"join": joined}
        )
