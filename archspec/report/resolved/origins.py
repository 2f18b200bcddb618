"""Where the values of a resolved line come from, as the comment at its end.

- {conv: {filters: 8, …}, name: conv}  # <stdlib>/conv_bn.yaml:14, used at net.yaml:7; by default: fill
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePath

from archspec.diagnostics import Origin, Span
from archspec.ir.graph import Node

COMMENT = "  # "


def origin_comment(node: Node, fields: Iterable[str]) -> str:
    """The node's own line and the uses of blocks around it; fields that stand elsewhere; fields that nobody wrote."""
    chain = []
    origin: Origin | None = node.origin
    while origin is not None:
        chain.append(_place(origin.span))
        origin = origin.use
    by_place: dict[str, list[str]] = {}
    for name, span in node.written:
        by_place.setdefault(_place(span), []).append(name)
    elsewhere = [f"{', '.join(names)}: {place}" for place, names in by_place.items() if place != chain[0]]
    parts = [", used at ".join(chain), *elsewhere, by_default(fields, [name for name, _ in node.written])]
    return COMMENT + "; ".join(filter(None, parts))


def by_default(fields: Iterable[str], written: Iterable[str]) -> str:
    """Which fields have their defaults; nothing where none has."""
    given = set(written)
    left = [name for name in fields if name not in given]
    return "by default: " + ", ".join(left) if left else ""


def without_comments(lines: Iterable[str]) -> list[str]:
    """Lines of a resolved spec without what their ends say."""
    return [line.partition(COMMENT)[0] for line in lines]


def _place(span: Span) -> str:
    file = PurePath(span.source.name).name if not span.source.name.startswith("<") else span.source.name
    return f"{''.join(sign if sign.isprintable() else '?' for sign in file)}:{span.line}"
