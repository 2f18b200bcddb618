"""Fixes made and applied: edits of a text that keep its line ends and all that they do not name.

Nothing here decides what a cure is; nothing reads or writes a file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from archspec.diagnostics.diagnostic import Diagnostic, Edit, Fix
from archspec.diagnostics.source import SourceFile, Span

LINE_END = r"\r\n|\r|\n"
"""Where `SourceFile.lines` ends a line."""


def respell(span: Span, old: str, new: str | None) -> Fix:
    """The fix that writes `new` for `old`, with its quotes if it has any.

    None without a `new`, and where `span` does not hold `old` itself: an alias stands for a text elsewhere.
    """
    if new is None or span.text not in (old, f"'{old}'", f'"{old}"'):
        return ()
    return (Edit(span, new),)


def without_fixes(found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The findings as they are, none with a fix: for what is written in no file."""
    return tuple(one._replace(fix=()) for one in found)


def choose(found: Iterable[Diagnostic]) -> list[Diagnostic]:
    """The findings whose fixes can be applied together, in the order of their places.

    Of two fixes that overlap the first; of several that want to write different texts in one place none. A fix that
    several findings share is applied once.
    """
    wanted: dict[Span, set[str]] = {}
    with_fixes = sorted((one for one in found if one.fix), key=lambda one: one.fix[0].span[1:])
    for edit in (edit for one in with_fixes for edit in one.fix):
        wanted.setdefault(edit.span, set()).add(edit.text)
    chosen: dict[Fix, Diagnostic] = {}
    for one in with_fixes:
        if one.fix in chosen or any(len(wanted[edit.span]) > 1 for edit in one.fix):
            continue
        if not any(_overlap(edit.span, other.span) for fix in chosen for other in fix for edit in one.fix):
            chosen[one.fix] = one
    return list(chosen.values())


def apply(source: SourceFile, fixes: Iterable[Fix]) -> str:
    """The text after edits that do not overlap.

    >>> source = SourceFile("net.yaml", "a: 1\\r\\nb: 2\\r\\n")
    >>> apply(source, [(Edit(Span(source, 1, 1, 1, 1), "c: 3\\n"),)])
    'c: 3\\r\\na: 1\\r\\nb: 2\\r\\n'
    """
    text = source.text
    for start, end, new in reversed(_placed(source, fixes)):  # so that what is in front keeps its place
        text = text[:start] + new + text[end:]
    return text


def moved(source: SourceFile, fixes: Iterable[Fix], place: Span) -> int:
    """The offset at which a place begins in the text after the edits."""
    offset = offset_of(place, line_starts(source))
    before = [(start, end, new) for start, end, new in _placed(source, fixes) if end <= offset and start < offset]
    return offset + sum(len(new) - (end - start) for start, end, new in before)


def line_starts(source: SourceFile) -> list[int]:
    """The offset at which each line of the text begins."""
    return [0, *(end.end() for end in re.finditer(LINE_END, source.text))]


def offset_of(place: Span, starts: list[int]) -> int:
    """The offset at which a place begins."""
    return starts[place.line - 1] + place.column - 1


def _placed(source: SourceFile, fixes: Iterable[Fix]) -> list[tuple[int, int, str]]:
    """The edits by offset, in order, with the text's own line ends."""
    found = re.search(LINE_END, source.text)
    line_end = found.group() if found else "\n"
    starts = line_starts(source)
    edits = [edit for fix in fixes for edit in fix]
    return sorted(
        (offset_of(edit.span, starts), offset_of(edit.span.end, starts), edit.text.replace("\n", line_end))
        for edit in edits
    )


def _overlap(one: Span, other: Span) -> bool:
    """Whether two stretches have a character in common, or one begins at the place where the other inserts."""
    first, second = sorted((one[1:], other[1:]))
    return second[:2] < first[2:] or second[:2] == first[:2]
