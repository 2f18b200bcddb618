"""YAML text to its lexemes, comments among them: what a formatter moves, as PyYAML's scanner sees it.

The tree forgets what only a reader of the text needs: comments, blank lines, the choice between flow and block. Here
nothing is forgotten but white space, which the positions tell. Nothing is decided here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum, auto
from typing import NamedTuple

import yaml
from yaml import tokens

from archspec.syntax.reader import LOADER


class Kind(Enum):
    """What a lexeme is. The first four have no text; they say where block lists and mappings begin and end."""

    MAPPING = auto()
    LIST = auto()
    END = auto()
    KEY = auto()
    DASH = auto()
    QUESTION = auto()
    COLON = auto()
    COMMA = auto()
    OPEN = auto()
    CLOSE = auto()
    NODE = auto()
    """A scalar, an anchor or an alias; a scalar may go over several lines."""
    HEADER = auto()
    """What opens a block scalar: `|`, `>-`, `|2+`."""
    CONTENT = auto()
    """The lines of a block scalar, each with its end."""
    MARKER = auto()
    """`---` or `...`."""
    COMMENT = auto()


KINDS: dict[type[tokens.Token], Kind] = {
    tokens.BlockMappingStartToken: Kind.MAPPING,
    tokens.BlockSequenceStartToken: Kind.LIST,
    tokens.BlockEndToken: Kind.END,
    tokens.KeyToken: Kind.QUESTION,
    tokens.ValueToken: Kind.COLON,
    tokens.BlockEntryToken: Kind.DASH,
    tokens.FlowEntryToken: Kind.COMMA,
    tokens.FlowMappingStartToken: Kind.OPEN,
    tokens.FlowSequenceStartToken: Kind.OPEN,
    tokens.FlowMappingEndToken: Kind.CLOSE,
    tokens.FlowSequenceEndToken: Kind.CLOSE,
    tokens.DocumentStartToken: Kind.MARKER,
    tokens.DocumentEndToken: Kind.MARKER,
}

HEADER = re.compile(r"[|>][-+0-9]*")


class Lexeme(NamedTuple):
    """A piece of the text, with its place; lines and columns count from 0."""

    kind: Kind
    text: str
    line: int
    column: int


def lexemes(text: str) -> Iterator[Lexeme]:
    """The lexemes of a readable text whose lines end in `\\n`, the last one too.

    >>> [found.text for found in lexemes("a: [1,2] # why\\n") if found.text]
    ['a', ':', '[', '1', ',', '2', ']', '# why']
    """
    read = 0
    line = 0
    for token in yaml.scan(text, Loader=LOADER):
        start, end = token.start_mark, token.end_mark
        yield from _comments(text, read, start.index, line)
        if end.index >= read:
            read, line = end.index, end.line
        if isinstance(token, tokens.StreamStartToken | tokens.StreamEndToken):
            continue
        found = Lexeme(KINDS.get(type(token), Kind.NODE), text[start.index : end.index], start.line, start.column)
        if isinstance(token, tokens.ScalarToken) and token.style in ("|", ">"):
            yield from _block_scalar(found)
        elif found.kind is Kind.QUESTION and not found.text:
            yield found._replace(kind=Kind.KEY)
        elif found.text or found.kind in (Kind.MAPPING, Kind.LIST, Kind.END):
            # Left are a document's start and end that nobody wrote, and scalars that stand for nothing.
            yield found


def _comments(text: str, start: int, end: int, line: int) -> Iterator[Lexeme]:
    """The comments between two tokens, where nothing else can stand but white space."""
    counted = start
    while (found := text.find("#", start, end)) >= 0:
        line += text.count("\n", counted, found)
        counted = found
        start = text.find("\n", found, end)
        start = end if start < 0 else start
        yield Lexeme(Kind.COMMENT, text[found:start], line, found - text.rfind("\n", 0, found) - 1)


def _block_scalar(scalar: Lexeme) -> Iterator[Lexeme]:
    """A block scalar in its parts: the header, the comment behind it, the lines."""
    first, _, content = scalar.text.partition("\n")
    header = HEADER.match(first)
    assert header is not None
    yield scalar._replace(kind=Kind.HEADER, text=header.group())
    place = first.find("#", header.end())
    if place >= 0:
        yield Lexeme(Kind.COMMENT, first[place:], scalar.line, scalar.column + place)
    if content:
        yield Lexeme(Kind.CONTENT, content, scalar.line + 1, 0)
