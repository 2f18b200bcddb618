"""Max pooling: the largest value in each window, channel by channel, of 1-, 2- or 3-dimensional inputs.

out[y, x, c] = max_{i, j} in[y·s + i - p, x·s + j - p, c], where positions in the padding never win, or hold 0 with
`count_padding`

Shape:   (batch, height, width, channels) -> (batch, height', width', channels), with
         height' = floor((height + before + after - size) / stride) + 1; the same for each axis. With `round: up` the
         ceiling takes the floor's place, and a window that would start past the input is left out; with
         `padding: same` height' = ceil(height / stride), and nothing is left to round.
Weights: none.
Cost:    none.
Errors:  E0401 wrong rank; E0402 the window does not fit, the padding is not below the size, or rounding up depends on
         an open size, or `count_padding` with `same` and a stride does.
Source:  Ranzato, Huang, Boureau, LeCun, "Unsupervised learning of invariant feature hierarchies with applications to
         object recognition", 2007; rounding: Caffe's pooling layer, arXiv:1408.5093.
"""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from archspec.ir.footprint import Footprint
from archspec.ir.keras_call import KerasLayer, Lowering, lower_to
from archspec.ir.op import Op
from archspec.ir.reach import Reach
from archspec.ir.shape import Shape
from archspec.ops._margins import pad_definition, padded_copy
from archspec.ops._pooling import ROUND_HELP, SIZE_HELP, STRIDE_HELP, Rounding, Windows, pool_windows
from archspec.ops._window import PADDING_HELP, Padding, PerAxis


class MaxPool(Op):
    """The largest value in each window."""

    principal: ClassVar[str | None] = "size"
    example: ClassVar[str] = """
        archspec: 1
        inputs: {image: [28, 28, 3]}
        layers:
          - max_pool: {size: 3, stride: 2, padding: half}
    """

    size: PerAxis = Field(description=SIZE_HELP)
    stride: PerAxis | None = Field(None, description=STRIDE_HELP)
    padding: Padding = Field("valid", description=PADDING_HELP)
    round: Rounding = Field("down", description=ROUND_HELP)
    count_padding: bool = Field(False, description="whether zeros in the padding take part, as if padded before")

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> tuple[Shape, ...]:
        (given,) = inputs
        windows = self._windows(inputs)
        if self.count_padding:
            windows.known_margins(given)
        return (windows.output,)

    def derivation(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> tuple[str, ...]:
        (given,) = inputs
        return self._windows(inputs).derivation(given)

    def reach(self, inputs: tuple[Shape, ...]) -> Reach:
        (given,) = inputs
        return self._windows(inputs).reach(given)

    def footprint(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Footprint:
        (given,) = inputs
        windows = self._windows(inputs)
        margins = windows.all_margins(given) if self.count_padding else windows.copied_margins(given)
        return Footprint(copied=padded_copy(given, margins))

    def to_keras(self, inputs: tuple[Shape, ...]) -> Lowering:
        (given,) = inputs
        windows = self._windows(inputs)
        is_same = windows.is_same(given) and not self.count_padding
        layer = KerasLayer(
            f"keras.layers.MaxPooling{len(windows.size)}D",
            {"pool_size": windows.size, "strides": windows.stride, "padding": "same" if is_same else "valid"},
        )
        return lower_to(layer, before=self._pads(windows, given))

    def _pads(self, windows: Windows, given: Shape) -> dict[str, KerasLayer]:
        """The layers that surround the input: with zeros that count, with what never wins."""
        if not self.count_padding:
            margins = windows.copied_margins(given)
            return {"pad": pad_definition(margins, "lowest")} if any(map(any, margins)) else {}
        margins, overhang = windows.known_margins(given), tuple((0, more) for more in windows.overhang)
        zeros = {"pad": pad_definition(margins, "zeros")} if any(map(any, margins)) else {}
        return {**zeros, "overhang": pad_definition(overhang, "lowest")} if any(windows.overhang) else zeros

    def _windows(self, inputs: tuple[Shape, ...]) -> Windows:
        (given,) = inputs
        return pool_windows(given, self.size, self.stride, self.padding, self.round)
