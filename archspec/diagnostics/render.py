"""Diagnostics to text with the user's lines and carets, and to JSON."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable

from archspec.diagnostics.diagnostic import Diagnostic, Edit, Label, Severity
from archspec.diagnostics.source import Span

WIDEST = 160
"""Characters of a source line that are shown; a longer one is cut around its caret."""

RESET = "\x1b[0m"
COLOURS = {Severity.ERROR: "\x1b[1;31m", Severity.WARNING: "\x1b[1;33m"}
BLUE = "\x1b[1;34m"
BOLD = "\x1b[1m"

Paint = Callable[[str, str], str]
"""A text and a colour to the text as the terminal wants it."""


def render_text(diagnostics: Iterable[Diagnostic], *, colour: bool = False) -> str:
    """All findings as a terminal shows them, a blank line between two.

    error[E0505]: `conv` needs `kernel`
      --> net.yaml:4:5
       |
     4 |   - conv: 64
       |     ^^^^
    help: `kernel` is a list of whole numbers
    """
    return "\n\n".join(_render(diagnostic, colour) for diagnostic in diagnostics)


def summarise(diagnostics: tuple[Diagnostic, ...], suppressed: int = 0) -> str:
    """How many errors and warnings there are, and how many a comment suppresses.

    >>> summarise(())
    'no errors'
    """
    errors = sum(found.severity is Severity.ERROR for found in diagnostics)
    warnings = len(diagnostics) - errors
    parts = [
        f"{count} {word}{'s' * (count != 1)}" for count, word in ((errors, "error"), (warnings, "warning")) if count
    ]
    return ", ".join([*(parts or ["no errors"]), *([f"{suppressed} suppressed"] if suppressed else [])])


def summarise_fixes(diagnostics: tuple[Diagnostic, ...]) -> str:
    """How many of the findings `--fix` can mend; empty for none. What a lint proposes makes another network.

    >>> summarise_fixes(())
    ''
    """
    count = sum(bool(found.fix) and not found.code.startswith("L") for found in diagnostics)
    return f"{count} can be mended with `archspec check --fix`" if count else ""


def to_json(diagnostic: Diagnostic) -> dict[str, object]:
    """A finding as plain data: code, severity, message, its place, the other places, notes, help, fix."""
    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity.value,
        "message": diagnostic.headline,
        "place": _place_to_json(diagnostic.primary) if diagnostic.primary else None,
        "labels": [_place_to_json(label) for label in diagnostic.labels],
        "notes": list(diagnostic.notes),
        "help": diagnostic.help,
        "fix": {"edits": [_edit_to_json(edit) for edit in diagnostic.fix]} if diagnostic.fix else None,
    }


def _edit_to_json(edit: Edit) -> dict[str, object]:
    span = edit.span
    return {
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
        "text": edit.text,
    }


def _place_to_json(label: Label) -> dict[str, object]:
    span = label.span
    return {
        "file": span.source.name,
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
        "text": label.text,
    }


def _render(diagnostic: Diagnostic, colour: bool) -> str:
    paint = _painter(colour)
    strong = COLOURS[diagnostic.severity]
    lines = [paint(f"{diagnostic.severity.value}[{diagnostic.code}]", strong) + paint(f": {diagnostic.headline}", BOLD)]
    if diagnostic.primary:
        lines += _snippets(diagnostic, paint, strong)
    lines += [f"{paint('note', BOLD)}: {note}" for note in diagnostic.notes]
    if diagnostic.help:
        lines.append(f"{paint('help', BOLD)}: {diagnostic.help}")
    return "\n".join(lines)


def _painter(colour: bool) -> Paint:
    return (lambda text, code: f"{code}{text}{RESET}") if colour else (lambda text, code: text)


def _snippets(diagnostic: Diagnostic, paint: Paint, strong: str) -> list[str]:
    """The lines of the primary label and of the others, by file, the primary's first."""
    assert diagnostic.primary is not None
    files: dict[str, list[tuple[Label, bool]]] = {}
    for label in (diagnostic.primary, *diagnostic.labels):
        files.setdefault(label.span.source.name, []).append((label, label is diagnostic.primary))
    margin = max(len(str(label.span.line)) for labels in files.values() for label, _ in labels)
    lines = []
    for place, labels in enumerate(files.values()):
        head = "-->" if place == 0 else ":::"
        lines.append(f"{' ' * margin} {paint(head, BLUE)} {labels[0][0].span}")
        lines.append(f"{' ' * margin} {paint('|', BLUE)}")
        previous = None
        for label, is_primary in sorted(labels, key=lambda pair: (pair[0].span.line, pair[0].span.column)):
            lines += _snippet(label, is_primary, margin, paint, strong, repeats=label.span.line == previous)
            previous = label.span.line
    return lines


def _snippet(label: Label, is_primary: bool, margin: int, paint: Paint, strong: str, *, repeats: bool) -> list[str]:
    span = label.span
    text, start = _window(span)
    end = span.end_column if span.end_line == span.line else len(span.source.line(span.line)) + 1
    before = text[: span.column - 1 - start]
    marked = text[span.column - 1 - start : max(end - 1 - start, span.column - start)]
    sign = "^" if is_primary else "-"
    carets = sign * max(_width(marked), 1)
    shown = paint(f"{' ' * _width(before)}{carets} {label.text}".rstrip(), strong if is_primary else BLUE)
    number = [] if repeats else [f"{paint(f'{span.line:>{margin}} |', BLUE)} {text}".rstrip()]
    return [*number, f"{' ' * margin} {paint('|', BLUE)} {shown}"]


def _window(span: Span) -> tuple[str, int]:
    """The span's line, cut to what can be shown, and how many characters were cut in front."""
    line = span.source.line(span.line).replace("\t", " ")
    if len(line) <= WIDEST:
        return line, 0
    start = max(0, min(span.column - WIDEST // 2, len(line) - WIDEST))
    return line[start : start + WIDEST], start


def _width(text: str) -> int:
    """Terminal cells that a text takes: wide characters two, combining ones none.

    >>> _width("ab"), _width("\u5c42")
    (2, 2)
    """
    return sum(
        0 if unicodedata.combining(sign) else 2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text
    )
