"""What was placed before: a block used again with equal arguments on equal shapes gives the same nodes elsewhere.

A body is closed, so all that it depends on is known where it is used: its arguments, the shapes that flow in, the
blocks around it, whether it is there in training alone, and what the defaults of the files read. Only what was walked
without a mistake is kept; whatever cannot be told from a key (layers given as an argument, shared layers, patches that
reach inside) is walked again, and so is what a bound of the language might stop. A memory that outlives one walk, as
where a spec is elaborated under thousands of settings, or many specs in a session, also keeps the passes of named loops
that refer to no node outside.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping

from archspec.diagnostics import Span
from archspec.elaboration.body import AS_THEY_WERE, Body, Taken
from archspec.elaboration.context import Context
from archspec.elaboration.loose import Loose, loose_of
from archspec.elaboration.modules import Module
from archspec.elaboration.placement import NodeList
from archspec.elaboration.scope import Flow, Work
from archspec.elaboration.surroundings import Surroundings
from archspec.elaboration.templates import Placed
from archspec.ir.op import Op
from archspec.ops import OWN, Vocabulary
from archspec.syntax import ast
from archspec.syntax.closed_lines import names_of_closed
from archspec.syntax.limits import MAX_NESTING, MAX_STEPS, MAX_WORK

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
        self._is_full = False
        self._surroundings = Surroundings()
        self._reads: dict[int, tuple[tuple[ast.Item, ...], frozenset[str] | None]] = {}
        """The lines of passes by their identity, each with the names that they read."""
        self._loose: dict[Hashable, tuple[ast.Block, Loose]] = {}
        """The loose parameters of blocks, by their identity and the files that they see."""

    def begin(self, family: Iterable[Module], ops: Vocabulary = OWN) -> None:
        """Begin a walk over a file and those that it extends, whose parameters are bound."""
        if self._is_full or len(self._reads) > MOST_KEPT:
            # Only here: within a walk there are keys still to be used that know these by their identity.
            self._bodies.clear()
            self._reads.clear()
            self._loose.clear()
            self._surroundings.forget()
            self._kept, self._is_full = 0, False
        self._surroundings.begin(family, ops)

    def key_of_block(self, flow: Flow, body: Context) -> Hashable:
        """What a body's nodes depend on; `None` where that cannot be told. Its arguments are bound, and no more."""
        return self._key(self._surroundings.frozen(body.bindings.given()), flow, body)

    def key_of_pass(self, layers: tuple[ast.Item, ...], flow: Flow, context: Context) -> Hashable:
        """What the nodes of a named pass depend on; `None` where that cannot be told."""
        if not self.outlives or context.shared:
            return None
        if id(layers) not in self._reads:
            self._reads[id(layers)] = (layers, names_of_closed(layers))
        names = self._reads[id(layers)][1]
        if names is None:
            return None
        # A block's defaults and `let`s may be wrong where no line reads them: they wait for the first that does.
        find = context.bindings.found if context.blocks else context.bindings.get
        values = [find(name) for name in names]
        if None in values:
            return None
        frozen = self._surroundings.frozen(tuple(value for value in values if value is not None))
        return None if frozen is None else self._key((id(layers), frozen), flow, context)

    def _key(self, own: Hashable, flow: Flow, context: Context) -> Hashable:
        """What the lines of a scope of their own depend on, besides what `own` says."""
        scope = context.scope
        if own is None or flow is None or scope.shared is not None:
            return None
        if context.patches is not None and context.patches.reaches(scope.path):
            return None
        sources = [wire.source for wire in flow]
        if None in sources:
            return None
        shapes = tuple([(wire.shape, wire.training_only) for wire in flow])
        alike = tuple(map(sources.index, sources)) if len(sources) > 1 else ()
        files = self._surroundings.of(context.module)
        around = tuple(map(id, context.blocks))
        return None if files is None else (around, own, shapes, alike, context.training_only, files)

    def place_block(
        self, block: ast.Block, flow: Flow, body: Context, nodes: NodeList, walk: Callable[[], Placed]
    ) -> Placed:
        """Place a block's body: as its like was placed before, with other ops where that is all the difference."""
        key = self.key_of_block(flow, body)
        if key is None or key in self._bodies:
            return self.place(key, flow, body, nodes, walk)
        loose = self._loose_of(block, body)
        alike = self._key_of_alike(loose, flow, body) if loose.names else None
        known = None if alike is None else self._recall(alike, body.work)
        ops = None if known is None else loose.ops(body)
        if known is not None and ops is not None:
            return self._place_again(known, flow, body, nodes, ops)
        placed = self.place(key, flow, body, nodes, walk)
        if alike is not None and key in self._bodies:
            self._bodies[alike] = self._bodies[key]
        return placed

    def _loose_of(self, block: ast.Block, body: Context) -> Loose:
        key = (id(block), self._surroundings.of(body.module))
        if key not in self._loose:
            self._loose[key] = (block, loose_of(block, body))
        return self._loose[key][1]

    def _key_of_alike(self, loose: Loose, flow: Flow, body: Context) -> Hashable:
        """What a body's nodes depend on but for loose arguments; `None` where that cannot be told."""
        answers = loose.answers(body)
        tight = tuple([(name, value) for name, value in body.bindings.given() if name not in loose.names])
        return None if answers is None else self._key((answers, self._surroundings.frozen(tight)), flow, body)

    def place(self, key: Hashable, flow: Flow, context: Context, nodes: NodeList, walk: Callable[[], Placed]) -> Placed:
        """Place what stands in a scope of its own: as its like was placed before, or else by walking it."""
        work = context.work
        known = None if key is None else self._recall(key, work)
        if known is not None:
            return self._place_again(known, flow, context, nodes)
        before = Taken(work.steps, work.done, work.deepest)
        count = len(nodes.by_path)
        work.deepest = work.nesting
        placed = walk()
        taken = Taken(work.steps - before.steps, work.done - before.work, work.deepest - work.nesting)
        work.deepest = max(work.deepest, before.levels)
        if key is not None and not context.sink.errors:
            self._keep(key, Body.of(flow, context, nodes.since(count), placed, taken))
        return placed

    def _place_again(
        self, known: Body, flow: Flow, context: Context, nodes: NodeList, ops: Mapping[Span, Op] = AS_THEY_WERE
    ) -> Placed:
        work = context.work
        work.deepest = max(work.deepest, work.nesting + known.taken.levels)
        return known.place(flow, context, nodes, ops)

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
            self._is_full = True
        self._bodies[key] = body
