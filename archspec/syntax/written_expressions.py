"""The expressions written in a file, used or not: those that cannot be parsed, and the names that none reads."""

from __future__ import annotations

from collections.abc import Iterable

from archspec.diagnostics import Diagnostic, DiagnosticSink, Label, Severity
from archspec.diagnostics.fixes import respell
from archspec.syntax import tree
from archspec.syntax.expression_tree import Expression, ExpressionError, Name, within
from archspec.syntax.expressions import parse_template

FREE = ("meta", "reference")
"""Keys whose values are the author's own: nothing in them is an expression."""


def check_expressions(root: tree.Mapping, sink: DiagnosticSink) -> None:
    """Report E0601 for every expression that cannot be parsed; later stages pass over them in silence."""
    for entry in root.entries:
        if entry.key.text not in FREE:
            check_expressions_in(entry.value, sink)


def check_expressions_in(node: tree.Tree, sink: DiagnosticSink) -> None:
    """Report E0601 for every expression in a value, of a file or of an option, that cannot be parsed."""
    for scalar in tree.scalars(node):
        if "$" not in scalar.text:
            continue
        try:
            parse_template(scalar.text)
        except ExpressionError as error:
            place = scalar.part(error.start, error.end)
            fix = respell(place, scalar.text[error.start : error.end], error.instead)
            sink.report(Diagnostic("E0601", error.message, Label(place), help=error.cure, fix=fix))


def warn_of_unread(declaring: tree.Mapping, reading: Iterable[tree.Tree], sink: DiagnosticSink) -> None:
    """Report W0302 for each name under `parameters` and `let` of a file or block that nothing in `reading` reads.

    Silent after an error, which may hide the line that reads it.
    """
    if sink.errors:
        return
    read = names_read(reading)
    for section in ("parameters", "let"):
        declared = declaring.get(section)
        for entry in declared.entries if isinstance(declared, tree.Mapping) else ():
            if entry.key.text not in read:
                sink.report(
                    Diagnostic(
                        "W0302",
                        f"`{tree.shorten(entry.key.text)}` is never read",
                        Label(entry.key.span),
                        help=f"write `${tree.shorten(entry.key.text)}` where its value belongs, or remove it",
                        severity=Severity.WARNING,
                    )
                )


def names_read(trees: Iterable[tree.Tree]) -> set[str]:
    """Every name that an expression in the trees reads."""
    found: set[str] = set()
    for one in trees:
        for scalar in tree.scalars(one):
            if "$" not in scalar.text:
                continue
            try:
                template = parse_template(scalar.text)
            except ExpressionError:
                continue
            found.update(names_of(*(part for part in template.parts if not isinstance(part, str))))
    return found


def names_of(*expressions: Expression) -> set[str]:
    """Every name that expressions read."""
    return {one.name for one in within(*expressions) if isinstance(one, Name)}
