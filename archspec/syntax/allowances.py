"""Comments that allow warnings of their line, `# archspec: allow W0301 read by the next file`, and what they allow.

The reason is part of the comment: without one it allows nothing. An error is never allowed. A text without such a
comment is not read for it, and a sound one costs nothing.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from archspec.diagnostics import Diagnostic, Severity, SourceFile, Span, Suppressed

# Compiled by the first warning, as the patterns of cures are.
SIGN = r"archspec:[ \t]*(?P<verb>[A-Za-z]+)\b"
COMMENT = rf"(?<!\S)#[#\s]*{SIGN}:?[ \t]*(?P<codes>(?:[A-Za-z]\d{{2,5}}\b[ \t]*,?[ \t]*)*)(?P<reason>.*)"


class Allowance(NamedTuple):
    """One comment: its place, the codes that it names, the reason, empty where there is none, and its word."""

    place: Span
    codes: tuple[str, ...]
    reason: str
    verb: str = "allow"
    """What it says in place of `allow`, where it names a code all the same."""


def allowances(source: SourceFile) -> tuple[Allowance, ...]:
    """The comments of a readable text that allow something; none of one that cannot be read.

    >>> allowances(SourceFile("net.yaml", "a: 1  # archspec: allow L1101, W0301 as in the paper"))[0][1:3]
    (('L1101', 'W0301'), 'as in the paper')
    """
    if not re.search(SIGN, source.text):
        return ()
    # Imported here: few specs have such a comment.
    import yaml

    from archspec.syntax.lexemes import Kind, lexemes

    text = "\n".join(source.lines)
    try:
        comments = [one for one in lexemes(text if text.endswith("\n") else text + "\n") if one.kind is Kind.COMMENT]
    except yaml.YAMLError:
        return ()
    found = ((one, re.search(COMMENT, one.text)) for one in comments)
    made = (_allowance(source, one.line + 1, one.column + 1, match) for one, match in found if match)
    return tuple(one for one in made if one.verb == "allow" or one.codes)


def sift(found: tuple[Diagnostic, ...]) -> tuple[tuple[Diagnostic, ...], tuple[Suppressed, ...]]:
    """The findings that stand, and the warnings that a comment on their line allows."""
    sources = {one.primary.span.source for one in found if one.severity is Severity.WARNING and one.primary}
    allowed = {
        (source, one.place.line, code): one
        for source in sources
        for one in allowances(source)
        if one.verb == "allow"
        for code in one.codes
    }
    if not allowed:
        return found, ()
    standing: list[Diagnostic] = []
    suppressed: list[Suppressed] = []
    for one in found:
        place = one.primary.span if one.primary and one.severity is Severity.WARNING else None
        by = allowed.get((place.source, place.line, one.code)) if place else None
        if by is None:
            standing.append(one)
        elif by.reason:
            suppressed.append(Suppressed(one, by.reason, by.place))
        else:
            standing.append(one._replace(notes=(*one.notes, "the comment on this line gives no reason to allow it")))
    return tuple(standing), tuple(suppressed)


def _allowance(source: SourceFile, line: int, column: int, match: re.Match[str]) -> Allowance:
    place = Span(source, line, column + match.start(), line, column + len(match.string.rstrip()))
    codes = tuple(code.upper() for code in re.findall(r"\w+", match["codes"]))
    return Allowance(place, codes, match["reason"].strip(" \t:-–—()"), match["verb"].lower())
