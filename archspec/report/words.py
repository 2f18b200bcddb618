"""An op or a standard block as text for a terminal, and the list of all of them."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

from archspec.elaboration.vocabulary import Argument, Word

INDENT = " " * 4
WIDTH = 100
"""Characters of a line on a field, besides its name."""


def word_text(word: Word) -> str:
    """What a word is, the fields it takes, and an example; of a block its reference and its body."""
    parts = [word.name, word.text]
    if word.reference:
        parts.append(f"Source:  {word.reference}")
    if word.arguments:
        parts.append("Fields:\n\n" + _fields(word))
    else:
        parts.append("It has no fields.")
    title = "Body" if word.is_block else "Example"
    parts.append(f"{title}:\n\n{textwrap.indent(word.body if word.is_block else word.spec, INDENT)}")
    return "\n\n".join(parts)


def word_list(ops: Iterable[Word], blocks: Iterable[Word]) -> str:
    """Every word with its summary, a line each."""
    return "\n\n".join(_list(title, words) for title, words in (("ops", tuple(ops)), ("blocks", tuple(blocks))))


def _list(title: str, words: tuple[Word, ...]) -> str:
    width = max(len(word.name) for word in words)
    return "\n".join([title, *(f"  {word.name:{width}}  {word.summary}" for word in words)])


def _fields(word: Word) -> str:
    width = max(len(argument.name) for argument in word.arguments)
    return "\n".join(_field(argument, width, alone=argument.name == word.principal) for argument in word.arguments)


def _field(argument: Argument, width: int, *, alone: bool) -> str:
    """`name  what it is`, and below it what it takes and what it is unless given."""
    takes = [argument.takes]
    if argument.required:
        takes.append("required")
    elif argument.default:
        takes.append(f"`{argument.default}` unless given")
    if alone:
        takes.append("may stand alone")
    said = [line for text in (argument.about, "; ".join(takes)) for line in textwrap.wrap(text, WIDTH)]
    lines = [f"{argument.name:{width}}  {said[0]}", *(f"{'':{width}}  {line}" for line in said[1:])]
    return textwrap.indent("\n".join(lines), INDENT)
