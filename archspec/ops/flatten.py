"""Flattens all axes into one; the last axis varies fastest, so the channels of a position stay together.

out[(y·width + x)·channels + c] = in[y, x, c]

Shape:   (batch, height, width, channels) -> (batch, height·width·channels); every rank. Open where a size is open.
Weights: none.
Cost:    none.
Errors:  none.
Source:  row-major order of the channels-last layout, as keras.layers.Flatten.
"""

from __future__ import annotations

from typing import ClassVar

from archspec.ir.footprint import KEEPS_NOTHING, Footprint
from archspec.ir.keras_call import KerasLayer, Lowering, lower_to
from archspec.ir.op import Op
from archspec.ir.reach import Reach, everywhere
from archspec.ir.shape import Shape, show


class Flatten(Op):
    """All axes in one."""

    is_affine: ClassVar[bool] = True
    example: ClassVar[str] = """
        archspec: 1
        inputs: {image: [5, 5, 16]}
        layers:
          - flatten
          - dense: 10
    """

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> tuple[Shape, ...]:
        (given,) = inputs
        return (Shape((given.size,)),)

    def derivation(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> tuple[str, ...]:
        (given,), (output,) = inputs, outputs
        return (f"features: {'·'.join(map(show, given.dims))} = {show(output.dims[0])}",)

    def reach(self, inputs: tuple[Shape, ...]) -> Reach:
        return everywhere(inputs[0])

    def footprint(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Footprint:
        return KEEPS_NOTHING._replace(is_view=True)

    def to_keras(self, inputs: tuple[Shape, ...]) -> Lowering:
        return lower_to(KerasLayer("keras.layers.Flatten"))
