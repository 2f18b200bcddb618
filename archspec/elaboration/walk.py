"""The walk over the lines of a network: each is placed on what flows, and every node inferred as it is placed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from archspec.diagnostics import Span
from archspec.elaboration.arguments import collect
from archspec.elaboration.context import OFF, Context, SharedLayers
from archspec.elaboration.joins import place_join
from archspec.elaboration.loops import passes_of, unknown_pass
from archspec.elaboration.memory import Memory
from archspec.elaboration.modules import BlockReference, OpReference, find_block
from archspec.elaboration.naming import declare, given_name
from archspec.elaboration.parameters import Closure
from archspec.elaboration.placement import NodeList, TooMuchError, place_op
from archspec.elaboration.references import follow_all
from archspec.elaboration.scope import Flow, Named, Scope
from archspec.elaboration.shared import place_shared
from archspec.elaboration.templates import Placed, place_block, place_body
from archspec.syntax import ast, tree
from archspec.syntax.evaluation import UNKNOWN, shown
from archspec.syntax.limits import MAX_NESTING, MAX_STEPS

if TYPE_CHECKING:
    from archspec.elaboration.patching import Change


class Walk:
    """The walk over items. Mutable by design: `nodes` grows as they are placed, `memory` as blocks are."""

    def __init__(self, nodes: NodeList, memory: Memory | None = None) -> None:
        self.nodes = nodes
        self.memory = memory or Memory()
        self.span: Span | None = None

    def items(self, items: tuple[ast.Item, ...], flow: Flow, context: Context) -> Flow:
        """Place items one after the other; what flows out of the last."""
        self._count_step(items[0].span if items else None, context)
        work = context.work
        if work.nesting >= MAX_NESTING:
            if items:
                headline = f"lines may be nested {MAX_NESTING} deep in blocks, branches and loops"
                context.report("E0804", headline, items[0].span)
            return None
        work.nesting += 1
        work.deepest = max(work.deepest, work.nesting)
        if context.overrides:
            context = replace(context, overrides=())  # they are for the line that holds these
        for item in items:
            flow = self.item(item, flow, context)
        work.nesting -= 1
        return flow

    def item(self, item: ast.Item, flow: Flow, context: Context) -> Flow:
        """Place one item on what flows; what flows on."""
        self._count_step(item.span, context)
        if isinstance(item, ast.Unreadable):
            context.scope.hides_names = True
            return None
        modifiers = item.modifiers
        there = context.holds(modifiers.when)
        if there is False:
            self._declare_off(item, context)
            return flow
        if modifiers.training_only:
            context = replace(context, training_only=True)
        change = self._change(item, context) if context.patches and there else None
        if change is not None:
            return self._changed(item, change, flow, context)
        received = flow if modifiers.source is None else follow_all(modifiers.source, context)
        result = self._dispatch(item, received if there else None, context)
        return flow if isinstance(item, ast.Side) else result

    def _change(self, item: ast.Use | ast.Continue | ast.Loop | ast.Side, context: Context) -> Change | None:
        """What patches change at a line, which is known by its name, or by its op and number."""
        name = None
        if item.modifiers.name is not None and not isinstance(item, ast.Loop):
            name = given_name(item.modifiers.name, context)
        elif isinstance(item, ast.Use) and item.word.text != "use":
            name = context.scope.next_number(item.word.text)
        assert context.patches is not None
        return context.patches.at(context.scope.join(name), context.level) if name else None

    def _changed(
        self, item: ast.Use | ast.Continue | ast.Loop | ast.Side, change: Change, flow: Flow, context: Context
    ) -> Flow:
        """Place a line that patches change, and what they put before and after it."""
        within = change.within(context)
        flow = self.items(change.before, flow, within)
        if change.is_removal or change.replacement is not None:
            flow = self._substituted(item, change, flow, context)
        else:
            if not isinstance(item, ast.Use):
                change.refuse_settings("no op")
            overrides = (*context.overrides, *change.overrides())
            flow = self.item(item, flow, replace(context, overrides=overrides))
        return self.items(change.after, flow, within)

    def _substituted(
        self, item: ast.Use | ast.Continue | ast.Loop | ast.Side, change: Change, flow: Flow, context: Context
    ) -> Flow:
        """Place what stands instead of a line, if anything does; what flows on."""
        if item.modifiers.name is None and isinstance(item, ast.Use):
            context.scope.number(item.word.text)  # so that no other line's path changes
        name = change.path.rpartition("/")[2]
        if change.replacement is None or change.content is None:
            context.scope.names.setdefault(name, change.removed())
            return flow
        # Imported here: most specs have no patches.
        from archspec.elaboration.patching import as_one_item

        received = flow if item.modifiers.source is None else follow_all(item.modifiers.source, context)
        line = as_one_item(change.replacement, name, change.content.path.span)
        result = self.item(line, received, change.within(context))
        return flow if isinstance(item, ast.Side) else result

    def _dispatch(self, item: ast.Use | ast.Continue | ast.Loop | ast.Side, flow: Flow, context: Context) -> Flow:
        if isinstance(item, ast.Loop):
            return self._loop(item, flow, context)
        name = given_name(item.modifiers.name, context)
        if isinstance(item, ast.Side):
            return self._side(item, name, flow, context)
        if isinstance(item, ast.Continue):
            if name:
                declare(name, Named(flow, item.span), context)
            return flow
        return self._use(item, name, flow, context)

    def _declare_off(self, item: ast.Item, context: Context) -> None:
        """Remember the name of a line that is not there, so that a reference to it can be explained."""
        if isinstance(item, ast.Loop | ast.Unreadable) or item.modifiers.name is None:
            return
        name = given_name(item.modifiers.name, context)
        if name and name not in context.scope.names:
            context.scope.names[name] = Named(None, item.span, off=OFF)

    def _count_step(self, span: Span | None, context: Context) -> None:
        """Bound the walk itself: passes and branches may place nothing and still take time. Reports E0801."""
        context.work.steps += 1
        self.span = span or self.span
        if context.work.steps > MAX_STEPS:
            assert self.span is not None
            context.report("E0801", f"a network may expand to {MAX_STEPS:,} lines", self.span)
            raise TooMuchError

    def _loop(self, loop: ast.Loop, flow: Flow, context: Context) -> Flow:
        passes = passes_of(loop.passes, loop.span, context)
        if passes is None:
            context.scope.hides_names = True
            within = context.within(context.scope.inside("pass"), unknown_pass(loop.passes, context))
            self.items(loop.layers, None, within)  # for the mistakes in it
            return None
        for bindings in passes:
            within = context.within(context.scope, bindings)
            name = given_name(loop.modifiers.name, within)
            flow = self._pass(loop, name, flow, within)
        return flow

    def _pass(self, loop: ast.Loop, name: str | None, flow: Flow, context: Context) -> Flow:
        """Place one pass of a loop, and what patches put in its place, before and after it."""
        if name is None:
            return self.items(loop.layers, flow, context)
        layers, scope = loop.layers, context.scope.inside(name)
        within = context.within(scope)
        change = context.patches.at(scope.path, context.level) if context.patches else None
        if change is not None:
            change.refuse_settings("a pass of a loop")
            flow = self.items(change.before, flow, change.within(context))
            if change.replacement is not None:
                layers, within = change.replacement, change.within(within)
        if change is not None and change.is_removal:
            context.scope.names.setdefault(name, change.removed())
        else:
            flow = self._stretch(layers, flow, within)
            declare(name, Named(flow, loop.span, scope), context)
        return flow if change is None else self.items(change.after, flow, change.within(context))

    def _side(self, side: ast.Side, name: str | None, flow: Flow, context: Context) -> Flow:
        scope = context.scope.inside(name) if name else context.scope
        result = self.items(side.layers, flow, context.within(scope))
        if name:
            declare(name, Named(result, side.span, scope), context)
        return result

    def _use(self, use: ast.Use, name: str | None, flow: Flow, context: Context) -> Flow:
        word = use.word.text
        if word == "use":
            return self._use_parameter(use, name, flow, context)
        if word == "parallel":
            self._refuse_arguments(use, context)
            return place_join(use, None, name, flow, context, self.nodes, self.items)
        return self._use_word(use, word, use.value, name, flow, context)

    def _use_word(
        self, use: ast.Use, word: str, value: tree.Tree | None, name: str | None, flow: Flow, context: Context
    ) -> Flow:
        """Place what a word names: shared layers, a block of the file, an op or join, a block of the library."""
        if word in context.shared:
            self._refuse_arguments(use, context)
            return self._use_shared(use, context.shared[word], value, name, flow, context)
        block = find_block(word, context.module)
        op = None if block and not block.module.is_standard else context.ops.find(word)
        if op is not None and op.is_join:
            return place_join(use, op, name, flow, context, self.nodes, self.items)
        if use.word.text != "use":
            self._refuse_arguments(use, context)
        if op is not None:
            return place_op(use, word, op, value, name, flow, context, self.nodes)
        if block is not None:
            return place_block(use, block, value, name, flow, context, self._body)
        # Imported here: only a mistake needs it.
        from archspec.elaboration.unknown_word import report_unknown_word

        report_unknown_word(use, flow, context)
        if name:
            declare(name, Named(None, use.span), context)
        return None

    def _body(self, block: ast.Block, flow: Flow, body: Context) -> Placed:
        """Place a block's lines, or the nodes that they gave before on such inputs."""
        return self.memory.place_block(block, flow, body, self.nodes, lambda: place_body(block, flow, body, self.items))

    def _stretch(self, layers: tuple[ast.Item, ...], flow: Flow, context: Context) -> Flow:
        """Place the lines of a named pass, or the nodes that they gave before on such inputs."""
        key = self.memory.key_of_pass(layers, flow, context)
        result, _ = self.memory.place(key, flow, context, self.nodes, lambda: (self.items(layers, flow, context), {}))
        return result

    def _use_shared(
        self,
        use: ast.Use,
        layers: SharedLayers,
        value: tree.Tree | None,
        name: str | None,
        flow: Flow,
        context: Context,
    ) -> Flow:
        collect(str(layers), use.word.span, value, None, (), context)  # refuses fields: they have none
        return place_shared(use, layers, name, flow, context, self.items)

    def _refuse_arguments(self, use: ast.Use, context: Context) -> None:
        if use.modifiers.arguments is None:
            return
        word = use.word.text
        cure = "it has no fields" if word == "parallel" else f"write the fields after `{word}:`"
        headline = f"`with` belongs to `use` and to joins, not to `{word}`"
        context.report("E0507", headline, use.modifiers.arguments.span, help_=cure)

    def _use_parameter(self, use: ast.Use, name: str | None, flow: Flow, context: Context) -> Flow:
        """`use: $unit`: a block, op or layers that a parameter holds."""
        value = UNKNOWN
        if isinstance(use.value, tree.Scalar):
            value = context.value(use.value, str)  # type: ignore[assignment]
        if isinstance(value, BlockReference):
            return place_block(use, value, use.modifiers.arguments, name, flow, context, self._body)
        if isinstance(value, SharedLayers):
            return self._use_shared(use, value, use.modifiers.arguments, name, flow, context)
        if isinstance(value, OpReference):
            return self._use_word(use, value.word, use.modifiers.arguments, name, flow, context)
        if isinstance(value, Closure):
            return self._use_layers(use, value, name, flow, context)
        if value is not UNKNOWN or not isinstance(use.value, tree.Scalar):
            got = tree.describe(use.value) if use.value is not None else "nothing"
            if isinstance(use.value, tree.Scalar):
                got = shown(value)
            context.report(
                "E0508",
                f"`use` takes a parameter of type `block` or `layers`, got {got}",
                use.value.span if use.value is not None else use.span,
                help_="write `use: $unit`, declared as `unit: {type: block}`, or the block's own word",
            )
        if name:
            declare(name, Named(None, use.span), context)
        return None

    def _use_layers(self, use: ast.Use, closure: Closure, name: str | None, flow: Flow, context: Context) -> Flow:
        """Layers given as an argument, placed here with the names and numbers in sight where they were written."""
        name = name or context.scope.number(closure.parameter)
        scope = Scope(context.scope.join(name), closure.context.scope, context.scope.shared)
        within = replace(closure.context, scope=scope, training_only=context.training_only)
        result = self.items(closure.layers, flow, within)
        declare(name, Named(result, use.span, scope), context)
        return result
