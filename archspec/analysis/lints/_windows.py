"""The windows of a node along the axes of its input, with what they leave out, in numbers."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from archspec.analysis.borders import unread
from archspec.analysis.lints._network import Network
from archspec.analysis.resizing import AXES
from archspec.ir.graph import Node
from archspec.ir.reach import Window
from archspec.ir.shape import Shape, is_known, show


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
    if not reach or len(given) != len(output) or len(reach) != len(given):
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


def are_read_elsewhere(node: Node, axes: Collection[int], network: Network, *, between: bool) -> bool:
    """Whether another node reads what a node leaves out along some axes: between its windows, or beyond them."""
    value = node.inputs[0]
    if value in network.given or _is_read_before_a_shift(node, network):
        return True
    return any(
        not any(axis.place in axes and _leaves(axis, between) for axis in axes_of(other))
        for other in network.takers[value]
        if other is not node
    )


def padding_before(node: Node, network: Network) -> dict[int, int]:
    """Along each axis, how many positions at the end of a node's input are padding that a node before it added."""
    before = network.source(node)
    if before is None or not _shifts(before):
        return {}
    return {axis.place: axis.margins[1] for axis in axes_of(before)}


def times(shape: Shape) -> str:
    """The spatial sizes as people write them."""
    return "x".join(map(show, shape.spatial))


def _leaves(axis: Axis, between: bool) -> bool:
    return bool(axis.between if between else axis.before + axis.after)


def _is_read_before_a_shift(node: Node, network: Network) -> bool:
    """Whether a node reads a map that was padded or cropped for it, and others read that map as it was."""
    before = network.source(node)
    while before is not None and _shifts(before):
        if len(network.takers[before.inputs[0]]) > 1:
            return True
        before = network.source(before)
    return False


def _shifts(node: Node) -> bool:
    """Whether a node only adds positions at its input's ends or takes some away, as padding and cropping do."""
    axes = axes_of(node)
    return bool(axes) and not node.weights and all(axis.window[:2] == (1, 1) for axis in axes)
