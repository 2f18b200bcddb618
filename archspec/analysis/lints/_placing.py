"""Findings to diagnostics: each at the user's own line, once for all nodes that one line makes."""

from __future__ import annotations

from archspec.analysis.lints._finding import Finding
from archspec.diagnostics import Diagnostic, Fix, Label, Severity, Span
from archspec.diagnostics.fixes import respell
from archspec.elaboration.context import is_own, own_places
from archspec.ir.graph import Graph

MOST_NAMED = 3
"""Further nodes of a line that a note names."""


def placed(code: str, findings: tuple[Finding, ...], graph: Graph) -> tuple[Diagnostic, ...]:
    """The findings of one rule as warnings; those of one line are one."""
    if not findings:
        return ()
    by_place: dict[Span, list[Finding]] = {}
    for finding in findings:
        by_place.setdefault(_places(finding)[0], []).append(finding)
    found = {finding.node.path for finding in findings}
    others = {span for node in graph.nodes if node.path not in found for _, span in node.written}
    return tuple(_diagnostic(code, group, others) for group in by_place.values())


def _diagnostic(code: str, group: list[Finding], others: set[Span]) -> Diagnostic:
    """The findings of one line; `others` are what nodes read of which the rule says nothing."""
    first = group[0]
    primary, *uses = _places(first)
    line, notes = first.node.origin.span, first.notes
    if primary != line:
        notes = (*notes, f"the line is {line}")
    field = dict(first.node.written).get(first.field or "")
    blamed = (Label(field, f"`{first.field}` is written here"),) if field and is_own(field) else ()
    used = tuple(Label(place, "used here") for place in uses[:1])
    return Diagnostic(
        code,
        first.headline,
        Label(primary, "" if primary == line else "in this block"),
        (*blamed, *used),
        (*notes, *_further(group)),
        first.help,
        Severity.WARNING,
        _fix(first, others),
    )


def _places(finding: Finding) -> list[Span]:
    """The user's own line that makes the node, then the uses of the blocks that it stands in."""
    return own_places(finding.node.origin) or [finding.node.origin.span]


def _further(group: list[Finding]) -> tuple[str, ...]:
    """A note on the other nodes that the line makes."""
    paths = list(dict.fromkeys(f"`{one.node.path}`" for one in group[1:]))
    if not paths:
        return ()
    more = ", …" if len(paths) > MOST_NAMED else ""
    nodes = "another node" if len(paths) == 1 else f"{len(paths)} more nodes"
    return (f"{nodes} of this line: {', '.join(paths[:MOST_NAMED])}{more}",)


def _fix(finding: Finding, others: set[Span]) -> Fix:
    """The edit of the field to blame, unless nodes of which the rule says nothing read the same text."""
    span = dict(finding.node.written).get(finding.field or "")
    if span is None or finding.instead is None or span in others:
        return ()
    return respell(span, *finding.instead)
