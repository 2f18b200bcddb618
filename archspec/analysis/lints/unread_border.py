"""Windows that end before the input does, so that its last rows or columns are read by nobody."""

from __future__ import annotations

from collections.abc import Iterator

from archspec.analysis.lints._axes import Axis
from archspec.analysis.lints._finding import Finding
from archspec.analysis.lints._network import Network
from archspec.analysis.lints._windows import are_read_elsewhere, padding_before, times
from archspec.ir.graph import Node

CODE = "L1202"

LINES = {"height": "row", "width": "column"}


def find(network: Network) -> Iterator[Finding]:
    """Nodes that step through their input and leave a border which no other node reads either."""
    told = set()
    for node in network.graph.nodes:
        padding = padding_before(node, network)
        axes = [
            axis for axis in network.axes(node)
            if axis.window.step > 1 and not axis.between and _unread(axis) > padding.get(axis.place, 0)
        ]  # fmt: skip
        places = {axis.place for axis in axes}
        if not axes or node.inputs[0] in told or are_read_elsewhere(node, places, network, between=False):
            continue
        told.add(node.inputs[0])
        yield Finding(
            node,
            f"`{node.path}` never reads {' and '.join(map(_lines, axes))} of its input, {times(node.input_shapes[0])}",
            _help(node),
        )


def _unread(axis: Axis) -> int:
    return axis.before + axis.after


def _lines(axis: Axis) -> str:
    """The positions in words: `the last 2 rows`."""
    word, count = LINES.get(axis.name, "position"), _unread(axis)
    end = "first" if axis.before else "last"
    along = "" if axis.name in LINES else f" along the {axis.name}"
    return f"the {end} {word}{along}" if count == 1 else f"the {end} {count} {word}s{along}"


def _help(node: Node) -> str:
    rounds = "round" in type(node.op).model_fields
    return (
        "add `padding`" + (", write `round: up`" if rounds else "") + ", or choose a size whose windows come out even"
    )
