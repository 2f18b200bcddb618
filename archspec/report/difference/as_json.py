"""A difference as plain data, which is a contract: every node of both networks but those that are the same.

Sizes and counts are numbers, formulas as text, or null; `old` and `new` are null on the side that lacks something.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from archspec.analysis.difference.changes import BlockChange, Change, Difference, Kind, Pair, Part, Rewired
from archspec.ir.graph import Input, Node, Output
from archspec.ir.op import Op
from archspec.ir.shape import Dim, Shape
from archspec.report.difference.counts import counts
from archspec.report.difference.events import Whole, events_of
from archspec.report.difference.figures import figure_changes
from archspec.report.figures import plain

Json = dict[str, Any]


def difference_json(found: Difference, left: str, right: str) -> Json:
    """The whole difference; `left` and `right` are what the two networks are called."""
    return {
        "old": left,
        "new": right,
        "equal": found.is_empty,
        "counts": counts(found),
        "totals": _figures(found.before, found.after),
        "blocks": [_block(block) for block in found.blocks],
        "inputs": [_port(change) for change in found.inputs],
        "outputs": [_port(change) for change in found.outputs],
        "nodes": [content for event in events_of(found) for content in _event(event)] + _renamed(found),
    }


def _figures(before: Mapping[str, Dim], after: Mapping[str, Dim]) -> Json:
    return {
        change.name: {"old": plain(change.old), "new": plain(change.new), "change": plain(change.delta)}
        for change in figure_changes(before, after)
    }


def _block(block: BlockChange) -> Json:
    return {"old": block.old, "new": block.new, "figures": _figures(block.before, block.after)}


def _port(change: Change[Input] | Change[Output]) -> Json:
    return {"old": _port_side(change.old), "new": _port_side(change.new)}


def _port_side(port: Input | Output | None) -> Json | None:
    if port is None:
        return None
    of_output = {"node": str(port.value), "training_only": port.training_only} if isinstance(port, Output) else {}
    return {"name": port.name, "shape": _dims(port.shape), **of_output}


def _event(event: Pair | Whole) -> list[Json]:
    if isinstance(event, Pair):
        return [_pair(event)]
    kind, side = ("added", "new") if event.is_new else ("removed", "old")
    return [{"kind": kind, "old": None, "new": None, side: _side(part)} for part in event.parts]


def _renamed(found: Difference) -> list[Json]:
    return [_pair(pair) for pair in found.pairs if pair.kind is Kind.RENAMED]


def _pair(pair: Pair) -> Json:
    """A node in both networks; `fields` are those that someone gave another value."""
    fields = {change.name: {"old": _value(change.old), "new": _value(change.new)} for change in pair.fields}
    told: Json = {"fields": fields} if fields else {}
    if pair.rewired is not Rewired.NOT:
        told["rewired"] = pair.rewired.value
    if pair.has_other_weights:
        told["has_other_weights"] = True
    return {"kind": pair.kind.value, "old": _side(pair.old), "new": _side(pair.new), **told}


def _side(part: Part) -> Json:
    node = part.node
    return {
        "path": node.path,
        "op": node.word,
        "fields": _fields(node.op),
        "inputs": [str(value) for value in node.inputs],
        "input_shapes": [_dims(shape) for shape in node.input_shapes],
        "output_shapes": [_dims(shape) for shape in node.shapes],
        "params": part.params,
        "macs": plain(node.cost.macs),
        **_marks(node),
    }


def _marks(node: Node) -> Json:
    weights = {"weights": node.definition} if node.shared and node.weights else {}
    return {**weights, **({"training_only": True} if node.training_only else {})}


def _fields(op: Op) -> Json:
    return {name: _value(getattr(op, name)) for name in type(op).model_fields}


def _value(value: object) -> object:
    if isinstance(value, tuple | list):
        return [_value(item) for item in value]
    return value if isinstance(value, bool | int | float | str) or value is None else str(value)


def _dims(shape: Shape) -> list[int | str | None]:
    return [plain(dim) for dim in shape.dims]
