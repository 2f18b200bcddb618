"""Repeats a vector as every position of a sequence, so that a recurrent layer can unfold it.

out[i] = in, for i < times

Shape:   (batch, channels) -> (batch, times, channels).
Weights: none.
Cost:    none.
Errors:  E0401 the input is no vector.
Source:  keras.layers.RepeatVector; Cho et al., arXiv:1406.1078, section 2.2, where the decoder sees the summary at each
         position.
"""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from archspec.ir.footprint import KEEPS_NOTHING, Footprint
from archspec.ir.keras_call import KerasLayer, Lowering, lower_to
from archspec.ir.op import Op, ShapeError
from archspec.ir.reach import Reach, everywhere
from archspec.ir.shape import Shape
from archspec.ops._window import Positive


class RepeatVector(Op):
    """One vector at every position."""

    principal: ClassVar[str | None] = "times"
    is_affine: ClassVar[bool] = True
    example: ClassVar[str] = """
        archspec: 1
        inputs: {series: [48, 6]}
        layers:
          - global_average_pool
          - repeat_vector: 12
          - dense: 4
    """

    times: Positive = Field(description="the length of the sequence")

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> tuple[Shape, ...]:
        (given,) = inputs
        if given.rank != 1:
            raise ShapeError(f"the input must be a vector, (channels), got {given}")
        return (Shape((self.times, given.channels)),)

    def reach(self, inputs: tuple[Shape, ...]) -> Reach:
        return everywhere(inputs[0])

    def footprint(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Footprint:
        return KEEPS_NOTHING

    def to_keras(self, inputs: tuple[Shape, ...]) -> Lowering:
        return lower_to(KerasLayer("keras.layers.RepeatVector", {"n": self.times}))
