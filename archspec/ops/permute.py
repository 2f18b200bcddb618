"""Puts the axes in another order.

out's axis k is the input's axis order[k], both counted from 1 and without the batch: [2, 1] turns (length, channels)
round

Shape:   (batch, d_1, …, d_n) -> (batch, d_order[1], …, d_order[n]).
Weights: none.
Cost:    none.
Errors:  E0402 `order` does not hold each of the input's axes once.
Source:  keras.layers.Permute; Tolstikhin et al., "MLP-Mixer: an all-MLP architecture for vision", arXiv:2105.01601,
         figure 1, where it stands before and after the mixing of tokens.
"""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from archspec.ir.footprint import KEEPS_NOTHING, Footprint
from archspec.ir.keras_call import KerasLayer, Lowering, lower_to
from archspec.ir.op import Op, ShapeError
from archspec.ir.reach import Reach, everywhere, pointwise
from archspec.ir.shape import Shape
from archspec.ops._window import Positive


class Permute(Op):
    """The same values with their axes in another order."""

    principal: ClassVar[str | None] = "order"
    is_affine: ClassVar[bool] = True
    example: ClassVar[str] = """
        archspec: 1
        inputs: {tokens: [49, 32]}
        layers:
          - permute: [2, 1]
          - dense: 49
          - permute: [2, 1]
    """

    order: Annotated[tuple[Positive, ...], Field(min_length=1)] = Field(
        description="the input's axes, counted from 1 without the batch, in their new order"
    )

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> tuple[Shape, ...]:
        (given,) = inputs
        if sorted(self.order) != list(range(1, given.rank + 1)):
            axes = ", ".join(map(str, range(1, given.rank + 1)))
            raise ShapeError(
                f"`order` must hold each of the input's axes once, {axes or 'of which there are none'}, got "
                f"[{', '.join(map(str, self.order))}] for {given}",
                field="order",
            )
        return (Shape(tuple(given.dims[axis - 1] for axis in self.order)),)

    def reach(self, inputs: tuple[Shape, ...]) -> Reach:
        (given,) = inputs
        # Along which axis of the output a position of the input lies, no window says.
        stays = self.order == tuple(range(1, given.rank + 1))
        return pointwise(given) if stays else everywhere(given)

    def footprint(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Footprint:
        return KEEPS_NOTHING

    def to_keras(self, inputs: tuple[Shape, ...]) -> Lowering:
        return lower_to(KerasLayer("keras.layers.Permute", {"dims": self.order}))
