"""The typed graph: nodes of primitive ops in an order in which every node follows its inputs.

Immutable. A graph is made by `elaboration` and read by everything after it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from archspec.diagnostics import Origin, Span
from archspec.ir.op import Cost, Op, Weight
from archspec.ir.shape import Shape


class Value(NamedTuple):
    """One value that flows: output `place` (from 1) of the node at `path`, or of the input of that name."""

    path: str
    place: int = 1

    def __str__(self) -> str:
        return self.path if self.place == 1 else f"{self.path}/{self.place}"


class Input(NamedTuple):
    """A value that the network is given."""

    name: str
    shape: Shape


class SharedUse(NamedTuple):
    """One use of shared layers: the path of the use, and the path at which the one set of weights stands."""

    path: str
    definition: str


class Node(NamedTuple):
    """One primitive op at its place, with all that inference found."""

    path: str
    word: str
    op: Op
    inputs: tuple[Value, ...]
    input_shapes: tuple[Shape, ...]
    shapes: tuple[Shape, ...]
    weights: tuple[Weight, ...]
    cost: Cost
    origin: Origin
    training_only: bool = False
    shared: SharedUse | None = None
    """The use of shared layers that the node stands in, the innermost."""
    written: tuple[tuple[str, Span], ...] = ()
    """The op's fields that someone wrote, each with the place of its value; the others have their defaults."""

    @property
    def definition(self) -> str:
        """The path at which the node's weights stand: its own, but inside shared layers theirs."""
        return self.path if self.shared is None else self.shared.definition + self.path[len(self.shared.path) :]

    @property
    def trainable(self) -> int:
        """The number of values that training changes."""
        return sum(weight.size for weight in self.weights if weight.trainable)

    @property
    def params(self) -> int:
        """The number of all values, trainable or not."""
        return sum(weight.size for weight in self.weights)


class Output(NamedTuple):
    """A value that the network gives, by the name under which training and reports know it."""

    name: str
    value: Value
    shape: Shape
    training_only: bool = False


@dataclass(frozen=True)
class Graph:
    """A whole network. `name` is the spec's; `nodes` are in graph order."""

    name: str
    inputs: tuple[Input, ...]
    nodes: tuple[Node, ...]
    outputs: tuple[Output, ...]

    @cached_property
    def by_path(self) -> dict[str, Node]:
        """The nodes by their paths."""
        return {node.path: node for node in self.nodes}

    @property
    def has_training_only_parts(self) -> bool:
        """Whether the inference graph is smaller than this one."""
        return any(node.training_only for node in self.nodes) or any(output.training_only for output in self.outputs)

    def for_inference(self) -> Graph:
        """The graph without its training-only parts, and without what they alone use; all else keeps its paths."""
        outputs = tuple(output for output in self.outputs if not output.training_only)
        return replace(self, nodes=needed(self.nodes, outputs), outputs=outputs)


def owners(nodes: Sequence[Node]) -> tuple[Node, ...]:
    """The nodes, given in graph order, without those whose weights an earlier one of them has."""
    first: dict[str, Node] = {}
    for node in nodes:
        first.setdefault(node.definition, node)
    return tuple(first.values())


def needed(nodes: Sequence[Node], outputs: Sequence[Output]) -> tuple[Node, ...]:
    """The nodes, given in graph order, that an output depends on; in graph order."""
    used = {output.value.path for output in outputs}
    kept: list[Node] = []
    for node in reversed(nodes):
        if node.path in used:
            for value in node.inputs:
                used.add(value.path)
            kept.append(node)
    return tuple(reversed(kept))
