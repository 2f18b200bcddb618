"""Where each lexeme of a spec belongs: the rules of `archspec fmt`.

Block lists and mappings are indented by two columns a level, a list under its key too. What stands in brackets over
several lines moves as a whole. Between two lexemes of a line as much space stays as was there, since people align
columns by hand, within these bounds: one column after a dash, at least one after a comma, a colon and before a
comment, none just inside brackets. Trailing comments that stood in one column stay in one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from archspec.syntax.lexemes import Kind, Lexeme

STEP = 2
"""Columns of a level."""

COMMENT = re.compile(r"#+(?![#! ])(?=.)")
"""The signs of a comment whose words touch them. `#!` is another program's."""


class _Level(NamedTuple):
    """An open block list or mapping: its column in the text and in the result.

    A bare list has its dashes at its key's column; no lexeme says where it ends.
    """

    before: int
    after: int
    is_list: bool
    is_bare: bool = False


@dataclass(slots=True)
class _Line:
    """A line of the result. `comment_before` is the column of a trailing comment in the text."""

    indent: int
    text: str = ""
    comment: str = ""
    comment_gap: int = 0
    comment_before: int = 0

    @property
    def end(self) -> int:
        """The column after the text."""
        return self.indent + len(self.text)


class _Waiting(NamedTuple):
    """A line of comment, whose column depends on the line that follows. In brackets it has no levels."""

    line: _Line
    column: int
    levels: tuple[_Level, ...]


def lay_out(found: Iterable[Lexeme]) -> str:
    """The text in which every lexeme stands where it belongs."""
    layout = _Layout()
    for lexeme in found:
        layout.place(lexeme)
    return layout.finish()


class _Layout:
    """Places lexemes one after the other. Mutable by design, and used once."""

    def __init__(self) -> None:
        self._lines: list[_Line] = []
        self._levels: list[_Level] = []
        self._brackets: list[tuple[int, int]] = []  # each open one's column in the text and in the result
        self._waiting: list[_Waiting] = []
        self._line: _Line | None = None  # the one that lexemes of the same line in the text go on
        self._previous = Lexeme(Kind.MARKER, "", -1, 0)
        self._previous_begins = False
        self._end = (-1, 0)  # line and column in the text after the previous lexeme
        self._header = ""
        self._at_key = False
        self._skipped = False
        self._line_shift = 0
        self._bracket_shift = 0

    def place(self, lexeme: Lexeme) -> None:
        """Go on by one lexeme."""
        self._nest(lexeme)
        if lexeme.kind in (Kind.MAPPING, Kind.LIST, Kind.END, Kind.KEY):
            return
        self._skipped |= lexeme.line > self._end[0] + 1
        if lexeme.kind is Kind.MARKER:
            self._line = None
        elif lexeme.kind is Kind.CONTENT:
            self._place_content(lexeme)
            return
        else:
            self._place_text(lexeme)
            self._at_key = False
        lines = lexeme.text.split("\n")
        start = lexeme.column if len(lines) == 1 else 0
        self._end = (lexeme.line + len(lines) - 1, start + len(lines[-1]))
        self._previous = lexeme

    def finish(self) -> str:
        """The whole text."""
        self._settle(-1, None)
        _align(self._lines)
        return "".join(_written(line) + "\n" for line in self._lines)

    def _nest(self, lexeme: Lexeme) -> None:
        """Keep count of the open lists and mappings."""
        kind, levels = lexeme.kind, self._levels
        if self._brackets:
            return
        if kind in (Kind.KEY, Kind.QUESTION, Kind.COLON, Kind.END) and levels and levels[-1].is_bare:
            levels.pop()
        if kind is Kind.END:
            levels.pop()
        elif kind in (Kind.MAPPING, Kind.LIST):
            levels.append(_Level(lexeme.column, self._inner, kind is Kind.LIST))
        elif kind is Kind.DASH and not levels[-1].is_list:
            levels.append(_Level(lexeme.column, self._inner, is_list=True, is_bare=True))
        elif kind is Kind.KEY:
            self._at_key = True

    @property
    def _inner(self) -> int:
        """The column of what stands in the innermost open list or mapping."""
        return self._levels[-1].after + STEP if self._levels else 0

    def _place_text(self, lexeme: Lexeme) -> None:
        begins = self._line is None or lexeme.line > self._end[0]
        if begins and lexeme.kind is Kind.COMMENT:
            self._begin_line(0).comment = _tidy(lexeme)
            levels = () if self._brackets else tuple(self._levels)
            self._waiting.append(_Waiting(self._lines[-1], lexeme.column, levels))
            return
        gap = 0 if begins else self._gap(lexeme)
        if begins:
            column = self._column(lexeme)
            self._settle(lexeme.column, column)
            self._begin_line(column)
            if not self._brackets:
                self._line_shift = column - lexeme.column
        self._previous_begins = begins
        self._append(lexeme, gap)

    def _append(self, lexeme: Lexeme, gap: int) -> None:
        line = self._line
        assert line is not None
        if lexeme.kind is Kind.COMMENT:
            line.comment, line.comment_gap, line.comment_before = _tidy(lexeme), gap, lexeme.column
            return
        line.text += " " * gap
        if lexeme.kind is Kind.OPEN:
            if not self._brackets:
                self._bracket_shift = self._line_shift
            self._brackets.append((lexeme.column, line.end))
        elif lexeme.kind is Kind.CLOSE:
            self._brackets.pop()
        elif lexeme.kind is Kind.HEADER:
            self._header = lexeme.text
        first, *more = lexeme.text.split("\n")
        line.text += _cut(first, lexeme) if more else first
        for place, text in enumerate(more, start=1):
            words = text.lstrip(" ")
            column = self._moved(len(text) - len(words)) if words else 0
            self._begin_line(column).text = words if place == len(more) else _cut(words, lexeme)

    def _place_content(self, content: Lexeme) -> None:
        """The lines of a block scalar. A digit in its header counts columns from those of the list or mapping."""
        before, after = self._levels[-1][:2] if self._levels else (-1, 0)
        lines = content.text.split("\n")[:-1]
        digit = next((int(sign) for sign in self._header if sign.isdigit()), 0)
        cut = max(before, 0) + digit if digit else _indentation(lines, before + 1)
        kept = [line[cut:] for line in lines]
        while kept and not kept[-1] and "+" not in self._header:
            kept.pop()
        for text in kept:
            self._begin_line(after + (digit or STEP) if text else 0).text = text
        self._end = (content.line + len(kept) - 1, 0)

    def _begin_line(self, indent: int) -> _Line:
        if self._skipped and self._lines:
            self._lines.append(_Line(0))
        self._skipped = False
        self._line = _Line(indent)
        self._lines.append(self._line)
        return self._line

    def _column(self, lexeme: Lexeme) -> int:
        """The column of what begins a line."""
        if self._brackets:
            return self._moved(lexeme.column, is_close=lexeme.kind is Kind.CLOSE)
        if self._at_key or lexeme.kind in (Kind.DASH, Kind.QUESTION, Kind.COLON):
            return self._levels[-1].after
        return self._inner

    def _moved(self, before: int, *, is_close: bool = False) -> int:
        """The column of a line inside brackets, or of the rest of a text: it keeps its place to where that begins.

        To the innermost bracket that it does not stand left of; else to the line on which the outermost stands.
        """
        shift = self._bracket_shift if self._brackets else self._line_shift
        shift = next((after - old for old, after in reversed(self._brackets) if old <= before), shift)
        least = self._levels[-1].after if self._levels else 0
        column = max(before + shift, least)
        return column + STEP if column == least and not is_close else column

    def _gap(self, lexeme: Lexeme) -> int:
        """The spaces between a lexeme and the one before it on its line."""
        before, written = self._previous.kind, lexeme.column - self._end[1]
        if lexeme.kind is Kind.COMMENT:
            return max(written, 1)
        if before in (Kind.DASH, Kind.QUESTION) or (before is Kind.COLON and self._previous_begins):
            return 1
        if before is Kind.OPEN or lexeme.kind is Kind.CLOSE:
            return 1 if before is Kind.COLON else 0
        return max(written, 1) if before in (Kind.COMMA, Kind.COLON) else written

    def _settle(self, before: int, after: int | None) -> None:
        """Indent the comments that wait, now that the following line's columns are known; at the end there is none."""
        for line, column, levels in self._waiting:
            own = [level.after for level in levels if level.before == column > before]
            if after is None and not own:
                own = [level.after for level in reversed(levels) if level.before < column]
            line.indent = own[0] if own else after or 0
        self._waiting.clear()


def _indentation(lines: list[str], least: int) -> int:
    """The column at which the lines of a block scalar begin: that of the first that is not blank."""
    for line in lines:
        spaces = len(line) - len(line.lstrip(" "))
        least = max(least, spaces)
        if spaces < len(line):
            break
    return least


def _cut(line: str, scalar: Lexeme) -> str:
    """A line that its text goes on after, without trailing spaces, but for one that a backslash keeps."""
    cut = line.rstrip(" ")
    slashes = len(cut) - len(cut.rstrip("\\"))
    return cut + " " if scalar.text[0] == '"' and slashes % 2 and cut != line else cut


def _tidy(comment: Lexeme) -> str:
    text = comment.text.replace("\t", " ").rstrip(" ")
    return COMMENT.sub(lambda signs: signs.group() + " ", text, count=1) if COMMENT.match(text) else text


def _align(lines: Iterable[_Line]) -> None:
    """Put trailing comments that follow one another and stood in one column into one again."""
    trailing = [line for line in lines if line.comment_gap]
    for _, group in groupby(trailing, key=lambda line: line.comment_before):
        members = list(group)
        column = max(line.end + line.comment_gap for line in members)
        for line in members:
            line.comment_gap = column - line.end


def _written(line: _Line) -> str:
    code = " " * line.indent + line.text if line.text or line.comment else ""
    return code + " " * line.comment_gap + line.comment
