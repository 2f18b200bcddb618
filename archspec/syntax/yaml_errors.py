"""What a YAML syntax error means to the person who wrote the line; the same words for both of PyYAML's parsers."""

from __future__ import annotations

import yaml

from archspec.diagnostics import Diagnostic, Label, SourceFile, Span

# A fragment common to what libyaml and the pure-Python parser say, with our words and the cure.
PROBLEMS: tuple[tuple[str, str, str | None], ...] = (
    ("expected ',' or '}'", "a `{` needs commas between its entries and a `}` at its end", None),
    ("expected ',' or ']'", "a `[` needs commas between its items and a `]` at its end", None),
    ("could not find expected ':'", "a key needs a colon after it", "write `key: value`"),
    ("mapping values are not allowed", "a colon cannot stand here", "put text that holds `: ` in quotes"),
    ("cannot start any token", "this character cannot begin a value", "put the text in quotes"),
    ("unexpected end of stream", "a quoted text is not closed", "add the closing quote"),
    ("expected <block end>", "this line's indentation does not fit the lines above it", None),
    ("expected key", "this line's indentation does not fit the lines above it", None),
    ("expected '-' indicator", "this line's indentation does not fit the lines above it", None),
    ("block sequence entries are not allowed", "a list cannot begin here", "put `-` on a line of its own"),
    ("sequence entries are not allowed", "a list cannot begin here", "put `-` on a line of its own"),
    ("unknown escape character", "this escape is unknown", "use single quotes, in which `\\` means itself"),
    (
        "alphabetic or numeric character",
        "an anchor or alias needs a name",
        "put text that begins with `&` or `*` in quotes",
    ),
    ("expected the node content", "a value is missing here", None),
    ("expected node content", "a value is missing here", None),
)


def explain_yaml_error(source: SourceFile, error: yaml.MarkedYAMLError) -> Diagnostic:
    """E0105 at the place of the problem, with the place where the unfinished construct began."""
    span = _at(source, error.problem_mark or error.context_mark)
    said = (error.problem or error.context or "").replace("did not find ", "")
    headline, cure = next(
        ((words, cure) for fragment, words, cure in PROBLEMS if fragment in said), ("this is not YAML", None)
    )
    labels: tuple[Label, ...] = ()
    if error.context_mark is not None and (begin := _at(source, error.context_mark)) != span:
        labels = (Label(begin, "in what begins here"),)
    return Diagnostic("E0105", headline, Label(span), labels, help=_expression_help(source, span) or cure)


def _expression_help(source: SourceFile, span: Span) -> str | None:
    """The cure where the problem follows an expression: brackets and braces end at YAML's own."""
    before = source.line(span.line)[: span.column]
    if "${" in before:
        return "write expressions as `$name` or `$(…)`"
    if "$" in before and ("{" in before or "[" in before):
        return "an expression with brackets needs quotes inside `{…}` and `[…]`, or a name in `let:`"
    return None


def _at(source: SourceFile, mark: yaml.Mark | None) -> Span:
    if mark is None:
        return Span(source, 1, 1, 1, 1)
    return Span(source, mark.line + 1, mark.column + 1, mark.line + 1, mark.column + 2)
