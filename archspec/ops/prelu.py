"""Parametric rectifier: values below 0 are multiplied by a slope that is trained.

out = in where in > 0, slope · in elsewhere

The paper has a slope for each channel, or one for all (`slopes: one`); keras.layers.PReLU has one for each value unless
its axes are shared, and begins at 0, where the paper does at 0.25.

Shape:   (batch, …, channels) -> the same; every rank of at least 1.
Weights: alpha (1, …, 1, channels); (1, …, 1) with `slopes: one`, (height, width, channels) with `slopes: value`.
Cost:    none.
Errors:  E0401 the number of input channels is open; with `slopes: value` any size is open.
Source:  He et al., "Delving deep into rectifiers: surpassing human-level performance on ImageNet classification",
         arXiv:1502.01852, section 2.1.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from archspec.ir.footprint import Footprint
from archspec.ir.keras_call import KerasLayer, Lowering, lower_to
from archspec.ir.op import Op, ShapeError, Weight, known_channels
from archspec.ir.reach import Reach, pointwise
from archspec.ir.shape import Shape, is_known, map_dims


class Prelu(Op):
    """A rectifier with trainable slopes."""

    example: ClassVar[str] = """
        archspec: 1
        inputs: {image: [32, 32, 3]}
        layers:
          - conv: {filters: 8, kernel: 3}
          - prelu
    """

    slopes: Literal["channel", "one", "value"] = Field(
        "channel", description="a slope for each `channel`, `one` for all values, or one for each `value`"
    )
    initial: float = Field(0.25, description="what every slope is before training")

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> tuple[Shape, ...]:
        (given,) = inputs
        known_channels(given)
        if self.slopes == "value" and not all(map(is_known, given.dims)):
            raise ShapeError(
                f"a slope for each value needs known sizes, got {given}",
                field="slopes",
                cure="`slopes: channel` serves every size",
            )
        return inputs

    def weights(self, inputs: tuple[Shape, ...]) -> tuple[Weight, ...]:
        (given,) = inputs
        shared = {axis - 1 for axis in self._shared_axes(given)}
        return (Weight("alpha", tuple(_size(given, axis, shared) for axis in range(given.rank))),)

    def reach(self, inputs: tuple[Shape, ...]) -> Reach:
        return pointwise(inputs[0])

    def footprint(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Footprint:
        # Both parts are rectified, and what is rectified is kept; their sum needs neither.
        two = map_dims(lambda size: 2 * size, inputs[0].size)
        return Footprint(keeps_inputs=False, keeps_outputs=False, between=two, passing=inputs[0].size)

    @property
    def ends_in(self) -> str:
        return "prelu"

    def to_keras(self, inputs: tuple[Shape, ...]) -> Lowering:
        initial = KerasLayer("keras.initializers.Constant", {"value": self.initial})
        arguments = {"alpha_initializer": initial, "shared_axes": self._shared_axes(inputs[0]) or None}
        return lower_to(KerasLayer("keras.layers.PReLU", arguments), weights={"alpha": "alpha"})

    def _shared_axes(self, given: Shape) -> tuple[int, ...]:
        """The axes, counted from 1, along which a slope is the same."""
        return {
            "channel": tuple(range(1, given.rank)),
            "one": tuple(range(1, given.rank + 1)),
            "value": (),
        }[self.slopes]


def _size(given: Shape, axis: int, shared: set[int]) -> int:
    size = given.dims[axis]
    if axis in shared:
        return 1
    assert is_known(size)
    return size
