"""Placing one primitive op: its node is made, named, inferred and added to the graph."""

from __future__ import annotations

from itertools import islice

from archspec.elaboration.arguments import Written, collect, make
from archspec.elaboration.context import Context, is_own
from archspec.elaboration.naming import declare
from archspec.elaboration.scope import Flow, Named, Wire
from archspec.elaboration.shared import check_sharing
from archspec.inference.infer import Inferred, infer
from archspec.ir.graph import Node
from archspec.ir.graph import Value as GraphValue
from archspec.ir.op import Op, ShapeError
from archspec.ir.shape import is_known
from archspec.syntax import ast, tree
from archspec.syntax.limits import MAX_NODES, MAX_VALUES


class TooMuchError(Exception):
    """The network expands beyond a bound, which has been reported: the walk ends."""


class NodeList:
    """The nodes placed so far, in graph order. Mutable by design."""

    def __init__(self) -> None:
        self.by_path: dict[str, Node] = {}
        self._with_weights: dict[str, Node] = {}

    def add(self, node: Node, context: Context) -> None:
        """Add a node. Reports E0803 and raises `TooMuchError` for the first beyond the cap."""
        if len(self.by_path) >= MAX_NODES:
            context.report("E0803", f"a network may have {MAX_NODES:,} nodes", node.origin.span)
            raise TooMuchError
        if node.weights:
            first = self._with_weights.setdefault(node.definition, node)
            if first is not node:
                check_sharing(first, node, context)
        # Of two nodes with one path, which has been reported, the first stays: the second may stand on it, in a circle.
        self.by_path.setdefault(node.path, node)

    def since(self, count: int) -> tuple[Node, ...]:
        """The nodes beyond the first `count`, in graph order."""
        return tuple(islice(self.by_path.values(), count, None))


def place_op(
    use: ast.Use,
    word: str,
    op: type[Op],
    value: tree.Tree | None,
    name: str | None,
    flow: Flow,
    context: Context,
    nodes: NodeList,
) -> Flow:
    """Place an op that is no join: what flows out of it."""
    written = collect(word, use.word.span, value, op.principal, op.model_fields, context)
    made = make(op, written, context) if written is not None else None
    local = name or context.scope.number(word)
    result = None
    if made is not None and flow is not None and takes(made, flow, word, use, context):
        assert written is not None
        result = place_node(made, word, local, flow, written, context, nodes)
    declare(local, Named(result, use.span, automatic=name is None), context)
    return result


def place_node(
    op: Op, word: str, name: str, flow: tuple[Wire, ...], written: Written, context: Context, nodes: NodeList
) -> Flow:
    """Infer an op on its inputs and add its node. Reports E0401 and E0402 where the op cannot take them."""
    shapes = tuple(wire.shape for wire in flow)
    sources = tuple(wire.source for wire in flow)
    if None in shapes or None in sources:
        return None
    try:
        inferred = infer(op, tuple(shape for shape in shapes if shape is not None))
    except ShapeError as error:
        code = "E0402" if error.field else "E0401"
        context.report(code, f"`{word}`: {error.message}", written.span_of(error.field), help_=error.cure)
        return None
    training_only = is_training_only(flow, written, context)
    return add_node(op, word, name, flow, inferred, written, context, nodes, training_only)


def add_node(
    op: Op,
    word: str,
    name: str,
    flow: tuple[Wire, ...],
    inferred: Inferred,
    written: Written,
    context: Context,
    nodes: NodeList,
    training_only: bool,
) -> Flow:
    """Add the node of an op that has been inferred. Reports E0806 for a layer that no machine could hold."""
    if _is_too_large(inferred, written, context):
        return None
    path = context.scope.join(name)
    if path == context.work.watched:
        context.work.seen = written
    node = Node(
        path=path,
        word=word,
        op=op,
        inputs=tuple(wire.source for wire in flow if wire.source is not None),
        input_shapes=tuple(wire.shape for wire in flow if wire.shape is not None),
        shapes=inferred.shapes,
        weights=inferred.weights,
        cost=inferred.cost,
        origin=context.origin(written.span),
        training_only=training_only,
        shared=context.scope.shared,
        written=tuple((argument.name, argument.span) for argument in written.arguments),
    )
    nodes.add(node, context)
    return tuple(
        Wire(GraphValue(path, place), shape, training_only) for place, shape in enumerate(node.shapes, start=1)
    )


def _is_too_large(inferred: Inferred, written: Written, context: Context) -> bool:
    if len(inferred.shapes) > MAX_NODES:
        headline = f"a layer may give {MAX_NODES:,} outputs, and `{written.word}` would give {len(inferred.shapes):,}"
        context.report("E0806", headline, written.span)
        return True
    weights = sum(weight.size for weight in inferred.weights)
    values = max(filter(is_known, (shape.size for shape in inferred.shapes)), default=0)
    for count, verb, what in ((weights, "hold", "parameters"), (values, "give", "values an example")):
        if count > MAX_VALUES:
            headline = (
                f"a layer may {verb} {MAX_VALUES:,} {what}, and `{written.word}` would {verb} {approximately(count)}"
            )
            context.report("E0806", headline, written.span)
            return True
    return False


def approximately(count: int) -> str:
    """A large number in a few digits.

    >>> approximately(2_053_000_000_000_000)
    '2.05e15'
    """
    digits = str(count) if count < 10**4000 else "9" * 4000
    return f"{digits[0]}.{digits[1:3]}e{len(digits) - 1}"


def is_training_only(flow: tuple[Wire, ...], written: Written, context: Context) -> bool:
    """Whether a node goes with the training-only parts: it is marked, or all it depends on goes.

    Reports E0309 where a node of the trunk depends on both.
    """
    if context.training_only:
        return True
    marked = [wire.training_only for wire in flow]
    if any(marked) and not all(marked):
        context.report(
            "E0309",
            f"`{written.word}` needs a value that is there only in training",
            written.span,
            help_="mark this line `only: training` too, or take its input from the trunk",
        )
    return all(marked)


def takes(
    op: Op, flow: tuple[Wire, ...], word: str, use: ast.Use, context: Context, *, cure: str | None = None
) -> bool:
    """Whether the number of values that flow is the op's. Reports E0307 with the sources."""
    if op.inputs is None or len(flow) == op.inputs:
        return True
    paths = [source.path for source in {wire.source for wire in flow if wire.source}]
    sources = [
        f"{wire.source.path}/{wire.source.place}" if paths.count(wire.source.path) > 1 else str(wire.source)
        for wire in flow[:5]
        if wire.source
    ]
    shown = ", ".join(f"`{source}`" for source in sources[:4]) + (", …" if len(flow) > 4 else "")
    context.report(
        "E0307",
        f"`{word}` takes {op.inputs} value{'s' * (op.inputs != 1)}, "
        f"and {len(flow)} flow{'s' * (len(flow) == 1)} here: {shown}",
        use.word.span,
        help_=cure or _choice(op.inputs, flow, use, context),
    )
    return False


def _choice(wanted: int, flow: tuple[Wire, ...], use: ast.Use, context: Context) -> str:
    """How to take the right values: by the names of what gives them, or of several one, by its place."""
    if len(flow) < wanted:
        return f"name them with `from: [{', '.join('ab'[:wanted] if wanted < 3 else ['a', '…'])}]`"
    for name, named in context.scope.names.items():
        if named.flow == flow and not named.automatic:
            return f"choose one with `from: {name}/1`, or join them"
    if context.inputs and flow == tuple(wire for given in context.inputs.values() for wire in given or ()):
        first, given = next(iter(context.inputs.items()))
        if len(given or ()) == 1:
            return f"choose one with `from: {first}`, or join them"
        once = "use the block once for each of them, with `from`"
        return f"{once}, or choose one in its body with `from: {first}/1`" if is_own(use.word.span) else once
    return "name the line that gives them and choose one with `from: name/1`, or join them (`- concat`)"
