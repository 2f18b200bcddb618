"""A difference as the order in which it is told: both graphs' nodes merged, whole scopes that came or went as one.

Nodes that are the same are left out, and those that only have another path, which `renames` tells.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from archspec.analysis.difference.changes import Difference, Kind, Pair, Part
from archspec.ir.graph import Graph


@dataclass(frozen=True)
class Whole:
    """A node, or all nodes of a scope, that one of the graphs alone has. `is_new`: whether it is the new one."""

    path: str
    parts: tuple[Part, ...]
    is_new: bool

    @property
    def is_scope(self) -> bool:
        """Whether it stands for a scope with its nodes."""
        return len(self.parts) > 1


Event = Pair | Whole


def events_of(found: Difference) -> Iterator[Event]:
    """What was edited, added and removed and what follows, in the new graph's order; what went stands where it was."""
    ranks = {node.path: rank for rank, node in enumerate(found.old.nodes)}
    removed = list(_wholes(found.removed, found.old, is_new=False))[::-1]
    for event in _in_new_order(found):
        if isinstance(event, Pair):
            while removed and ranks[removed[-1].parts[0].node.path] < ranks[event.old.node.path]:
                yield removed.pop()
            if event.kind in (Kind.SAME, Kind.RENAMED):
                continue
        yield event
    yield from reversed(removed)


def _in_new_order(found: Difference) -> Iterator[Event]:
    """The pairs, and what was added as one event at the first of its nodes."""
    pairs = {pair.new.node.path: pair for pair in found.pairs}
    added = {whole.parts[0].node.path: whole for whole in _wholes(found.added, found.new, is_new=True)}
    for node in found.new.nodes:
        if node.path in pairs:
            yield pairs[node.path]
        elif node.path in added:
            yield added[node.path]


def _wholes(parts: Sequence[Part], graph: Graph, *, is_new: bool) -> Iterator[Whole]:
    """The parts by the outermost scope that consists of them, in order of their first nodes."""
    nodes = Counter(scope for node in graph.nodes for scope in _scopes(node.path))
    alone = Counter(scope for part in parts for scope in _scopes(part.node.path))
    gathered: dict[str, list[Part]] = {}
    for part in parts:
        scopes = _scopes(part.node.path)
        whole = next((scope for scope in scopes if alone[scope] == nodes[scope] > 1), part.node.path)
        gathered.setdefault(whole, []).append(part)
    for path, group in gathered.items():
        yield Whole(path, tuple(group), is_new)


def _scopes(path: str) -> list[str]:
    """A path with all that hold it, the outermost first."""
    steps = path.split("/")
    return ["/".join(steps[:length]) for length in range(1, len(steps) + 1)]
