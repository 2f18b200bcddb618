"""Positions of a node's input that none of its windows reads: at the borders, and between windows."""

from __future__ import annotations

from typing import NamedTuple

from archspec.ir.graph import Node
from archspec.ir.reach import AXES, Window
from archspec.ir.shape import Dim, is_known


class Unread(NamedTuple):
    """Along one axis of known size: the unread positions before the first window, after the last, and between two."""

    axis: str
    size: int
    before: int
    after: int
    between: int


def unread(node: Node) -> tuple[Unread, ...]:
    """The axes along which a node leaves positions of its first input unread; none where a size is open."""
    reach = node.op.reach(node.input_shapes) or ()
    given, output = node.input_shapes[0].dims[:-1], node.shapes[0].dims[:-1]
    if len(given) != len(output) or len(reach) != len(given):
        return ()
    names = AXES.get(len(given), ("",) * len(given))
    found = (_along(*axis) for axis in zip(names, given, output, reach, strict=True))
    return tuple(one for one in found if one is not None)


def _along(name: str, size: Dim, count: Dim, window: Window | None) -> Unread | None:
    if window is None or window.before is None or not is_known(size) or not is_known(count):
        return None
    before = max(-window.before, 0)
    after = max(size - ((count - 1) * window.step - window.before + window.extent), 0)
    between = max(window.step - window.extent, 0) if count > 1 else 0
    return Unread(name, size, before, after, between) if before or after or between else None
