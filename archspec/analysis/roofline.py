"""How long each layer of inference takes at least, from stated rates: the roofline model.

A layer needs its operations at the machine's peak rate, and its values once through memory at its bandwidth; the longer
of the two bounds it. The operations are those of convolutions and matrix products; all others count as nothing beside
the values that they move. Each layer reads its inputs and weights and writes its outputs: no two are fused.

Source: Williams, Waterman, Patterson, "Roofline: an insightful visual performance model for multicore architectures",
        Communications of the ACM, 2009.
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from archspec.analysis.liveness import FLOAT32, Unsized, footprint_of
from archspec.analysis.memory import COMPUTE_BYTES
from archspec.ir.graph import Graph, Node
from archspec.ir.shape import Dim, is_known


class Machine(NamedTuple):
    """Operations on floating-point numbers a second, and bytes a second from and to memory."""

    peak: Fraction
    bandwidth: Fraction

    @property
    def balance(self) -> Fraction:
        """Operations for each byte at which both take as long."""
        return self.peak / self.bandwidth


class LayerTime(NamedTuple):
    """One layer on a batch: its operations, the bytes that it moves, and what each takes, in seconds."""

    path: str
    flops: int
    moved: int
    computing: Fraction
    moving: Fraction

    @property
    def seconds(self) -> Fraction:
        """The least time."""
        return max(self.computing, self.moving)

    @property
    def intensity(self) -> Fraction:
        """Operations for each byte."""
        return Fraction(self.flops, self.moved) if self.moved else Fraction(0)

    @property
    def is_bound_by_memory(self) -> bool:
        """Whether moving its values takes longer than computing them."""
        return self.moving > self.computing


def roofline(graph: Graph, machine: Machine, batch: int = 1, precision: str = "float32") -> tuple[LayerTime, ...]:
    """Every layer of the graph, in its order. Raises `Unsized` where a size is open."""
    return tuple(_layer(node, machine, batch, COMPUTE_BYTES[precision]) for node in graph.nodes)


def _layer(node: Node, machine: Machine, batch: int, width: int) -> LayerTime:
    held = footprint_of(node)
    flops = 2 * batch * _known(node.cost.macs, node)
    moved = 0
    if not (held.is_view or held.only_in_training):
        values = sum(_known(shape.size, node) for shape in (*node.input_shapes, *node.shapes))
        moved = batch * width * values + node.params * (FLOAT32 if held.in_float32 else width)
    return LayerTime(node.path, flops, moved, flops / machine.peak, moved / machine.bandwidth)


def _known(dim: Dim, node: Node) -> int:
    if not is_known(dim):
        raise Unsized(node.path)
    return dim
