"""A network's nodes by the blocks that hold them, down to any depth."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from archspec.ir.graph import Node


class Block(NamedTuple):
    """The nodes of one block, branch or pass in graph order, or one node that stands at its depth or above."""

    path: str
    nodes: tuple[Node, ...]

    @property
    def is_node(self) -> bool:
        """Whether it is one node itself, and nothing that holds nodes."""
        return self.nodes[0].path == self.path


def by_block(nodes: Sequence[Node], depth: int) -> tuple[Block, ...]:
    """The nodes by the first `depth` steps of their paths, in the order in which the blocks begin."""
    found: dict[str, list[Node]] = {}
    for node in nodes:
        found.setdefault("/".join(node.path.split("/")[:depth]), []).append(node)
    return tuple(Block(path, tuple(inside)) for path, inside in found.items())
