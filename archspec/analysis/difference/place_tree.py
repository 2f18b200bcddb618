"""A graph's paths as a tree of places, each with what a comparison asks of it: its content, its words, its size.

A place is a node, a scope that holds places, or both, as a named join is: `unit` and `unit/main/conv_1`. What a place
holds is told by whole numbers that two graphs share, so that comparing two places costs little however large they are.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field

from archspec.ir.graph import Graph, Node

NUMBERED = re.compile(r"(.*?)([0-9]+)")


@dataclass(frozen=True, eq=False, slots=True)
class Place:
    """One element of a path with what stands there. Names count in none of the figures, nor do shapes."""

    name: str
    node: Node | None
    children: tuple[Place, ...]
    digest: int
    """Equal for places that hold the same ops with the same fields in the same structure."""
    skeleton: int
    """Equal for places that hold the same ops in the same structure, whatever their fields."""
    contents: Mapping[int, int]
    """How many nodes there are of each content."""
    words: Mapping[str, int]
    """How many nodes there are of each op."""
    size: int
    """How many nodes there are."""

    @property
    def stem(self) -> str | None:
        """The name without its number; `None` where it ends in none."""
        found = NUMBERED.fullmatch(self.name)
        return found[1] if found else None


def is_made(node: Node) -> bool:
    """Whether a node's name is the one that an unnamed line gets: its op and a number."""
    found = NUMBERED.fullmatch(node.path.rpartition("/")[2])
    return found is not None and found[1] == f"{node.word}_"


class Contents:
    """Whole numbers for whatever is equal, the same in all the graphs that one instance reads."""

    def __init__(self) -> None:
        self._numbers: dict[Hashable, int] = {}

    def number(self, content: Hashable) -> int:
        """The number of a content: the same for an equal one."""
        return self._numbers.setdefault(content, len(self._numbers))

    def of_node(self, node: Node) -> int:
        """The number of a node's op with its fields, training-only ones told apart."""
        return self.number((node.word, node.op, node.training_only))

    def tree(self, graph: Graph) -> Place:
        """A graph's places, in the order in which their first nodes stand."""
        root = _Growing("")
        for node in graph.nodes:
            at = root
            for name in node.path.split("/"):
                at = at.children.setdefault(name, _Growing(name))
            at.node = node
        return self._grown(root)

    def _grown(self, growing: _Growing) -> Place:
        children = tuple(map(self._grown, growing.children.values()))
        contents: Counter[int] = Counter()
        words: Counter[str] = Counter()
        own = None
        if growing.node is not None:
            own = self.of_node(growing.node)
            contents[own] += 1
            words[growing.node.word] += 1
        for child in children:
            contents.update(child.contents)
            words.update(child.words)
        digest = self.number((own, *(child.digest for child in children)))
        word = growing.node.word if growing.node else None
        skeleton = self.number((word, *(child.skeleton for child in children)))
        return Place(growing.name, growing.node, children, digest, skeleton, contents, words, sum(words.values()))


@dataclass(slots=True)
class _Growing:
    name: str
    node: Node | None = None
    children: dict[str, _Growing] = field(default_factory=dict)
