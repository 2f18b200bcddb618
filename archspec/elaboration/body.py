"""A body that was walked, and how to place its nodes elsewhere: at another path, on other inputs of the same shapes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import NamedTuple

from archspec.diagnostics import Origin, Span
from archspec.elaboration.context import Context
from archspec.elaboration.placement import NodeList
from archspec.elaboration.scope import Flow, Named, Scope, Wire
from archspec.elaboration.templates import Placed
from archspec.ir.graph import Node, SharedUse
from archspec.ir.graph import Value as GraphValue
from archspec.ir.op import Op
from archspec.syntax import ast

AS_THEY_WERE: Mapping[Span, Op] = MappingProxyType({})


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

    @staticmethod
    def of(flow: Flow, context: Context, nodes: tuple[Node, ...], placed: Placed, taken: Taken) -> Body:
        """The body that was walked in a context without a mistake, with the nodes that it placed."""
        sources = tuple(wire.source for wire in flow or () if wire.source is not None)
        scope = context.scope
        names = {} if scope.parent is None else dict(scope.names)  # a block's scope has no parent, and none see into it
        return Body(scope.path, sources, context.use, context.blocks, nodes, placed, names, taken)

    def place(self, flow: Flow, body: Context, nodes: NodeList, ops: Mapping[Span, Op] = AS_THEY_WERE) -> Placed:
        """Add the nodes at the path of another use, on other inputs of the same shapes; what flows out there.

        `ops` are those that differ here, by the places of their lines' words.
        """
        body.work.steps += self.taken.steps
        body.work.charge(self.taken.work)
        sources = [wire.source for wire in flow or () if wire.source is not None]
        if not ops and body.scope.path == self.path and tuple(sources) == self.sources and body.use == self.use:
            for node in self.nodes:
                nodes.add(node, body)
            body.scope.names.update(self.names)
            return self.placed
        values = self._place_nodes(sources, body, nodes, ops)
        for name, named in self.names.items():
            body.scope.names[name] = self._renamed(named, body.scope, values)
        result, outputs = self.placed
        return self._moved(result, values), {name: self._moved(one, values) for name, one in outputs.items()}

    def _place_nodes(
        self, values: list[GraphValue], body: Context, nodes: NodeList, ops: Mapping[Span, Op]
    ) -> list[GraphValue]:
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
            op = ops.get(node.origin.span, node.op) if ops else node.op
            shared = line.shared and SharedUse(path + line.shared.path, path + line.shared.definition)
            nodes.add(
                Node(
                    here, node.word, op, inputs, node.input_shapes, node.shapes, node.weights, node.cost,
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
        origins: dict[Origin | None, int] = {self.use: 0}
        for node in self.nodes:
            shared = node.shared and SharedUse(node.shared.path[length:], node.shared.definition[length:])
            inputs = tuple(self.numbers[value] for value in node.inputs)
            lines.append(Line(node.path[length:], node, inputs, self._number_origin(node.origin, origins), shared))
            for place in range(1, len(node.shapes) + 1):
                self.numbers[GraphValue(node.path, place)] = count
                count += 1
        self.lines = tuple(lines)

    def _number_origin(self, origin: Origin | None, known: dict[Origin | None, int]) -> int:
        # By what they are and not by identity: nodes taken over as they were have uses of their own.
        number = known.get(origin)
        if number is None:
            assert origin is not None
            self.origins.append((origin.span, self._number_origin(origin.use, known)))
            number = known[origin] = len(self.origins)
        return number
