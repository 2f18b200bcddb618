"""Totals of a graph: parameters, multiply-accumulates, connections, depth."""

from __future__ import annotations

from typing import NamedTuple

from archspec.ir.graph import Graph, Node, owners
from archspec.ir.shape import Dim, map_dims, total


class Totals(NamedTuple):
    """What a graph holds and what one example costs; `macs` and `connections` are open where a size is.

    `depth` counts the nodes with trainable weights and MACs, convolutions and dense layers, on the longest way from an
    input to an output, as papers do ("a 50-layer network").
    """

    params: int
    trainable: int
    macs: Dim
    connections: Dim
    depth: int

    @property
    def flops(self) -> Dim:
        """Operations on floating-point numbers: a product and a sum for each multiply-accumulate, and none besides."""
        return map_dims(lambda macs: 2 * macs, self.macs)

    @property
    def non_trainable(self) -> int:
        """Values that training leaves alone, or that follow the data as moving averages do."""
        return self.params - self.trainable


def totals(graph: Graph) -> Totals:
    """The totals of all nodes of a graph."""
    return total_of(graph.nodes)


def total_of(nodes: tuple[Node, ...]) -> Totals:
    """The totals of some nodes, in graph order: shared weights once, what they cost at each use."""
    params = trainable = 0
    for weight in (weight for node in owners(nodes) for weight in node.weights):
        size = weight.size
        params += size
        trainable += size if weight.trainable else 0
    return Totals(
        params=params,
        trainable=trainable,
        macs=total(node.cost.macs for node in nodes),
        connections=total(node.cost.connections for node in nodes),
        depth=_depth(nodes),
    )


def _depth(nodes: tuple[Node, ...]) -> int:
    depths: dict[str, int] = {}
    for node in nodes:
        before = 0
        for value in node.inputs:
            before = max(before, depths.get(value.path, 0))
        is_layer = node.cost.macs != 0 and node.trainable > 0
        depths[node.path] = before + is_layer
    return max(depths.values(), default=0)
