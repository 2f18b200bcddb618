"""Whether what a window leaves out of a map is read by another node, or is padding."""

from __future__ import annotations

from collections.abc import Collection

from archspec.analysis.lints._axes import Axis
from archspec.analysis.lints._network import Network
from archspec.ir.graph import Node
from archspec.ir.shape import Shape, show


def are_read_elsewhere(node: Node, axes: Collection[int], network: Network, *, between: bool) -> bool:
    """Whether another node reads what a node leaves out along some axes: between its windows, or beyond them."""
    value = node.inputs[0]
    if value in network.given or _is_read_before_a_shift(node, network):
        return True
    return any(
        not any(axis.place in axes and _leaves(axis, between) for axis in network.axes(other))
        for other in network.takers[value]
        if other is not node
    )


def padding_before(node: Node, network: Network) -> dict[int, int]:
    """Along each axis, how many positions at the end of a node's input are padding that a node before it added."""
    before = network.source(node)
    if before is None or not _shifts(before, network):
        return {}
    return {axis.place: axis.margins[1] for axis in network.axes(before)}


def times(shape: Shape) -> str:
    """The spatial sizes as people write them."""
    return "x".join(map(show, shape.spatial))


def _leaves(axis: Axis, between: bool) -> bool:
    return bool(axis.between if between else axis.before + axis.after)


def _is_read_before_a_shift(node: Node, network: Network) -> bool:
    """Whether a node reads a map that was padded or cropped for it, and others read that map as it was."""
    before = network.source(node)
    while before is not None and _shifts(before, network):
        if len(network.takers[before.inputs[0]]) > 1:
            return True
        before = network.source(before)
    return False


def _shifts(node: Node, network: Network) -> bool:
    """Whether a node only adds positions at its input's ends or takes some away, as padding and cropping do."""
    axes = network.axes(node)
    return bool(axes) and not node.weights and all(axis.window[:2] == (1, 1) for axis in axes)
