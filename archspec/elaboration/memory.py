"""What was placed before: a block used again with equal arguments on equal shapes gives the same nodes elsewhere.

A body is closed, so all that it depends on is known where it is used: its arguments, the shapes that flow in, the
blocks around it, whether it is there in training alone, and what the defaults of the files read. Only what was walked
without a mistake is kept; whatever cannot be told from a key (layers given as an argument, shared layers, patches that
reach inside) is walked again, and so is what a bound of the language might stop. A memory that outlives one walk, as
where a spec is elaborated under thousands of settings, also keeps the passes of named loops that refer to no node
outside.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable

from archspec.elaboration.body import Body, Taken
from archspec.elaboration.context import Context
from archspec.elaboration.modules import BlockReference, Module, OpReference, Row
from archspec.elaboration.placement import NodeList
from archspec.elaboration.scope import Flow, Work
from archspec.elaboration.templates import Placed
from archspec.syntax import ast, tree
from archspec.syntax.closed_lines import names_of_closed
from archspec.syntax.evaluation import Opaque, Unknown, Value
from archspec.syntax.limits import MAX_NESTING, MAX_STEPS, MAX_WORK
from archspec.syntax.written_expressions import names_read

MOST_KEPT = 100_000
"""Nodes in the bodies of one memory, about 100 MB; beyond it all are forgotten, since those in use come back soon."""


class Memory:
    """The bodies and passes walked so far. Mutable by design: filled as they are placed.

    It `outlives` the one walk where a spec is elaborated many times.
    """

    def __init__(self, *, outlives: bool = False) -> None:
        self.outlives = outlives
        self._bodies: dict[Hashable, Body] = {}
        self._kept = 0
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

    def place(self, key: Hashable, flow: Flow, context: Context, nodes: NodeList, walk: Callable[[], Placed]) -> Placed:
        """Place what stands in a scope of its own: as its like was placed before, or else by walking it."""
        work = context.work
        known = None if key is None else self._recall(key, work)
        if known is not None:
            work.deepest = max(work.deepest, work.nesting + known.taken.levels)
            return known.place(flow, context, nodes)
        before = Taken(work.steps, work.done, work.deepest)
        count = len(nodes.by_path)
        work.deepest = work.nesting
        placed = walk()
        taken = Taken(work.steps - before.steps, work.done - before.work, work.deepest - work.nesting)
        work.deepest = max(work.deepest, before.levels)
        if key is not None and not context.sink.errors:
            self._keep(key, Body.of(flow, context, nodes.since(count), placed, taken))
        return placed

    def _recall(self, key: Hashable, work: Work) -> Body | None:
        """The body of a key, unless the bounds of the language might end the walk in it."""
        found = self._bodies.get(key)
        if found is None or work.watched is not None:
            return None
        steps, operations, levels = found.taken
        room = work.steps + steps < MAX_STEPS and work.done + operations < MAX_WORK
        return found if room and work.nesting + levels < MAX_NESTING else None

    def _keep(self, key: Hashable, body: Body) -> None:
        self._kept += len(body.nodes)
        if self._kept > MOST_KEPT:
            self._bodies.clear()
            self._kept = len(body.nodes)
        self._bodies[key] = body


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
