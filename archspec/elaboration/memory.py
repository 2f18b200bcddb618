"""What was placed before: a block used again with equal arguments on equal shapes gives the same nodes elsewhere.

A body is closed, so all that it depends on is known where it is used: its arguments, the shapes that flow in, the blocks
around it, whether it is there in training alone, and what the defaults of the files read. Only what was walked without
a mistake is kept; whatever cannot be told from a key (layers given as an argument, shared layers, patches that reach
inside) is walked again, and so is what a bound of the language might stop. A memory that outlives one walk, as where a
spec is elaborated under thousands of settings, also keeps the passes of named loops that refer to no node outside.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from archspec.diagnostics import Origin, Span
from archspec.elaboration.context import Context
from archspec.elaboration.modules import BlockReference, Module, OpReference, Row
from archspec.elaboration.placement import NodeList
from archspec.elaboration.scope import Flow, Named, Scope, Wire
from archspec.elaboration.templates import Placed
from archspec.ir.graph import Node, SharedUse
from archspec.ir.graph import Value as GraphValue
from archspec.syntax import ast, tree
from archspec.syntax.closed_lines import names_of_closed
from archspec.syntax.evaluation import Opaque, Unknown, Value
from archspec.syntax.limits import MAX_NESTING, MAX_STEPS, MAX_WORK
from archspec.syntax.written_expressions import names_read


class Taken(NamedTuple):
    """What walking a body took of the bounds: lines, operations of expressions, levels of nesting."""

    steps: int
    work: int
    levels: int


class Line(NamedTuple):
    """One node to place again: its path in the block, its inputs and its origin by their numbers."""

    path: str
    node: Node
    inputs: tuple[int, ...]
    origin: int
    shared: SharedUse | None


@dataclass
class Body:
    """A body that was walked: its nodes as they were first placed, and what flowed in and out.

    Mutable by design: how to place it elsewhere is worked out when that is first asked for, which of most it never is.
    """

    path: str
    sources: tuple[GraphValue, ...]
    use: Origin | None
    blocks: tuple[ast.Block | ast.Shared, ...]
    """Those around it and its own: kept, since the key knows them by their identity."""
    nodes: tuple[Node, ...]
    placed: Placed
    names: dict[str, Named]
    """The names in its scope, where they can be seen from outside."""
    taken: Taken
    lines: tuple[Line, ...] = ()
    origins: list[tuple[Span, int]] = field(default_factory=list)
    """The origins of its lines, each with the number of the use around it; 0 is the use of the block itself."""
    numbers: dict[GraphValue, int] = field(default_factory=dict)
    """The values that flow in and those of the nodes, in order."""

    def place(self, flow: Flow, body: Context, nodes: NodeList) -> Placed:
        """Add the nodes at the path of another use, on other inputs of the same shapes; what flows out there."""
        body.work.steps += self.taken.steps
        body.work.charge(self.taken.work)
        sources = [wire.source for wire in flow or () if wire.source is not None]
        if body.scope.path == self.path and tuple(sources) == self.sources and body.use == self.use:
            for node in self.nodes:
                nodes.add(node, body)
            body.scope.names.update(self.names)
            return self.placed
        values = self._place_nodes(sources, body, nodes)
        for name, named in self.names.items():
            body.scope.names[name] = self._renamed(named, body.scope, values)
        result, outputs = self.placed
        return self._moved(result, values), {name: self._moved(one, values) for name, one in outputs.items()}

    def _place_nodes(self, values: list[GraphValue], body: Context, nodes: NodeList) -> list[GraphValue]:
        """Add the nodes on these inputs; the inputs and then all values that the nodes give."""
        if not self.numbers:
            self._prepare()
        path = body.scope.path
        uses: list[Origin | None] = [body.use]
        for span, use in self.origins:
            uses.append(Origin(span, uses[use]))
        for line in self.lines:
            node, origin = line.node, uses[line.origin]
            assert origin is not None
            here = path + line.path
            inputs = tuple([values[number] for number in line.inputs])
            values.extend([GraphValue(here, place) for place in range(1, len(node.shapes) + 1)])
            shared = line.shared and SharedUse(path + line.shared.path, path + line.shared.definition)
            nodes.add(
                Node(
                    here, node.word, node.op, inputs, node.input_shapes, node.shapes, node.weights, node.cost,
                    origin, node.training_only, shared, node.written,
                ),
                body,
            )  # fmt: skip
        return values

    def _moved(self, flow: Flow, values: list[GraphValue]) -> Flow:
        if flow is None:
            return None
        return tuple(
            Wire(values[self.numbers[wire.source]], wire.shape, wire.training_only)
            for wire in flow
            if wire.source is not None
        )

    def _renamed(self, named: Named, around: Scope, values: list[GraphValue]) -> Named:
        """A name with what it stands for in another place, the names behind it too."""
        inner = None
        if named.inner is not None:
            inner = Scope(around.path + named.inner.path[len(self.path) :], around)
            for name, one in named.inner.names.items():
                inner.names[name] = self._renamed(one, around, values)
        outputs = {name: self._moved(one, values) for name, one in named.outputs.items()}
        return replace(named, flow=self._moved(named.flow, values), inner=inner, outputs=outputs)

    def _prepare(self) -> None:
        length = len(self.path)
        for number, source in enumerate(self.sources):
            # Of sources that are equal the first stands for all: the key tells such uses from others.
            self.numbers.setdefault(source, number)
        count = len(self.sources)
        lines: list[Line] = []
        origins: dict[int, int] = {id(self.use): 0}
        for node in self.nodes:
            shared = node.shared and SharedUse(node.shared.path[length:], node.shared.definition[length:])
            inputs = tuple(self.numbers[value] for value in node.inputs)
            lines.append(Line(node.path[length:], node, inputs, self._number_origin(node.origin, origins), shared))
            for place in range(1, len(node.shapes) + 1):
                self.numbers[GraphValue(node.path, place)] = count
                count += 1
        self.lines = tuple(lines)

    def _number_origin(self, origin: Origin | None, known: dict[int, int]) -> int:
        number = known.get(id(origin))
        if number is None:
            assert origin is not None
            self.origins.append((origin.span, self._number_origin(origin.use, known)))
            number = known[id(origin)] = len(self.origins)
        return number


class Memory:
    """The bodies and passes walked so far. Mutable by design: filled as they are placed. `outlives` the one walk where a
    spec is elaborated many times.
    """

    def __init__(self, *, outlives: bool = False) -> None:
        self.outlives = outlives
        self._bodies: dict[Hashable, Body] = {}
        self._climate: Hashable = None
        self._reads: dict[int, tuple[tuple[ast.Item, ...], frozenset[str] | None]] = {}
        """The lines of passes by their identity, each with the names that they read."""

    def begin(self, family: Iterable[Module]) -> None:
        """Begin a walk over a file and those that it extends, whose parameters are bound."""
        values = [module.bindings.get(name) for module in family for name in _names_read(module)]
        self._climate = _frozen(tuple(value for value in values if value is not None))

    def key_of_block(self, flow: Flow, body: Context) -> Hashable:
        """What a body's nodes depend on; `None` where that cannot be told. Its arguments are bound, and no more."""
        return self._key(_frozen(body.bindings.given()), flow, body)

    def key_of_pass(self, layers: tuple[ast.Item, ...], flow: Flow, context: Context) -> Hashable:
        """What the nodes of a named pass of the file itself depend on; `None` where that cannot be told."""
        if not self.outlives or context.blocks or context.shared:
            return None
        if id(layers) not in self._reads:
            self._reads[id(layers)] = (layers, names_of_closed(layers))
        names = self._reads[id(layers)][1]
        if names is None:
            return None
        values = [context.bindings.get(name) for name in names]
        if None in values:
            return None
        frozen = _frozen(tuple(value for value in values if value is not None))
        return None if frozen is None else self._key((id(layers), frozen), flow, context)

    def _key(self, own: Hashable, flow: Flow, context: Context) -> Hashable:
        """What the lines of a scope of their own depend on, besides what `own` says."""
        scope = context.scope
        if own is None or self._climate is None or flow is None or scope.shared is not None:
            return None
        if context.patches is not None and context.patches.reaches(scope.path):
            return None
        sources = [wire.source for wire in flow]
        if None in sources:
            return None
        shapes = tuple([(wire.shape, wire.training_only) for wire in flow])
        alike = tuple(map(sources.index, sources)) if len(sources) > 1 else ()
        around = tuple(map(id, context.blocks))
        return (around, own, shapes, alike, context.training_only, self._climate)

    def recall(self, key: Hashable, body: Context, nesting: int) -> Body | None:
        """The body of a key, unless the bounds of the language might end the walk in it."""
        found = self._bodies.get(key)
        if found is None:
            return None
        steps, work, levels = found.taken
        room = body.work.steps + steps < MAX_STEPS and body.work.done + work < MAX_WORK
        return found if room and nesting + levels < MAX_NESTING else None

    def keep(self, key: Hashable, flow: Flow, body: Context, nodes: tuple[Node, ...], placed: Placed, taken: Taken) -> None:
        """Keep a body that was walked without a mistake, with the nodes that it placed."""
        sources = tuple(wire.source for wire in flow or () if wire.source is not None)
        scope = body.scope
        names = {} if scope.parent is None else dict(scope.names)
        self._bodies[key] = Body(scope.path, sources, body.use, body.blocks, nodes, placed, names, taken)


def _names_read(module: Module) -> list[str]:
    """The names that a file's defaults read, which stand for its own numbers wherever its blocks are used."""
    trees: list[tree.Tree] = [entry.value for default in module.document.defaults for entry in default.fields]
    return sorted(names_read(trees)) if trees else []


def _frozen(value: Value) -> Hashable:
    """A value as part of a key; `None` for what is not known whole, such as layers."""
    if isinstance(value, bool):
        return (bool, value)  # 1 and true are equal to Python
    if isinstance(value, tuple):
        items = tuple([_frozen(item) for item in value])
        return None if None in items else items
    if isinstance(value, Row):
        values = _frozen(tuple(one for _, one in value.values))
        return None if values is None else (Row, values)
    if isinstance(value, BlockReference):
        return (BlockReference, id(value.block))
    if isinstance(value, OpReference):
        return (OpReference, value.word)
    return None if isinstance(value, Opaque | Unknown) else value
