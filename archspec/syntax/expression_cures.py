"""Fixes for expressions that YAML's flow style breaks off, and for those in the braces of other languages.

Loaded only where an expression could not be read.
"""

from __future__ import annotations

import re

from archspec.diagnostics import Edit, Fix, SourceFile, Span
from archspec.syntax.expression_tree import ExpressionError
from archspec.syntax.expressions import BRACED, parse_template

NEEDS_QUOTES = re.compile(r"^[^\"\\]*[][{},?][^\"\\]*$")
"""What flow style breaks off; double quotes keep it, if there are none and no escapes in it."""


def quote_value(source: SourceFile, number: int, start: int) -> Fix:
    """Puts the value that begins in line `number` after `start` characters in quotes, up to what must end it.

    `{filters: $(min(a, b)), kernel: 3}` gives `{filters: "$(min(a, b))", kernel: 3}`.
    """
    line = source.line(number)
    end = _end_of_value(line, start)
    value = line[start:end].rstrip()
    if not NEEDS_QUOTES.search(value) or not re.match(r"[\w$]", value) or not is_template(value):
        return ()
    return (Edit(Span(source, number, start + 1, number, start + len(value) + 1), f'"{value}"'),)


def cure_in_flow(source: SourceFile, number: int, before: int) -> Fix:
    """The cure of the last expression that begins in the first `before` characters of a line in flow style."""
    line = source.line(number)
    sign = line.rfind("$", 0, before)
    if braced := BRACED.match(line, max(sign, 0)):
        return _in_parentheses(source, number, braced)
    if not line.startswith("$(", sign):
        return ()
    start = max(line.rfind(opening, 0, sign) + len(opening) for opening in (",", "[", "{", ": "))
    while line[start : start + 1] == " ":
        start += 1
    return quote_value(source, number, start)


def is_template(text: str) -> bool:
    """Whether a text is one with expressions in it, all of which can be parsed."""
    try:
        return "$" in text and bool(parse_template(text).parts)
    except ExpressionError:
        return False


def _in_parentheses(source: SourceFile, number: int, braced: re.Match[str]) -> Fix:
    """`$(…)` for `${…}`, where flow style leaves it whole."""
    if re.search(r"[\[\],#?]|: ", braced[1]) or not is_template(f"$({braced[1]})"):
        return ()
    return (Edit(Span(source, number, braced.start() + 1, number, braced.end() + 1), f"$({braced[1]})"),)


def _end_of_value(line: str, start: int) -> int:
    """The place of the comma or bracket that ends a value in flow style; those inside `$(…)` are its own."""
    depth = 0
    quoted = False
    for place in range(start, len(line)):
        sign = line[place]
        quoted ^= sign == "'"
        depth += 0 if quoted else (sign == "(") - (sign == ")")
        if depth <= 0 and not quoted and sign in ",]}":
            return place
    return len(line)
