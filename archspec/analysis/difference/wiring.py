"""Whether a node takes what it took before, seen through what was put in or taken out between.

    conv_1 -> relu_1   and   conv_1 -> dropout_1 -> relu_1

`relu_1` takes another value, but nobody edited it: what it takes comes, through the added node, from the same one.
"""

from __future__ import annotations

from collections.abc import Mapping

from archspec.analysis.difference.changes import Rewired
from archspec.ir.graph import Graph, Node, Value, owners

Source = tuple[str, int]
"""A value by the old graph's path of its node, or by the name of the network's input."""


class Wiring:
    """Two graphs' connections, held against each other by the pairs of their nodes."""

    def __init__(self, old: Graph, new: Graph, pairs: Mapping[str, str]) -> None:
        self._pairs = pairs
        back = {right: left for left, right in pairs.items()}
        inputs = {given.name for given in (*old.inputs, *new.inputs)}
        self._old = _Sources(old, {path: path for path in (*pairs, *inputs)})
        self._new = _Sources(new, {**{name: name for name in inputs}, **back})
        self._owners = [{node.definition: node.path for node in owners(graph.nodes)} for graph in (old, new)]

    def rewired(self, old: Node, new: Node) -> Rewired:
        """Whether a node takes, place by place, what its partner takes."""
        if len(old.inputs) != len(new.inputs):
            return Rewired.OTHERS
        if all(self.becomes(*values) for values in zip(old.inputs, new.inputs, strict=True)):
            return Rewired.NOT
        left = list(new.inputs)
        for value in old.inputs:
            found = next((one for one in left if self.becomes(value, one)), None)
            if found is None:
                return Rewired.OTHERS
            left.remove(found)
        return Rewired.REORDERED

    def becomes(self, old: Value, new: Value) -> bool:
        """Whether a value of the new graph is one of the old, or stems from it through added or removed nodes alone."""
        one, other = self._old.of(old), self._new.of(new)
        if self._old.is_kept(old) and self._new.is_kept(new):
            return one == other
        return not one.isdisjoint(other)

    def same_weights(self, old: Node, new: Node) -> bool:
        """Whether the node that first has their weights is the same one, as far as both graphs have it."""
        first, other = self._owners[0][old.definition], self._owners[1][new.definition]
        is_told = first in self._pairs and self._new.is_kept(Value(other))
        return not is_told or self._pairs[first] == other


class _Sources:
    """Where each value of a graph comes from: of a node with a partner itself, of another what leads to it."""

    def __init__(self, graph: Graph, kept: Mapping[str, str]) -> None:
        self._kept = kept
        self._through: dict[str, frozenset[Source]] = {}
        for node in graph.nodes:
            if node.path not in kept:
                self._through[node.path] = frozenset().union(*(self.of(value) for value in node.inputs))

    def is_kept(self, value: Value) -> bool:
        """Whether the value is an input of the network or of a node with a partner."""
        return value.path in self._kept

    def of(self, value: Value) -> frozenset[Source]:
        """The values that a value is or, through nodes without partners, comes from."""
        if value.path in self._kept:
            return frozenset({(self._kept[value.path], value.place)})
        return self._through[value.path]
