"""Where text comes from: a source file and a span in it.

Lines and columns count from 1 and columns count characters (code points), as editors and compilers print them.
"""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple


class SourceFile:
    """A text that a user wrote, with the name under which messages show it.

    `shown` is what they wrote where `text` is only a part of it, blanks standing for the rest.
    """

    def __init__(self, name: str, text: str, shown: str | None = None) -> None:
        self.name = name
        self.text = text
        self.shown = text if shown is None else shown

    @cached_property
    def lines(self) -> list[str]:
        """The text's lines without their ends, split where YAML splits them."""
        return self.shown.replace("\r\n", "\n").replace("\r", "\n").split("\n")

    def line(self, number: int) -> str:
        """Line `number`, counted from 1; empty beyond the end."""
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""

    def __repr__(self) -> str:
        return f"SourceFile({self.name!r})"


class Span(NamedTuple):
    """A stretch of a source from (line, column) up to, not including, (end_line, end_column)."""

    source: SourceFile
    line: int
    column: int
    end_line: int
    end_column: int

    def __str__(self) -> str:
        return f"{self.source.name}:{self.line}:{self.column}"

    @property
    def text(self) -> str | None:
        """What stands in the span; `None` for one of several lines."""
        return (
            self.source.line(self.line)[self.column - 1 : self.end_column - 1] if self.line == self.end_line else None
        )

    @property
    def start(self) -> Span:
        """The place before its first character."""
        return Span(self.source, self.line, self.column, self.line, self.column)

    @property
    def end(self) -> Span:
        """The place after its last character."""
        return Span(self.source, self.end_line, self.end_column, self.end_line, self.end_column)

    def to(self, other: Span) -> Span:
        """The span from the start of this one to the end of `other`."""
        return Span(self.source, self.line, self.column, other.end_line, other.end_column)

    def part(self, start: int, end: int) -> Span:
        """Characters `start` to `end` of a span that lies on one line; the whole span otherwise."""
        if self.line != self.end_line or self.column + end > self.end_column:
            return self
        return Span(self.source, self.line, self.column + start, self.line, self.column + end)


class Origin(NamedTuple):
    """Where a node comes from: its own line, and the use of the block that the line stands in, outwards."""

    span: Span
    use: Origin | None = None

    @property
    def outermost(self) -> Span:
        """The line in the user's own file: the place to blame."""
        origin = self
        while origin.use is not None:
            origin = origin.use
        return origin.span
