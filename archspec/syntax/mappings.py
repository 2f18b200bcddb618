"""What every reader of a mapping asks: is it one, are its keys known, are they names; and one declaration for each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from archspec.diagnostics import Diagnostic, DiagnosticSink, Label
from archspec.diagnostics.suggest import Cure, did_you_mean
from archspec.syntax import tree
from archspec.syntax.items import report_unknown_key
from archspec.syntax.names import check_name

Made = TypeVar("Made")


def check_keys(mapping: tree.Mapping, known: Iterable[str], where: str, sink: DiagnosticSink) -> bool:
    """Whether every key is known. Reports E0202 for each that is not, with the nearest that is."""
    allowed = tuple(known)
    present = {entry.key.text for entry in mapping.entries}
    for entry in mapping.entries:
        if entry.key.text in allowed:
            continue
        cure = did_you_mean(entry.key.text, allowed, f"{where} has " + ", ".join(allowed), present)
        if " " in entry.key.text:
            cure = Cure("inside `{…}` a comma ends a value: put text that holds one in quotes")
        report_unknown_key(where, entry.key, cure, sink)
    return all(entry.key.text in allowed for entry in mapping.entries)


def as_mapping(node: tree.Tree | None, what: str, sink: DiagnosticSink) -> tree.Mapping | None:
    """A mapping, or `None` for nothing; E0203 for anything else."""
    if node is None or isinstance(node, tree.Mapping):
        return node
    if not isinstance(node, tree.Broken):
        cure = "write a space after the colon" if isinstance(node, tree.Scalar) and ":" in node.text else None
        if what == "inputs":
            cure = "give each input a name: `inputs: {image: [224, 224, 3]}`"
        sink.report(
            Diagnostic("E0203", f"`{what}` must be a mapping, got {tree.describe(node)}", Label(node.span), help=cure)
        )
    return None


def as_scalar(node: tree.Tree | None, what: str, sink: DiagnosticSink) -> tree.Scalar | None:
    """A scalar, or `None` for nothing; E0203 for anything else."""
    if node is None or isinstance(node, tree.Scalar):
        return node
    if not isinstance(node, tree.Broken):
        sink.report(Diagnostic("E0203", f"`{what}` must be one value, got {tree.describe(node)}", Label(node.span)))
    return None


def named(
    node: tree.Tree | None,
    what: str,
    sink: DiagnosticSink,
    check: Callable[[tree.Scalar, DiagnosticSink], tree.Scalar] = check_name,
) -> tuple[tree.Entry, ...]:
    """The entries of a mapping whose keys are names."""
    mapping = as_mapping(node, what, sink)
    entries = mapping.entries if mapping else ()
    for entry in entries:
        check(entry.key, sink)
    return entries


def each(
    node: tree.Tree | None,
    what: str,
    make: Callable[[tree.Entry, DiagnosticSink], Made | None],
    sink: DiagnosticSink,
    check: Callable[[tree.Scalar, DiagnosticSink], tree.Scalar] = check_name,
) -> tuple[Made, ...]:
    """One declaration for every entry of a mapping, those that cannot be made left out."""
    made = (make(entry, sink) for entry in named(node, what, sink, check))
    return tuple(one for one in made if one is not None)
