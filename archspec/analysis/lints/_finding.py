"""What a rule finds: the node to blame and the words, without a place in any file."""

from __future__ import annotations

from typing import NamedTuple

from archspec.ir.graph import Node


class Finding(NamedTuple):
    """One thing that a rule says of a node.

    `field` is the op's field to blame, and `instead` the value to write for it in place of another, where these are
    certain: (before, after).
    """

    node: Node
    headline: str
    help: str
    notes: tuple[str, ...] = ()
    field: str | None = None
    instead: tuple[str, str] | None = None
