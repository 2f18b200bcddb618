"""What a difference of two graphs consists of, as data.

Every node of both graphs is in exactly one place: with its partner in a `Pair`, or alone as removed or added.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Generic, NamedTuple, TypeVar

from archspec.ir.graph import Graph, Input, Node, Output
from archspec.ir.shape import Dim

Given = TypeVar("Given", Input, Output)


class Kind(Enum):
    """How a node of one graph and its partner in the other differ; the first that holds."""

    CHANGED = "changed"
    """Somebody edited it: its op, its fields, what it takes, whose weights it has, when it is there."""
    FOLLOWS = "follows"
    """Other shapes alone, or parameters or MACs, since what stands before it changed."""
    RENAMED = "renamed"
    """Another path alone."""
    SAME = "same"


class Rewired(Enum):
    """How what a node takes differs."""

    NOT = "not"
    REORDERED = "reordered"
    """The same values in another order, which many joins do not mind."""
    OTHERS = "others"


class FieldChange(NamedTuple):
    """A field with another value; `None` where an op does not have the field."""

    name: str
    old: object
    new: object


class Part(NamedTuple):
    """A node with the parameters that count at it: of shared weights, at the first of their nodes."""

    node: Node
    params: int


class Pair(NamedTuple):
    """A node of the old graph and what it is in the new one."""

    old: Part
    new: Part
    fields: tuple[FieldChange, ...] = ()
    rewired: Rewired = Rewired.NOT
    """Whether it takes other values, beyond what was put in or taken out before it."""
    has_other_weights: bool = False
    """Whether it shares weights with others than before."""

    @property
    def kind(self) -> Kind:
        """The first of the kinds that holds."""
        one, other = self.old.node, self.new.node
        told = one.word != other.word or one.training_only != other.training_only
        if told or self.fields or self.rewired is not Rewired.NOT or self.has_other_weights:
            return Kind.CHANGED
        if self.has_other_figures:
            return Kind.FOLLOWS
        return Kind.RENAMED if one.path != other.path else Kind.SAME

    @property
    def has_other_figures(self) -> bool:
        """Whether a shape, the parameters or the costs differ."""
        one, other = self.old.node, self.new.node
        before = (one.input_shapes, one.shapes, one.cost, self.old.params)
        return before != (other.input_shapes, other.shapes, other.cost, self.new.params)


class Change(NamedTuple, Generic[Given]):
    """An input or output that is not what it was; `None` on the side that lacks it."""

    old: Given | None
    new: Given | None


class BlockChange(NamedTuple):
    """An outermost scope whose figures differ; `None` on the side that lacks it."""

    old: str | None
    new: str | None
    before: Mapping[str, Dim]
    after: Mapping[str, Dim]


@dataclass(frozen=True)
class Difference:
    """How one graph became another: `pairs` and `added` in the new graph's order, `removed` in the old one's."""

    old: Graph
    new: Graph
    pairs: tuple[Pair, ...]
    removed: tuple[Part, ...]
    added: tuple[Part, ...]
    inputs: tuple[Change[Input], ...]
    outputs: tuple[Change[Output], ...]
    blocks: tuple[BlockChange, ...]
    before: Mapping[str, Dim]
    after: Mapping[str, Dim]

    @property
    def is_empty(self) -> bool:
        """Whether the two are one network, path by path. The specs' names are no part of it."""
        edits = self.removed or self.added or self.inputs or self.outputs
        return not edits and all(pair.kind is Kind.SAME for pair in self.pairs)
