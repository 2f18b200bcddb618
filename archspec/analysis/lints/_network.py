"""A network as rules ask about it: what a node takes, who takes up its value, and what the recipe says."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

from archspec.analysis.lints._axes import Axis, axes_of
from archspec.ir.graph import Graph, Node, Value
from archspec.ir.reach import POINT
from archspec.ir.shape import is_known


class Training(NamedTuple):
    """What rules need of a recipe: what layers compute in, and the loss of each trained output by the output's name."""

    precision: str
    losses: Mapping[str, str]


@dataclass(frozen=True)
class Network:
    """A graph, and its recipe if it has one."""

    graph: Graph
    training: Training | None = None

    @cached_property
    def takers(self) -> Mapping[Value, tuple[Node, ...]]:
        """The nodes that take up each value, each once."""
        found: dict[Value, dict[str, Node]] = {}
        for node in self.graph.nodes:
            for value in node.inputs:
                found.setdefault(value, {})[node.path] = node
        return {value: tuple(nodes.values()) for value, nodes in found.items()}

    @cached_property
    def given(self) -> frozenset[Value]:
        """The values that are outputs."""
        return frozenset(output.value for output in self.graph.outputs)

    @cached_property
    def uses(self) -> Mapping[str, tuple[Node, ...]]:
        """By the path at which weights stand: the nodes that have them."""
        found: dict[str, list[Node]] = {}
        for node in self.graph.nodes:
            found.setdefault(node.definition, []).append(node)
        return {path: tuple(nodes) for path, nodes in found.items()}

    def source(self, node: Node) -> Node | None:
        """The node whose value is the only one that a node takes; `None` for an input and for several values."""
        return self.graph.by_path.get(node.inputs[0].path) if len(node.inputs) == 1 else None

    def follower(self, node: Node) -> Node | None:
        """The one node that takes a node's value up, and no other; `None` where the value also goes elsewhere."""
        value = Value(node.path)
        takers = self.takers.get(value, ())
        if len(takers) != 1 or len(node.shapes) != 1 or len(takers[0].inputs) != 1 or value in self.given:
            return None
        return takers[0]

    def ends(self, node: Node) -> bool:
        """Whether a node's value is an output, as it is or after nodes without weights."""
        return node.path in self._ends

    def maker(self, node: Node) -> Node | None:
        """The node that makes the values which a node takes, past those that only hand them on."""
        return self._makers[node.path]

    def axes(self, node: Node) -> tuple[Axis, ...]:
        """The axes along which a node slides a window."""
        return self._axes[node.path]

    # Worked out once for all nodes: a walk from each would take a long chain's square.

    @cached_property
    def _axes(self) -> Mapping[str, tuple[Axis, ...]]:
        return {node.path: axes_of(node) for node in self.graph.nodes}

    @cached_property
    def _ends(self) -> frozenset[str]:
        found: set[str] = set()
        for node in reversed(self.graph.nodes):
            after = self.follower(node)
            if Value(node.path) in self.given or (after is not None and not after.weights and after.path in found):
                found.add(node.path)
        return frozenset(found)

    @cached_property
    def _makers(self) -> Mapping[str, Node | None]:
        found: dict[str, Node | None] = {}
        for node in self.graph.nodes:
            source = self.source(node)
            found[node.path] = found[source.path] if source is not None and keeps_values(source) else source
        return found


def is_layer(node: Node) -> bool:
    """Whether a node is a linear layer: a weighted sum of its inputs that training changes, as a convolution is."""
    return node.op.is_affine and node.cost.macs != 0


def mixes_channels(node: Node) -> bool:
    """Whether a node is a linear layer whose values depend on several channels, if there are; one by depth does not."""
    channels = _channels_seen(node)
    return channels is not None and (channels > 1 or node.input_shapes[0].channels == 1)


def mixes_all_channels(node: Node) -> bool:
    """Whether a node is a linear layer whose every value depends on all channels; one of several groups does not."""
    channels = _channels_seen(node)
    return channels is not None and channels == node.input_shapes[0].channels


def _channels_seen(node: Node) -> Fraction | None:
    """How many input channels a value of a linear layer depends on, by the size of its kernel; else `None`."""
    units = node.shapes[0].channels
    if not is_layer(node) or not node.weights or not is_known(units):
        return None
    kernel = node.weights[0]
    return Fraction(kernel.size, math.prod(kernel.shape[:-2]) * units)


def is_activation(node: Node) -> bool:
    """Whether a node applies an activation and does nothing else."""
    return node.op.ends_in != "none" and not node.weights and not node.op.is_affine


def keeps_values(node: Node) -> bool:
    """Whether a node hands the values of its one input on, in whatever order, as dropout and flattening do."""
    reach = node.op.reach(node.input_shapes) or ()
    sees_one = all(window in (None, POINT) for window in reach)
    same = len(node.inputs) == len(node.shapes) == 1 and node.input_shapes[0].size == node.shapes[0].size
    return node.op.is_affine and not node.weights and same and sees_one
