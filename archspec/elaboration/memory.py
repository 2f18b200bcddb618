"""What blocks gave before: a block used again with equal arguments on equal shapes places the same nodes elsewhere.

A body is closed, so all that it depends on is known where it is used: its arguments, the shapes that flow in, the blocks
around it, whether it is there in training alone, and what the defaults of the files read. Only what was walked without
a mistake is kept; whatever cannot be told from a key (layers given as an argument, shared layers, patches that reach
inside) is walked again, and so is what a bound of the language might stop.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from archspec.diagnostics import Origin, Span
from archspec.elaboration.context import Context
from archspec.elaboration.modules import BlockReference, Module, OpReference
from archspec.elaboration.placement import NodeList
from archspec.elaboration.scope import Flow, Wire
from archspec.elaboration.templates import Placed
from archspec.ir.graph import Node, SharedUse
from archspec.ir.graph import Value as GraphValue
from archspec.syntax import ast, tree
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
    use: Origin
    blocks: tuple[ast.Block | ast.Shared, ...]
    """Those around it and its own: kept, since the key knows them by their identity."""
    nodes: tuple[Node, ...]
    placed: Placed
    taken: Taken
    lines: tuple[Line, ...] = ()
    origins: list[tuple[Span, int]] = field(default_factory=list)
    """The origins of its lines, each with the number of the use around it; 0 is the use of the block itself."""
    numbers: dict[GraphValue, int] = field(default_factory=dict)
    """The values that flow in and those of the nodes, in order."""

    def place(self, flow: Flow, body: Context, nodes: NodeList) -> Placed:
        """Add the nodes at the path of another use, on other inputs of the same shapes; what flows out there."""
        if not self.numbers:
            self._prepare()
        assert body.use is not None
        body.work.steps += self.taken.steps
        body.work.charge(self.taken.work)
        path = body.scope.path
        origins = [body.use]
        for span, around in self.origins:
            origins.append(Origin(span, origins[around]))
        values = [wire.source for wire in flow or () if wire.source is not None]
        for line in self.lines:
            here = path + line.path
            node = line.node
            inputs = tuple([values[number] for number in line.inputs])
            shared = line.shared and SharedUse(path + line.shared.path, path + line.shared.definition)
            values.extend([GraphValue(here, place) for place in range(1, len(node.shapes) + 1)])
            nodes.add(
                Node(
                    here, node.word, node.op, inputs, node.input_shapes, node.shapes, node.weights, node.cost,
                    origins[line.origin], node.training_only, shared, node.written,
                ),
                body,
            )  # fmt: skip
        result, outputs = self.placed
        return self._moved(result, values), {name: self._moved(one, values) for name, one in outputs.items()}

    def _moved(self, flow: Flow, values: list[GraphValue]) -> Flow:
        return tuple(
            Wire(values[self.numbers[wire.source]], wire.shape, wire.training_only)
            for wire in flow or ()
            if wire.source is not None
        )

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

    def _number_origin(self, origin: Origin, known: dict[int, int]) -> int:
        number = known.get(id(origin))
        if number is None:
            assert origin.use is not None
            self.origins.append((origin.span, self._number_origin(origin.use, known)))
            number = known[id(origin)] = len(self.origins)
        return number


class Memory:
    """The bodies walked so far. Mutable by design: filled as blocks are placed. It outlives one walk where a spec is
    elaborated many times under other settings.
    """

    def __init__(self) -> None:
        self._bodies: dict[Hashable, Body] = {}
        self._climate: Hashable = None

    def begin(self, family: Iterable[Module]) -> None:
        """Begin a walk over a file and those that it extends, whose parameters are bound."""
        values = [module.bindings.get(name) for module in family for name in _names_read(module)]
        self._climate = _frozen(tuple(value for value in values if value is not None))

    def key(self, flow: Flow, body: Context) -> Hashable:
        """What a body's nodes depend on; `None` where that cannot be told. Its arguments are bound, and no more."""
        scope = body.scope
        if self._climate is None or flow is None or scope.shared is not None:
            return None
        if body.patches is not None and body.patches.reaches(scope.path):
            return None
        arguments = _frozen(body.bindings.given())
        shapes = tuple([(wire.shape, wire.training_only) for wire in flow])
        sources = [wire.source for wire in flow]
        if arguments is None or None in sources:
            return None
        alike = tuple(map(sources.index, sources)) if len(sources) > 1 else ()
        around = tuple(map(id, body.blocks))
        return (around, arguments, shapes, alike, body.training_only, self._climate)

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
        assert body.use is not None
        sources = tuple(wire.source for wire in flow or () if wire.source is not None)
        self._bodies[key] = Body(body.scope.path, sources, body.use, body.blocks, nodes, placed, taken)


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
    if isinstance(value, BlockReference):
        return (BlockReference, id(value.block))
    if isinstance(value, OpReference):
        return (OpReference, value.word)
    return None if isinstance(value, Opaque | Unknown) else value
