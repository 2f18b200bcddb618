"""The positioned tree that the reader makes of YAML: every scalar keeps its text, its quoting and its place.

Named tuples, not dataclasses: a spec of 10,000 lines makes 100,000 of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from archspec.diagnostics import Span


class Scalar(NamedTuple):
    """A text that has not been given a type yet. A plain empty text is YAML's null."""

    text: str
    quoted: bool
    span: Span

    @property
    def is_null(self) -> bool:
        """Whether this is YAML's null: nothing, `~` or `null`, unquoted."""
        return not self.quoted and self.text in ("", "~", "null", "Null", "NULL")

    def part(self, start: int, end: int) -> Span:
        """Characters `start` to `end` of the text in the source, or the whole scalar where they cannot be told."""
        shift = 1 if self.quoted else 0
        if (
            self.span.line != self.span.end_line
            or self.span.end_column - self.span.column != len(self.text) + 2 * shift
        ):
            return self.span
        return self.span.part(start + shift, end + shift)


class Sequence(NamedTuple):
    """A list."""

    items: tuple[Tree, ...]
    span: Span


class Entry(NamedTuple):
    """A key and its value."""

    key: Scalar
    value: Tree


class Mapping(NamedTuple):
    """Keys and values in the order written; the reader has refused repeated keys."""

    entries: tuple[Entry, ...]
    span: Span

    def get(self, key: str) -> Tree | None:
        """The value of a key, or `None`."""
        return next((entry.value for entry in self.entries if entry.key.text == key), None)


class Broken(NamedTuple):
    """What the reader has already reported on; later stages pass over it in silence."""

    span: Span


Tree = Scalar | Sequence | Mapping | Broken


def within(tree: Tree) -> Iterator[Tree]:
    """The tree and all values in it, keys left out, each before what is in it, in the order written."""
    stack = [tree]
    while stack:
        node = stack.pop()
        yield node
        if isinstance(node, Sequence):
            stack.extend(reversed(node.items))
        elif isinstance(node, Mapping):
            stack.extend(entry.value for entry in reversed(node.entries))


def scalars(tree: Tree) -> Iterator[Scalar]:
    """Every scalar in the tree, values and not keys, in the order written."""
    return (node for node in within(tree) if isinstance(node, Scalar))


def describe(tree: Tree) -> str:
    """What a tree is, in a message's words."""
    if isinstance(tree, Scalar):
        return "nothing" if tree.is_null else f"`{shorten(tree.text)}`"
    if isinstance(tree, Sequence):
        return "a list"
    return "a mapping" if isinstance(tree, Mapping) else "something unreadable"


def shorten(text: str, limit: int = 40) -> str:
    """A user's text, cut to fit a message."""
    flat = " ".join(text.split())
    return flat if len(flat) <= limit else flat[: limit - 1] + "…"
