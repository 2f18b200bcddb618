"""The windows that a node slides along the axes of its input, with what they leave out, in numbers."""

from __future__ import annotations

from typing import NamedTuple

from archspec.analysis.borders import unread
from archspec.ir.graph import Node
from archspec.ir.reach import AXES, POINT, Window
from archspec.ir.shape import is_known


class Axis(NamedTuple):
    """One spatial axis of a node's input: the window along it, its margins, and the positions that are not read."""

    place: int
    name: str
    size: int
    window: Window
    margins: tuple[int, int]
    before: int = 0
    after: int = 0
    between: int = 0


def axes_of(node: Node) -> tuple[Axis, ...]:
    """The axes of a node that slides a window over its one input; none where a size is open, or it slides none."""
    reach = node.op.reach(node.input_shapes) or () if len(node.inputs) == 1 else ()
    given, output = node.input_shapes[0].spatial, node.shapes[0].spatial
    is_pointwise = given == output and all(window == POINT for window in reach)
    if is_pointwise or len(given) != len(output) or len(reach) != len(given):
        return ()
    names = AXES.get(len(given), ("",) * len(given))
    left = {one.axis: one for one in unread(node)}
    axes = []
    for place, (name, size, count, window) in enumerate(zip(names, given, output, reach, strict=True)):
        if window is None or window.before is None or not is_known(size) or not is_known(count):
            return ()
        after = (count - 1) * window.step - window.before + window.extent - size
        before, beyond, between = left[name][2:] if name in left else (0, 0, 0)
        if window.step > window.extent:
            # What lies behind the only window, or the last, is skipped as what lies between two is.
            between, beyond = between + beyond, 0
        axes.append(Axis(place, name, size, window, (window.before, after), before, beyond, between))
    return tuple(axes)
