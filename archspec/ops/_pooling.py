"""What poolings share beyond `_window`: a stride that is the size unless given, and rounding up.

Source: Caffe's pooling layer (Jia et al., arXiv:1408.5093), which rounds up and leaves out a window that would start
        past the input.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from archspec.ir.op import ShapeError, spatial_rank
from archspec.ir.reach import Reach
from archspec.ir.shape import Dim, Shape, is_known
from archspec.ops._window import (
    Margins,
    Padding,
    PerAxis,
    brackets,
    derive_windows,
    explicit_margins,
    per_axis,
    same_margins,
    times,
    window_count,
    window_reach,
    window_shape,
)

Rounding = Literal["down", "up"]
"""What becomes of a last window that reaches past the padded input: left out, or kept as far as it covers it."""

SIZE_HELP = "the window's size along each axis"
STRIDE_HELP = "the window's step along each axis; the size unless given"
ROUND_HELP = "whether a last window that reaches past the padded input is left out (`down`) or kept (`up`, as in Caffe)"


@dataclass(frozen=True, slots=True)
class Windows:
    """A pooling's windows over one input, axis by axis, and its output's shape.

    `margins` is the padding, `None` for `same`; `overhang` is what rounding up adds after it.
    """

    output: Shape
    size: tuple[int, ...]
    stride: tuple[int, ...]
    margins: Margins | None
    overhang: tuple[int, ...]

    def is_same(self, given: Shape) -> bool:
        """Whether Keras' own `same` padding gives these windows, on `given` and on inputs of every size."""
        if self.margins is None:
            # TensorFlow's pooling of three axes begins elsewhere where a stride is above the size.
            is_sound = len(self.size) < 3 or all(
                step <= size for size, step in zip(self.size, self.stride, strict=True)
            )
            return is_sound or not all(map(is_known, given.spatial))
        steps_by_one = set(self.stride) == {1}
        return steps_by_one and any(map(any, self.margins)) and self.margins == self._same(self.output)

    def known_margins(self, given: Shape) -> Margins:
        """The padding of `given` in numbers. Raises `ShapeError` where they depend on an open size."""
        return self._same(given) if self.margins is None else self.margins

    def copied_margins(self, given: Shape) -> Margins:
        """The margins that a layer of their own must put around `given`; none where Keras' own `same` does."""
        return () if self.is_same(given) else self.all_margins(given)

    def all_margins(self, given: Shape) -> Margins:
        """The padding in numbers with what rounding up adds after it. Raises `ShapeError` as `known_margins` does."""
        margins = zip(self.known_margins(given), self.overhang, strict=True)
        return tuple((before, after + more) for (before, after), more in margins)

    def derivation(self, given: Shape) -> tuple[str, ...]:
        """How the output's sizes come from those of `given`."""
        padding: Padding = "same" if self.margins is None else self.margins
        one = (1,) * len(self.size)
        return derive_windows(
            given.spatial, self.output.spatial, self.size, self.stride, one, padding, overhang=self.overhang
        )

    def reach(self, given: Shape) -> Reach:
        """What each position of the output sees of `given`."""
        padding: Padding = "same" if self.margins is None else self.margins
        return window_reach(given.spatial, self.size, self.stride, (1,) * len(self.size), padding)

    def _same(self, given: Shape) -> Margins:
        return same_margins(given.spatial, self.size, self.stride, (1,) * len(self.size))


def pool_windows(
    given: Shape, size: PerAxis, stride: PerAxis | None, padding: Padding = "valid", rounding: Rounding = "down"
) -> Windows:
    """The windows over `given`. Raises `ShapeError` where they do not fit or could hold nothing but padding."""
    rank = spatial_rank(given)
    sizes = per_axis(size, rank, "size")
    steps = per_axis(size if stride is None else stride, rank, "stride")
    margins = explicit_margins(padding, sizes, (1,) * rank)
    if margins is not None and any(max(pair) >= extent for pair, extent in zip(margins, sizes, strict=True)):
        raise ShapeError(
            f"`padding` must be below the window's size, got {brackets(margins)} for {times(sizes)}",
            field="padding",
            cure="a window must not lie in the padding alone; use `pad` for more",
        )
    up = rounding == "up"
    spatial = window_shape(given.spatial, sizes, steps, (1,) * rank, margins, field="size", up=up)
    overhang = tuple(map(_overhang, given.spatial, sizes, steps, margins)) if up and margins else (0,) * rank
    return Windows(Shape((*spatial, given.channels)), sizes, steps, margins, overhang)


def _overhang(size: Dim, kernel: int, stride: int, margins: tuple[int, int]) -> int:
    before, after = margins
    if is_known(size):
        count = window_count(size, kernel, stride, 1, margins, up=True)
        assert is_known(count)
        return max((count - 1) * stride + kernel - (size + before + after), 0)
    if stride + after <= kernel:
        # With stride - 1 more rows, rounding down counts what rounding up did, whatever the size.
        return stride - 1
    raise ShapeError(
        f"`round: up` with a stride above the size less the padding needs an input of known size, got {stride} "
        f"for {kernel} and {after}",
        field="round",
        cure="use `round: down`, a smaller stride or padding, or an input of known size",
    )
