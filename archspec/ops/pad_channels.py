"""Appends channels of zeros, so that a shortcut without weights has as many channels as what it is added to.

out[…, before + c] = in[…, c], and 0 elsewhere, with before = 0; for `at: centre` floor((to - channels) / 2)

Shape:   (batch, …, channels) -> (batch, …, to); every rank.
Weights: none.
Cost:    none.
Errors:  E0401 the number of input channels is open; E0402 `to` is below it.
Source:  He et al., "Deep residual learning for image recognition", arXiv:1512.03385, section 3.3, option A; also Han
         et al., "Deep pyramidal residual networks", arXiv:1610.02915, section 2.2.
"""

from __future__ import annotations

from functools import cache
from typing import Any, ClassVar, Literal

from pydantic import Field

from archspec.ir.footprint import KEEPS_NOTHING, Footprint
from archspec.ir.keras_call import KerasLayer, Lowering, lower_to
from archspec.ir.op import Op, ShapeError, known_channels
from archspec.ir.reach import Reach, pointwise
from archspec.ir.shape import Shape
from archspec.ops._window import Positive


class PadChannels(Op):
    """The input with channels of zeros."""

    principal: ClassVar[str | None] = "to"
    is_affine: ClassVar[bool] = True
    example: ClassVar[str] = """
        archspec: 1
        inputs: {image: [32, 32, 16]}
        layers:
          - add:
              main: [conv: {filters: 32, kernel: 3, stride: 2, padding: half}]
              shortcut: [average_pool: {size: 1, stride: 2}, pad_channels: 32]
    """

    to: Positive = Field(description="the number of channels of the output")
    at: Literal["end", "centre"] = Field(
        "end", description="where the zeros stand: all at the `end`, or half before and half after (`centre`)"
    )

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> tuple[Shape, ...]:
        (given,) = inputs
        channels = known_channels(given)
        if channels > self.to:
            raise ShapeError(
                f"`to` must be at least the input's number of channels, got {self.to} for {channels}",
                field="to",
                cure="a 1x1 `conv` takes channels away",
            )
        return (given.with_channels(self.to),)

    def derivation(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> tuple[str, ...]:
        before, after = self._amounts(inputs[0])
        amounts = f"{before} + " if before else ""
        return (f"channels: {amounts}{known_channels(inputs[0])} + {after} = {self.to}",)

    def reach(self, inputs: tuple[Shape, ...]) -> Reach:
        return pointwise(inputs[0])

    def footprint(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Footprint:
        return KEEPS_NOTHING

    def to_keras(self, inputs: tuple[Shape, ...]) -> Lowering:
        layer = KerasLayer("archspec.ops.pad_channels:pad_channels_layer", {"amounts": self._amounts(inputs[0])})
        return lower_to(layer)

    def _amounts(self, given: Shape) -> tuple[int, int]:
        """The zeros before and after."""
        missing = self.to - known_channels(given)
        before = missing // 2 if self.at == "centre" else 0
        return before, missing - before


@cache
def pad_channels_layer() -> Any:
    """The layer: Keras' own padding layers leave the channels alone."""
    import keras

    @keras.saving.register_keras_serializable("archspec")
    class PadChannels(keras.layers.Layer):
        """Zeros before and after the channels."""

        def __init__(self, amounts: Any, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.amounts = tuple(amounts)

        def call(self, inputs: Any) -> Any:
            return keras.ops.pad(inputs, (*((0, 0),) * (len(inputs.shape) - 1), self.amounts))

        def compute_output_shape(self, input_shape: Any) -> Any:
            return (*input_shape[:-1], input_shape[-1] + sum(self.amounts))

        def get_config(self) -> dict[str, Any]:
            return {**super().get_config(), "amounts": self.amounts}

    return PadChannels
