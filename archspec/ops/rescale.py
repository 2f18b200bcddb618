"""Multiplication by a constant and addition of another, as for pixels of 0 to 255 that a network expects in -1 to 1.

out = in · scale + offset

Shape:   any -> the same.
Weights: none.
Cost:    none.
Errors:  E0401 several numbers for an open number of channels; E0402 neither one number nor one for each channel.
Source:  keras.layers.Rescaling.
"""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from archspec.ir.footprint import KEEPS_NOTHING, Footprint
from archspec.ir.keras_call import KerasLayer, Lowering, lower_to
from archspec.ir.op import Op
from archspec.ir.reach import Reach, pointwise
from archspec.ir.shape import Shape
from archspec.ops._per_channel import PerChannel, check_per_channel, lone_or_all


class Rescale(Op):
    """Fixed factors and addends."""

    principal: ClassVar[str | None] = "scale"
    is_affine: ClassVar[bool] = True
    example: ClassVar[str] = """
        archspec: 1
        inputs: {image: [32, 32, 3]}
        layers:
          - rescale: {scale: $(1 / 127.5), offset: -1}
          - conv: {filters: 8, kernel: 3}
    """

    scale: PerChannel = Field(description="what the input is multiplied by: one number, or one for each channel")
    offset: PerChannel = Field((0.0,), description="what is added then: one number, or one for each channel")

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> tuple[Shape, ...]:
        (given,) = inputs
        check_per_channel(self.scale, given, "scale")
        check_per_channel(self.offset, given, "offset")
        return inputs

    def reach(self, inputs: tuple[Shape, ...]) -> Reach:
        return pointwise(inputs[0])

    def footprint(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Footprint:
        return KEEPS_NOTHING._replace(in_place=True)

    def to_keras(self, inputs: tuple[Shape, ...]) -> Lowering:
        arguments = {"scale": lone_or_all(self.scale), "offset": lone_or_all(self.offset)}
        return lower_to(KerasLayer("keras.layers.Rescaling", arguments))
