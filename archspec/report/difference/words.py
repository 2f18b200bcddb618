"""One node's edit, or one node that came or went, in words."""

from __future__ import annotations

from collections.abc import Iterator

from archspec.analysis.difference.changes import FieldChange, Pair, Rewired
from archspec.ir.graph import Node
from archspec.ir.printer import set_fields
from archspec.report.resolved.values import in_flow

LONGEST_VALUE = 40
"""Characters of a field's value: a whole table tells nobody anything in a line. JSON has it."""


def edit_words(pair: Pair) -> tuple[str, ...]:
    """What somebody edited at a node; another op is told beside these words."""
    return tuple(_edit_words(pair))


def whole_words(node: Node) -> tuple[str, ...]:
    """The fields of a node that came or went."""
    fields = ", ".join(f"{name} {value_text(value)}" for name, value in set_fields(node.op).items())
    return tuple(filter(None, (fields, "in training only" if node.training_only else "")))


def shape_words(old: Node, new: Node) -> str:
    """What became of a node's output; nothing where it is the same."""
    before, after = (", ".join(map(str, node.shapes)) for node in (old, new))
    return "" if before == after else f"{before} -> {after}"


def value_text(value: object) -> str:
    """A field's value as a spec has it, cut where it is long; `none` where there is none."""
    text = "none" if value is None else in_flow(value)
    return text if len(text) <= LONGEST_VALUE else f"{text[: LONGEST_VALUE - 1]}…"


def _edit_words(pair: Pair) -> Iterator[str]:
    old, new = pair.old.node, pair.new.node
    yield from map(_field, pair.fields)
    if pair.rewired is not Rewired.NOT:
        yield _inputs(old, new) if pair.rewired is Rewired.OTHERS else "takes the same values in another order"
    if pair.has_other_weights:
        yield f"weights of {old.definition} -> of {new.definition}"
    if old.training_only != new.training_only:
        yield "in training only" if new.training_only else "not in training only"


def _field(change: FieldChange) -> str:
    return f"{change.name} {value_text(change.old)} -> {value_text(change.new)}"


def _inputs(old: Node, new: Node) -> str:
    """What a node takes: by name where it is one value, for those of a join their number."""
    if len(old.inputs) != len(new.inputs):
        return f"takes {len(old.inputs)} values -> {len(new.inputs)}"
    if len(new.inputs) > 1:
        return "takes other values"
    return f"takes {old.inputs[0]} -> {new.inputs[0]}"
