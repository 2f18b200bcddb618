"""Placing a join: its branches walked side by side, and what they give joined, or left side by side (`parallel`)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from archspec.diagnostics import Span
from archspec.elaboration.arguments import collect, make
from archspec.elaboration.context import OFF, Context, PlaceItems
from archspec.elaboration.join_mismatch import report_mismatch
from archspec.elaboration.loops import passes_of
from archspec.elaboration.naming import declare
from archspec.elaboration.placement import NodeList, add_node, is_training_only, takes
from archspec.elaboration.references import follow_all
from archspec.elaboration.scope import Flow, Named, Wire
from archspec.inference.infer import infer
from archspec.ir.op import Op, ShapeError
from archspec.syntax import ast, tree
from archspec.syntax.items import parse_branches


@dataclass(frozen=True, slots=True)
class Joined:
    """What one branch gives to its join."""

    name: str
    span: Span
    flow: Flow


def place_join(
    use: ast.Use,
    op: type[Op] | None,
    name: str | None,
    flow: Flow,
    context: Context,
    nodes: NodeList,
    place_items: PlaceItems,
) -> Flow:
    """Place a join, or `parallel` where `op` is `None`; what flows out of it."""
    if _holds_field(use, op, context):
        if name:
            declare(name, Named(None, use.span), context)
        return None
    branches = parse_branches(use.value, use.word, context.sink)
    within = context if name is None else context.within(context.scope.inside(name))
    if branches is None:
        names = _written_names(use, flow, context) or [str(wire.source or "an input") for wire in flow or ()]
        joined = [Joined(name, use.span, (wire,)) for name, wire in zip(names, flow or (), strict=True)]
        known = flow is not None
    else:
        joined = [
            given for branch in branches for given in _place_branch(branch, flow, within, place_items, name is None)
        ]
        known = bool(branches)
    result = None
    local = name
    if known and all(given.flow is not None for given in joined):
        wires = tuple(wire for given in joined for wire in given.flow or ())
        if op is None:
            result = wires
        else:
            local, result = _join(use, op, name, wires, joined, context, nodes)
    if local:
        inner = within.scope if name and branches is not None else None
        declare(local, Named(result, use.span, inner, automatic=name is None), context)
    return result


def _written_names(use: ast.Use, flow: Flow, context: Context) -> list[str]:
    """The references that a join's values were taken by, where each stands for one of them; none otherwise."""
    source = use.modifiers.source or ()
    return [context.word(one) or one.text for one in source] if len(source) == len(flow or ()) else []


def _holds_field(use: ast.Use, op: type[Op] | None, context: Context) -> bool:
    """Whether a field of the op stands among its branches, as it would with an op that is no join. Reports E0209."""
    entries = use.value.entries if isinstance(use.value, tree.Mapping) else ()
    for entry in entries:
        if op is not None and entry.key.text in op.model_fields and isinstance(entry.value, tree.Scalar):
            word, field = use.word.text, entry.key.text
            cure = f"write `with: {{{field}: {tree.shorten(entry.value.text)}}}` beside `{word}`, not inside it"
            headline = f"`{word}` holds branches, and `{field}` is its field"
            context.report("E0209", headline, entry.key.span, help_=cure)
            return True
    return False


def _join(
    use: ast.Use,
    op: type[Op],
    name: str | None,
    wires: tuple[Wire, ...],
    joined: list[Joined],
    context: Context,
    nodes: NodeList,
) -> tuple[str | None, Flow]:
    """The join's node on its branches' values; one value is handed through without a node."""
    word = use.word.text
    written = collect(word, use.word.span, use.modifiers.arguments, None, op.model_fields, context)
    made = make(op, written, context) if written is not None else None
    if not wires:
        cure = "one branch must be there; the identity is `[]`"
        context.report("E0311", f"`{word}` joins nothing: every branch is off", use.word.span, help_=cure)
        return name, None
    if len(wires) == 1:
        return name, wires
    local = name or context.scope.number(word)
    shapes = tuple(wire.shape for wire in wires)
    if made is None or written is None or None in shapes:
        return local, None
    if not takes(made, wires, word, use, context, cure=f"`{word}` joins {made.inputs}: leave out what is more"):
        return local, None
    try:
        inferred = infer(made, tuple(shape for shape in shapes if shape is not None))
    except ShapeError as error:
        branches = [(given.name, given.span, given.flow or ()) for given in joined]
        are_names = use.value is None and bool(_written_names(use, wires, context))
        report_mismatch(error, branches, use.value, written, context, nodes, are_names=are_names)
        return local, None
    training_only = is_training_only(wires, written, context)
    return local, add_node(made, word, local, wires, inferred, written, context, nodes, training_only)


def _place_branch(
    branch: ast.Branch, flow: Flow, context: Context, place_items: PlaceItems, join_is_unnamed: bool
) -> Iterator[Joined]:
    """One branch, or one a pass; none where its `when` is false or it has no passes."""
    if branch.passes is None:
        yield from _place_pass(branch, branch.name.text, flow, context, place_items, join_is_unnamed)
        return
    passes = passes_of(branch.passes, branch.name.span, context)
    if passes is None:
        context.scope.hides_names = True
        yield Joined(branch.name.text, branch.name.span, None)
        return
    for place, bindings in enumerate(passes, start=1):
        within = context.within(context.scope, bindings)
        yield from _place_pass(branch, f"{branch.name.text}{place}", flow, within, place_items, join_is_unnamed)


def _place_pass(
    branch: ast.Branch, name: str, flow: Flow, context: Context, place_items: PlaceItems, join_is_unnamed: bool
) -> Iterator[Joined]:
    modifiers = branch.modifiers
    there = context.holds(modifiers.when)
    if there is False:
        context.scope.names.setdefault(name, Named(None, branch.name.span, off=OFF))
        return
    layers, home = branch.layers, None
    change = context.patches.at(context.scope.join(name), context.level) if context.patches else None
    if change is not None:
        change.refuse_settings("a branch")
        change.refuse_insertions()
        if change.is_removal:
            context.scope.names.setdefault(name, change.removed())
            return
        if change.replacement is not None:
            layers, home = change.replacement, change
    if modifiers.source is not None:
        flow = follow_all(modifiers.source, context)
    if there is None:
        flow = None
    scope = context.scope.inside(name)
    within = context.within(scope)
    if modifiers.training_only:
        within = replace(within, training_only=True)
    result = place_items(layers, flow, within if home is None else home.within(within))
    declare(name, Named(result, branch.name.span, scope), context, is_branch=join_is_unnamed)
    yield Joined(name, branch.name.span, result)
