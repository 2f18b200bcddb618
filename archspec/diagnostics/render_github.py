"""Diagnostics as GitHub's workflow commands, which annotate the lines of a pull request.

Loaded only when asked for. A finding of several lines has no columns, since GitHub takes them on one line only.
"""

from __future__ import annotations

from collections.abc import Iterable

from archspec.diagnostics.diagnostic import Diagnostic


def render_github(diagnostics: Iterable[Diagnostic]) -> str:
    """One command a finding, each on a line of its own.

    >>> render_github([Diagnostic("E0902", "100% of nothing", None, help="a, b")])
    '::error title=E0902::100%25 of nothing%0Ahelp: a, b'
    """
    return "\n".join(_command(diagnostic) for diagnostic in diagnostics)


def _command(diagnostic: Diagnostic) -> str:
    properties = {**_place(diagnostic), "title": diagnostic.code}
    written = ",".join(f"{name}={_escape(str(value), ':,')}" for name, value in properties.items())
    return f"::{diagnostic.severity.value} {written}::{_escape(_message(diagnostic))}"


def _place(diagnostic: Diagnostic) -> dict[str, str | int]:
    if diagnostic.primary is None:
        return {}
    span = diagnostic.primary.span
    if span.end_line != span.line:
        return {"file": span.source.name, "line": span.line, "endLine": span.end_line}
    return {"file": span.source.name, "line": span.line, "col": span.column, "endColumn": span.end_column}


def _message(diagnostic: Diagnostic) -> str:
    """The headline, and what a terminal shows below it but for the lines themselves."""
    lines = [diagnostic.headline]
    lines += [f"{label.span}: {label.text}".removesuffix(": ") for label in diagnostic.labels]
    lines += [f"note: {note}" for note in diagnostic.notes]
    if diagnostic.help:
        lines.append(f"help: {diagnostic.help}")
    return "\n".join(lines)


def _escape(text: str, also: str = "") -> str:
    """The text with `%` and the signs that would end it as `%` and their code, the only escapes that GitHub reads."""
    for sign in "%\r\n" + also:
        text = text.replace(sign, f"%{ord(sign):02X}")
    return text
