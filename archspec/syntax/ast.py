"""The spec as written, by its constructs, with positions. Values stay trees: their types depend on what takes them."""

from __future__ import annotations

from typing import NamedTuple

from archspec.diagnostics import SourceFile, Span
from archspec.syntax.tree import Entry, Mapping, Scalar, Tree


class Modifiers(NamedTuple):
    """What stands beside an item's op: `name`, `from`, `when`, `only`, `with`."""

    name: Scalar | None = None
    source: tuple[Scalar, ...] | None = None
    when: Scalar | None = None
    training_only: bool = False
    arguments: Mapping | None = None


class Use(NamedTuple):
    """`- conv: {…}`, `- relu`, `- use: $unit`: an op, a block or a join, which only later stages can tell."""

    word: Scalar
    value: Tree | None
    modifiers: Modifiers
    span: Span


class Continue(NamedTuple):
    """`- from: …`: go on from there; with a name, an alias."""

    modifiers: Modifiers
    span: Span


class Passes(NamedTuple):
    """How often a loop's body is placed, and what each pass binds: a count, columns in step, or a table's rows."""

    repeats: Scalar | None = None
    columns: tuple[Entry, ...] = ()
    row_names: tuple[Scalar, ...] = ()
    rows: Tree | None = None


class Loop(NamedTuple):
    """`- repeat: N` or `- for: …` with `layers`."""

    passes: Passes
    layers: tuple[Item, ...]
    modifiers: Modifiers
    span: Span


class Side(NamedTuple):
    """`- side: […]`: a branch off the trunk, which flows on past it."""

    layers: tuple[Item, ...]
    modifiers: Modifiers
    span: Span


class Unreadable(NamedTuple):
    """An item that has been reported on; what flows out of it is unknown, and so is what it may have named."""

    span: Span


Item = Use | Continue | Loop | Side | Unreadable


class Branch(NamedTuple):
    """A named branch of a join. `passes` makes one branch a pass."""

    name: Scalar
    layers: tuple[Item, ...]
    passes: Passes | None = None
    modifiers: Modifiers = Modifiers()


class Parameter(NamedTuple):
    """A declared parameter. `type` is a word, or `op.field`, whose type, default and range it takes.

    `type` is `None` after an error: the name is declared, and its value unknown.
    """

    name: Scalar
    type: Scalar | None
    default: Tree | None = None
    minimum: Scalar | None = None
    maximum: Scalar | None = None
    one_of: Tree | None = None
    about: Scalar | None = None
    search: Tree | None = None
    """The values over which `archspec enumerate` goes: a list of choices, or a range."""

    @property
    def kind(self) -> str:
        """The type's text; empty where there is none."""
        return self.type.text if self.type is not None else ""


class Default(NamedTuple):
    """Fields that every use of an op or block written in this file has unless it says otherwise."""

    word: Scalar
    fields: tuple[Entry, ...]


class Variant(NamedTuple):
    """A named set of parameters, with the contract that holds for it."""

    name: Scalar
    parameters: tuple[Entry, ...]
    expect: Mapping | None


class Shared(NamedTuple):
    """Layers with one set of weights, used by their word like an op. The word is the path of the weights."""

    word: Scalar
    layers: tuple[Item, ...]


class Block(NamedTuple):
    """A block's declaration. `inputs` is `None` where any number of values may flow in, as `in`."""

    name: Scalar
    about: Scalar | None
    parameters: tuple[Parameter, ...]
    inputs: tuple[Scalar, ...] | None
    let: tuple[Entry, ...]
    shared: tuple[Shared, ...]
    layers: tuple[Item, ...]
    outputs: tuple[Scalar, ...] | None
    span: Span


class Import(NamedTuple):
    """`unit: blocks.yaml`, or `unit: {from: blocks.yaml, block: name}`: a block of another file."""

    name: Scalar
    file: Scalar
    block: Scalar


class Patch(NamedTuple):
    """One change to the lines of an extended spec: an operation on the line, pass or branch at a path."""

    operation: Scalar
    path: Scalar
    layers: tuple[Item, ...] = ()
    fields: tuple[Entry, ...] = ()


class Extends(NamedTuple):
    """The one spec that a file extends, its variant, what its parameters are set to, and the patches."""

    spec: Scalar
    variant: Scalar | None
    parameters: tuple[Entry, ...]
    patches: tuple[Patch, ...]
    span: Span


class Document(NamedTuple):
    """A whole file: a network, written or extended, or a library of blocks where it has neither."""

    source: SourceFile
    name: str
    extends: Extends | None
    parameters: tuple[Parameter, ...]
    variants: tuple[Variant, ...]
    let: tuple[Entry, ...]
    inputs: tuple[Entry, ...]
    defaults: tuple[Default, ...]
    blocks: tuple[Block, ...]
    imports: tuple[Import, ...]
    shared: tuple[Shared, ...]
    layers: tuple[Item, ...]
    outputs: tuple[Scalar, ...] | None
    expect: Mapping | None
    training: Mapping | None
    reference: Tree | None
    meta: Tree | None
    span: Span

    @property
    def is_library(self) -> bool:
        """Whether the file has blocks and neither a network nor what only a network has."""
        rest = (self.extends, self.inputs, self.layers, self.outputs, self.expect, self.training)
        return bool(self.blocks or self.imports) and not any(rest)
