"""What each position of an op's output sees of its input, axis by axis.

From it follow receptive fields, effective strides, lost borders and windows that reach past their input. A rule of each
op, as its shape is; an op without the rule (a plugin's) has no geometry, and nothing is guessed for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from archspec.ir.shape import Shape


class Window(NamedTuple):
    """Position i of the output sees `extent` positions of the input, the first of them i·step - before.

    `before` is the padding before the input's first position, negative where positions are cut off there, and `None`
    where it depends on a size that is open. `extent` counts the gaps of a dilated kernel.
    """

    extent: int
    step: int
    before: int | None


AXES: Mapping[int, tuple[str, ...]] = {
    1: ("length",), 2: ("height", "width"), 3: ("depth", "height", "width"),
}  # fmt: skip
"""The names of the spatial axes of a value, by how many there are."""

POINT = Window(extent=1, step=1, before=0)
"""Each position sees the one of the same index."""

Reach = tuple[Window | None, ...]
"""A window for each spatial axis of the input; `None` where every position sees the whole axis."""


def pointwise(given: Shape) -> Reach:
    """The reach of an op that works position by position."""
    return (POINT,) * max(given.rank - 1, 0)


def everywhere(given: Shape) -> Reach:
    """The reach of an op whose every value may depend on all positions."""
    return (None,) * max(given.rank - 1, 0)
