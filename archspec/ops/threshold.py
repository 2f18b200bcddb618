"""Values above a threshold as they are, and a constant in place of the others.

out = in where in > threshold, otherwise where not

Shape:   any -> the same.
Weights: none.
Cost:    none.
Errors:  none beyond illegal fields.
Source:  keras.activations.threshold; with a constant of 0: Konda, Memisevic, Krueger, "Zero-bias autoencoders and the
         benefits of co-adapting features", arXiv:1402.3337, equation 8, whose threshold is 1.
"""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from archspec.ir.footprint import KEEPS_NOTHING, Footprint
from archspec.ir.keras_call import KerasLayer, Lowering, lower_to
from archspec.ir.op import Op
from archspec.ir.reach import Reach, pointwise
from archspec.ir.shape import Shape, map_dims


class Threshold(Op):
    """Values above a threshold."""

    principal: ClassVar[str | None] = "threshold"
    example: ClassVar[str] = """
        archspec: 1
        inputs: {features: [10]}
        layers:
          - dense: {units: 20, bias: false}
          - threshold: 1
    """

    threshold: float = Field(description="what a value must be above to be kept")
    otherwise: float = Field(0.0, description="what the others become")

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> tuple[Shape, ...]:
        return inputs

    def reach(self, inputs: tuple[Shape, ...]) -> Reach:
        return pointwise(inputs[0])

    def footprint(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Footprint:
        # Which values are kept is kept, a byte for each.
        return KEEPS_NOTHING._replace(between=map_dims(lambda size: (size + 3) // 4, inputs[0].size))

    @property
    def ends_in(self) -> str:
        return "threshold"

    def to_keras(self, inputs: tuple[Shape, ...]) -> Lowering:
        layer = KerasLayer(
            "archspec.ops.families.activation:function_of_numbers_layer",
            {"function": "threshold", "numbers": (self.threshold, self.otherwise)},
        )
        return lower_to(layer)
