"""AST -> typed graph: walks the layers in graph order and infers every node as it is placed.

Takes a `Module` with its parameters bound; returns a `Graph` of primitive ops, or `None` where errors were reported.

    - conv: {filters: 8, kernel: 3}          conv_1  conv  (26, 26, 8)
    - repeat: 2                        ->    relu_1  relu  (26, 26, 8)
      layers: [relu]                         relu_2  relu  (26, 26, 8)
"""

from __future__ import annotations

import re
from dataclasses import replace

from archspec import ops
from archspec.diagnostics import DiagnosticSink, Span
from archspec.diagnostics.fixes import respell
from archspec.diagnostics.suggest import Cure
from archspec.elaboration.boundary import place_inputs, place_outputs
from archspec.elaboration.context import Context
from archspec.elaboration.joins import place_join
from archspec.elaboration.loops import passes_of
from archspec.elaboration.modules import BlockReference, Module, OpReference, find_block, standard_words
from archspec.elaboration.naming import declare, given_name
from archspec.elaboration.parameters import Closure
from archspec.elaboration.placement import NodeList, TooMuchError, place_op
from archspec.elaboration.scope import Flow, Named, Scope, Work
from archspec.elaboration.templates import place_block
from archspec.elaboration.unused import check_blocks, check_defaults, check_inputs, keep_used
from archspec.ir.graph import Graph, Input
from archspec.syntax import ast, tree
from archspec.syntax.evaluation import UNKNOWN, shown
from archspec.syntax.items import MODIFIERS
from archspec.syntax.limits import MAX_NESTING, MAX_STEPS


def elaborate(
    module: Module, input_shapes: dict[str, tree.Tree], sink: DiagnosticSink, work: Work | None = None
) -> Graph | None:
    """The graph that a file describes. `input_shapes` replaces the shapes written for the inputs so named.

    Reports E0215 to E0218, E0301 to E0312, E0401 to E0412, E0501 to E0509, E0602 to E0604, E0801 to E0807 and the
    warnings W0301 to W0303.
    """
    document = module.document
    scope = Scope("", None)
    context = Context(module, scope, module.bindings, sink, work=work or Work())
    inputs = place_inputs(document, input_shapes, context)
    context = replace(context, inputs={name: (wire,) for name, wire in inputs.items()})
    for entry in document.inputs:
        scope.names[entry.key.text] = Named(context.inputs[entry.key.text], entry.key.span)
    walk = Walk(NodeList())
    try:
        flow = walk.items(document.layers, tuple(inputs.values()) or None, context)
    except TooMuchError:
        return None
    outputs = place_outputs(document, flow, context)
    check_defaults(module, context)
    check_blocks(module, context)
    if sink.errors:
        return None
    if not outputs:
        raise AssertionError("something has no value, and no mistake was reported")
    nodes = keep_used(list(walk.nodes.by_path.values()), outputs, sink)
    check_inputs(document, nodes, outputs, context)
    shapes = {name: wire.shape for name, wire in inputs.items() if wire.shape is not None}
    return Graph(
        name=document.name,
        inputs=tuple(Input(name, shape) for name, shape in shapes.items()),
        nodes=nodes,
        outputs=outputs,
    )


class Walk:
    """The walk over items. Mutable by design: `nodes` grows as they are placed."""

    def __init__(self, nodes: NodeList) -> None:
        self.nodes = nodes
        self.nesting = 0
        self.span: Span | None = None

    def items(self, items: tuple[ast.Item, ...], flow: Flow, context: Context) -> Flow:
        """Place items one after the other; what flows out of the last."""
        self._count_step(items[0].span if items else None, context)
        if self.nesting >= MAX_NESTING:
            if items:
                headline = f"lines may be nested {MAX_NESTING} deep in blocks, branches and loops"
                context.report("E0804", headline, items[0].span)
            return None
        self.nesting += 1
        for item in items:
            flow = self.item(item, flow, context)
        self.nesting -= 1
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
        received = flow if modifiers.source is None else context.references(modifiers.source)
        result = self._dispatch(item, received if there else None, context)
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
            context.scope.names[name] = Named(None, item.span, off=True)

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
            return None
        for bindings in passes:
            within = context.within(context.scope, bindings)
            name = given_name(loop.modifiers.name, within)
            scope = context.scope.inside(name) if name else context.scope
            flow = self.items(loop.layers, flow, context.within(scope, bindings))
            if name:
                declare(name, Named(flow, loop.span, scope), context)
        return flow

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
        """Place what a word names: a block of the file, an op or join, a block of the standard library."""
        block = find_block(word, context.module)
        op = None if block and not block.module.is_standard else ops.find(word)
        if op is not None and op.is_join:
            return place_join(use, op, name, flow, context, self.nodes, self.items)
        if use.word.text != "use":
            self._refuse_arguments(use, context)
        if op is not None:
            return place_op(use, word, op, value, name, flow, context, self.nodes)
        if block is not None:
            return place_block(use, block, value, name, flow, context, self.items)
        self._report_unknown_word(use, context)
        if name:
            declare(name, Named(None, use.span), context)
        return None

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
            return place_block(use, value, use.modifiers.arguments, name, flow, context, self.items)
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
        return None

    def _use_layers(self, use: ast.Use, closure: Closure, name: str | None, flow: Flow, context: Context) -> Flow:
        """Layers given as an argument, placed here with the names and numbers in sight where they were written."""
        name = name or context.scope.number(closure.parameter)
        scope = Scope(context.scope.join(name), closure.context.scope)
        within = replace(closure.context, scope=scope, training_only=context.training_only)
        result = self.items(closure.layers, flow, within)
        declare(name, Named(result, use.span, scope), context)
        return result

    def _report_unknown_word(self, use: ast.Use, context: Context) -> None:
        word = use.word.text
        known = [*context.module.blocks, *ops.words(), *standard_words(), "parallel", "side", "use", "repeat", "for"]
        before, colon, after = word.partition(":")
        # Imported here: only a mistake needs it.
        from archspec.elaboration.foreign_words import cure_word

        cure = cure_word(word, known, "`archspec ops` lists the words; your own go under `blocks:`")
        if word in MODIFIERS:
            cure = Cure(f"`{word}` stands beside an op, as `{{relu, {word}: …}}`")
        elif word.startswith("$"):
            cure = Cure(f"write `use: {word}`")
        elif colon:
            is_meant = before in known and re.fullmatch(r"[\w.$()+*/ -]+", after)
            cure = Cure("write a space after the colon", f"{before}: {after}" if is_meant else None)
        headline = f"`{tree.shorten(word)}` is neither an op nor a block"
        fix = respell(use.word.span, word, cure.instead)
        context.report("E0305", headline, use.word.span, help_=cure.help, fix=fix)
