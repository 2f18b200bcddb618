"""Placing a block: its parameters bound, its body walked in a scope of its own, its outputs handed out."""

from __future__ import annotations

from collections.abc import Callable

from archspec.elaboration.arguments import collect
from archspec.elaboration.context import Context, PlaceItems
from archspec.elaboration.modules import BlockReference
from archspec.elaboration.naming import declare
from archspec.elaboration.parameters import bind, define_lets
from archspec.elaboration.references import follow
from archspec.elaboration.scope import Bindings, Flow, Named
from archspec.elaboration.shared import may_expand, share
from archspec.syntax import ast, tree

Placed = tuple[Flow, dict[str, Flow]]
"""What flows out of a block, and what it lets be seen of its inside."""

PlaceBody = Callable[[ast.Block, Flow, Context], Placed]
"""Placing a block's lines with its parameters bound."""


def place_block(
    use: ast.Use,
    reference: BlockReference,
    value: tree.Tree | None,
    name: str | None,
    flow: Flow,
    context: Context,
    place: PlaceBody,
) -> Flow:
    """Place a block on what flows; what flows out of it. `place` is the walk, which places its body.

    Reports E0307 (the number of values) and what its arguments and body report.
    """
    block = reference.block
    word = block.name.text
    local = name or context.scope.number(word)
    scope = context.scope.closed(local)
    inputs = _inputs(block, flow, use, context)
    for given in block.inputs or ():
        scope.names[given.text] = Named(inputs[given.text], given.span)
    body = Context(
        module=reference.module,
        scope=scope,
        bindings=Bindings(),
        sink=context.sink,
        inputs=inputs,
        use=context.origin(use.span),
        blocks=(*context.blocks, block),
        training_only=context.training_only,
        patches=context.patches,
        level=context.level,
        work=context.work,
        ops=context.ops,
    )
    known = [parameter.name.text for parameter in block.parameters]
    written = collect(word, use.span, value, known[0] if known else None, known, context)
    if written is None or not may_expand(block, use, context) or not bind(block.parameters, written, context, body):
        declare(local, Named(None, use.span, automatic=name is None), context)
        return None
    result, outputs = place(block, flow, body)
    declare(local, Named(result, use.span, outputs=outputs, automatic=name is None), context)
    return result


def place_body(block: ast.Block, flow: Flow, body: Context, place_items: PlaceItems) -> Placed:
    """Place a block's lines with its parameters bound: what flows out, and what it lets be seen by the names for it."""
    define_lets(block.let, body)
    body = share(block.shared, body)
    result = place_items(block.layers, flow, body)
    outputs: dict[str, Flow] = {}
    if block.outputs is not None:
        outputs = _outputs(block.outputs, body)
        result = None if None in outputs.values() else tuple(wire for out in outputs.values() for wire in out or ())
    return result, outputs


def _inputs(block: ast.Block, flow: Flow, use: ast.Use, context: Context) -> dict[str, Flow]:
    """The names by which a body refers to its inputs: those declared, or `in` for all that flow in."""
    if block.inputs is None:
        return {"in": flow}
    names = [name.text for name in block.inputs]
    if flow is None:
        return dict.fromkeys(names)
    if len(flow) != len(names):
        wanted = ", ".join(f"`{name}`" for name in names)
        context.report(
            "E0307",
            f"`{block.name.text}` takes the values {wanted}, and {len(flow)} flow{'s' * (len(flow) == 1)} here",
            use.span,
            help_="choose them with `from: [" + ", ".join(names) + "]`, naming nodes",
        )
        return dict.fromkeys(names)
    return {name: (wire,) for name, wire in zip(names, flow, strict=True)}


def _outputs(references: tuple[tree.Scalar, ...], body: Context) -> dict[str, Flow]:
    """What a block lets be seen of its inside, by the references' own text."""
    outputs: dict[str, Flow] = {}
    for reference in references:
        text = body.word(reference)
        if text is not None:
            outputs[text] = follow(reference, body)
    return outputs
