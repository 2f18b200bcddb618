"""Placing shared layers: the same layers at every use, with one set of weights between them.

shared: {tower: [dense: 8]}
layers:                                a/dense_1   weights at tower/dense_1
  - {tower, from: left, name: a}   ->  b/dense_1   the same weights
  - {tower, from: right, name: b}
"""

from __future__ import annotations

from dataclasses import replace

from archspec.diagnostics import Label, Origin, Span
from archspec.elaboration.context import Context, PlaceItems, SharedLayers
from archspec.elaboration.modules import standard_words
from archspec.elaboration.naming import declare
from archspec.elaboration.scope import Flow, Named, Scope
from archspec.ir.graph import Node, SharedUse
from archspec.syntax import ast, tree


def share(declared: tuple[ast.Shared, ...], context: Context) -> Context:
    """The same place with the shared layers of its file or block in sight. Reports E0306 for a block's or op's word."""
    words: dict[str, SharedLayers] = {}
    within = replace(context, shared=words)
    for one in declared:
        word = one.word.text
        words[word] = SharedLayers(one, within)
        block = context.module.blocks.get(word)
        if block is not None or word in standard_words() or context.ops.find(word) is not None:
            context.report(
                "E0306",
                f"`{word}` is {'a block' if block or word in standard_words() else 'an op'}, and shared layers cannot "
                "have its name",
                one.word.span,
                labels=(Label(block.span, "the block"),) if block else (),
                help_="give them another name",
            )
    return within


def place_shared(
    use: ast.Use, layers: SharedLayers, name: str | None, flow: Flow, context: Context, place_items: PlaceItems
) -> Flow:
    """Place shared layers on what flows; what flows out of them. Reports E0308 for layers inside themselves.

    They see the numbers of the place that declares them, their own nodes, and as `in` what flows into this use.
    """
    declaration, home = layers.declaration, layers.context
    local = name or context.scope.number(declaration.word.text.rpartition("/")[2])
    shared = SharedUse(context.scope.join(local), layers.path)
    scope = Scope(shared.path, None, shared)
    result = None
    if may_expand(declaration, use, context):
        body = replace(
            home,
            scope=scope,
            inputs={"in": flow},
            use=context.origin(use.span),
            blocks=(*context.blocks, declaration),
            training_only=context.training_only,
        )
        result = place_items(declaration.layers, flow, body)
    declare(local, Named(result, use.span, scope, automatic=name is None), context)
    return result


def may_expand(declared: ast.Block | ast.Shared, use: ast.Use, context: Context) -> bool:
    """Whether a block or shared layers may stand here: not inside their own body. Reports E0308."""
    places = [place for place, one in enumerate(context.blocks) if one is declared]
    if not places:
        return True
    chain = [_word(one).text for one in (*context.blocks[places[0] :], declared)]
    word = _word(declared)
    is_block = isinstance(declared, ast.Block)
    said = f"the block `{word.text}` uses itself" if is_block else f"the shared layers `{word.text}` use themselves"
    context.report(
        "E0308",
        f"{said}: {' -> '.join(chain)}",
        use.span,
        labels=(Label(declared.span if isinstance(declared, ast.Block) else word.span, "declared here"),),
        help_="what repeats is a loop: `- repeat: …`",
    )
    return False


def check_sharing(first: Node, node: Node, context: Context) -> None:
    """Hold a node against the first that has its weights. Reports E0403 where one set cannot serve both."""
    if first.path == node.path or (first.op == node.op and first.weights == node.weights and first.shared):
        return
    if first.shared is None or node.shared is None:
        headline = f"the weights of shared layers stand at `{node.definition}`, which is also a line's path"
        context.report("E0306", headline, node.origin.span, labels=(Label(first.origin.span, "the other"),))
        return
    here, there = _parting(node.origin, first.origin)
    shapes = [" and ".join(map(str, one.input_shapes)) for one in (node, first)]
    context.report(
        "E0403",
        f"`{node.definition}` cannot have one set of weights for inputs of {shapes[0]} and of {shapes[1]}",
        here,
        text="the second use",
        labels=(Label(there, "the first use"),),
        notes=(f"the `{node.word}` stands at {node.origin.span}",),
        help_="bring both inputs to one number of channels, or make the layers a block, whose uses share nothing",
    )


def _parting(one: Origin, other: Origin) -> tuple[Span, Span]:
    """Where two chains of uses part, from the inside; their innermost places where they never do (passes of a loop)."""
    left, right = one, other
    while left.span == right.span:
        if left.use is None or right.use is None:
            return one.use.span if one.use else one.span, other.use.span if other.use else other.span
        left, right = left.use, right.use
    return left.span, right.span


def _word(declared: ast.Block | ast.Shared) -> tree.Scalar:
    return declared.name if isinstance(declared, ast.Block) else declared.word
