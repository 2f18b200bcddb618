"""The report on a join whose branches do not fit: every branch, the arithmetic that led there, and a computed cure."""

from __future__ import annotations

from typing import NamedTuple

from archspec.diagnostics import Fix, Label, Span
from archspec.elaboration.arguments import Written
from archspec.elaboration.context import Context, is_own
from archspec.elaboration.placement import NodeList
from archspec.elaboration.scope import Wire
from archspec.ir.graph import Node
from archspec.ir.op import ShapeError
from archspec.ir.shape import Dim, Shape, agree, is_known
from archspec.syntax import tree

MOST_STEPS = 6
"""Steps shown of one branch: the last ones, since what went wrong is near the join."""

MOST_BRANCHES = 8
"""Branches shown of one join."""

Branch = tuple[str, Span, tuple[Wire, ...]]


class _Projection(NamedTuple):
    """The layer that makes a branch fit the other; none where only its sizes must, in a way left to the author."""

    name: str
    words: str
    layer: str | None = None


def report_mismatch(
    error: ShapeError,
    branches: list[Branch],
    layers: tree.Tree | None,
    written: Written,
    context: Context,
    nodes: NodeList,
    *,
    are_names: bool,
) -> None:
    """Report E0412 at the join with a label for each branch and a note for each branch's way to its shape.

    `layers` are the branches as they are written; `are_names` where there are none, and the values were taken by
    references, which name the branches then.
    """
    if context.has_reported("E0412", written.span):
        return  # a join in a loop fails in every pass, and each report walks back through the network
    labels = []
    notes = []
    shown = _worth_showing(branches)
    ways = [_way(wire, nodes.by_path) for _, _, flow in shown for wire in flow]
    common = set.intersection(*({node.path for node in way} for way in ways)) if len(ways) > 1 else set()
    own_ways = [[node for node in way if node.path not in common] for way in ways]
    places = iter(own_ways)
    for name, span, flow in shown:
        for wire in flow:
            way = next(places)
            labels.append(Label(span, f"`{name}` gives {wire.shape}"))
            notes.append(f"{name}: {_steps(way, wire)}")
    written_branches = layers if isinstance(layers, tree.Mapping) else tree.Mapping((), written.span)
    projections = _projections(branches, projects=written.word != "concat")
    chosen, is_identity = _choose(projections, written_branches)
    if layers is None:
        chosen = _beside_the_way(chosen, branches, own_ways)
    help_ = error.cure or _missing_padding(branches, own_ways) or _short_of_positions(branches, own_ways)
    help_ = help_ or (chosen.words if chosen else None)
    if help_ is None:
        help_ = _other_sizes(branches, written, are_names=are_names)
    fix: Fix = ()
    is_residual = written.word == "add" and any(_convolves(node) for way in own_ways for node in way)
    if is_identity and is_residual and chosen is not None and chosen.layer is not None and help_ == chosen.words:
        # Imported here: only this mistake needs it.
        from archspec.elaboration.cures.lengthening import lengthen

        fix = lengthen(written_branches.get(chosen.name), chosen.layer, context)
    own = [label for label in labels if is_own(label.span)]
    context.report(
        "E0412",
        error.message,
        written.span,
        labels=tuple(own) if all(span != written.span for _, span, _ in branches) else (),
        notes=tuple(notes),
        help_=help_,
        fix=fix,
    )


def _choose(projections: list[_Projection], layers: tree.Mapping) -> tuple[_Projection | None, bool]:
    """The branch to change, and whether it is the identity, which stands before the other if only one is."""
    identities = [
        one for one in projections if isinstance(node := layers.get(one.name), tree.Sequence) and not node.items
    ]
    if len(identities) == 1:
        return identities[0], True
    return (projections[0] if projections else None), False


def _beside_the_way(
    projection: _Projection | None, branches: list[Branch], ways: list[list[Node]]
) -> _Projection | None:
    """The cure for values taken by name: what the other is made from cannot change without the other."""
    if projection is None or projection.layer is None or len(ways) != len(branches):
        return projection
    place = [name for name, _, _ in branches].index(projection.name)
    (wire,), other = branches[place][2], ways[1 - place]
    if not other or other[0].inputs[0] != wire.source:
        return projection
    made = projection.words.removeprefix(f"give `{projection.name}` ")
    return projection._replace(words=f"on a line of its own, put `{projection.name}` through {made}, and join that")


def _missing_padding(branches: list[Branch], ways: list[list[Node]]) -> str | None:
    """The cure where one branch of two loses its borders to unpadded convolutions, and the other keeps its sizes."""
    if len(branches) != 2 or len(ways) != 2:
        return None
    resizing = [[node for node in way if node.shapes[0].spatial != node.input_shapes[0].spatial] for way in ways]
    shrinking = [place for place in (0, 1) if resizing[place]]
    if len(shrinking) != 1 or not all(_lacks_padding(node) for node in resizing[shrinking[0]]):
        return None
    name, nodes = branches[shrinking[0]][0], resizing[shrinking[0]]
    where = f"`{nodes[0].word}`" if len(nodes) == 1 else "each convolution"
    return f"write `padding: same` in {where} of `{name}`"


def _short_of_positions(branches: list[Branch], ways: list[list[Node]]) -> str | None:
    """The cure where one value of two comes from a transposed convolution that gives too few positions."""
    shapes = _shapes(branches)
    if len(branches) != 2 or len(shapes) != 2 or len(ways) != 2 or shapes[0][1].rank != shapes[1][1].rank:
        return None
    from archspec.elaboration.cures.transposed import cure_transposed

    for (name, found), (_, wanted), way in zip(shapes, reversed(shapes), ways, strict=True):
        if cure := cure_transposed(name, way, found, wanted):
            return cure
    return None


def _convolves(node: Node) -> bool:
    return "kernel" in type(node.op).model_fields


def _lacks_padding(node: Node) -> bool:
    stride = getattr(node.op, "stride", None)
    is_unit = all(step == 1 for step in (stride if isinstance(stride, tuple) else (stride,)))
    return _convolves(node) and is_unit and getattr(node.op, "padding", None) == "valid"


def _worth_showing(branches: list[Branch]) -> list[Branch]:
    """The first branch and those that differ from it before those that do not, a handful in all."""
    shapes = [[wire.shape for wire in flow] for _, _, flow in branches]
    differing = [branch for branch, shape in zip(branches, shapes, strict=True) if shape != shapes[0]]
    like = [branch for branch, shape in zip(branches, shapes, strict=True) if shape == shapes[0]]
    chosen = [like[0], *differing, *like[1:]][:MOST_BRANCHES]
    return [branch for branch in branches if branch in chosen]


def _way(wire: Wire, by_path: dict[str, Node]) -> list[Node]:
    """The nodes from the network's input to a value, along first inputs, in graph order."""
    way = []
    value = wire.source
    while value is not None and value.path in by_path:
        node = by_path[value.path]
        way.append(node)
        value = node.inputs[0] if node.inputs else None
    return way[::-1]


def _steps(way: list[Node], wire: Wire) -> str:
    """The changes of shape along a way: `(56, 56, 64) -> conv kernel 3, stride 2 -> (28, 28, 128)`."""
    changing = [node for node in way if node.shapes[0] != node.input_shapes[0]]
    if not changing:
        return f"{wire.shape}, unchanged"
    text = "… -> " if len(changing) > MOST_STEPS else ""
    shown = changing[-MOST_STEPS:]
    text += str(shown[0].input_shapes[0])
    for node in shown:
        text += f" -> {_describe(node)} -> {node.shapes[0]}"
    return text


def _describe(node: Node) -> str:
    """An op with the fields that were set and that bear on its shape."""
    declared = type(node.op).model_fields
    shown = (
        name for name in ("kernel", "size", "stride", "padding", "dilation", "filters", "units") if name in declared
    )
    fields = [name for name in shown if getattr(node.op, name) not in (declared[name].default, None)]
    values = [f"{name} {_number(getattr(node.op, name))}" for name in fields]
    return " ".join([node.word, ", ".join(values)]).strip()


def _number(value: object) -> str:
    if isinstance(value, tuple):
        return "x".join(_number(item) for item in value)
    return str(value)


def _projections(branches: list[Branch], *, projects: bool) -> list[_Projection]:
    """The 1x1 convolutions each of which makes one of two branches fit the other.

    Without `projects` only sizes need to fit: a stride does.
    """
    if len(branches) != 2 or any(len(flow) != 1 for _, _, flow in branches):
        return []
    (left_name, _, (left,)), (right_name, _, (right,)) = branches
    if left.shape is None or right.shape is None or left.shape.rank != right.shape.rank or left.shape.rank < 2:
        return []
    ways = ((right_name, left.shape, right.shape), (left_name, right.shape, left.shape))
    strides = [(name, small, large, _stride_between(large, small)) for name, small, large in ways]
    return [
        _project(name, stride, small) if projects else _Projection(name, _words_for_sizes(branches, name, stride))
        for name, small, large, stride in strides
        if stride is not None
    ]


def _project(name: str, stride: int, wanted: Shape) -> _Projection:
    strided = f" with stride {stride}" if stride > 1 else ""
    joint = " and" if stride > 1 else " with"
    words = f"give `{name}` a 1x1 conv{strided}{joint} {wanted.channels} filters"
    fields = f"filters: {wanted.channels}, kernel: 1" + (f", stride: {stride}" if stride > 1 else "")
    return _Projection(name, words, f"conv: {{{fields}}}" if wanted.channels is not None else None)


def _words_for_sizes(branches: list[Branch], name: str, stride: int) -> str:
    from archspec.elaboration.cures.sizes import cure_multiple

    (large,) = (one for one in _shapes(branches) if one[0] == name)
    (small,) = (one for one in _shapes(branches) if one[0] != name)
    return cure_multiple(large, small, stride)


def _other_sizes(branches: list[Branch], written: Written, *, are_names: bool) -> str | None:
    """The cure where two values of one value each have other sizes along the axes that are no channels."""
    if len(branches) != 2 or any(argument.name == "axis" for argument in written.arguments):
        return None
    shapes = _shapes(branches)
    if len(shapes) != 2 or shapes[0][1].rank != shapes[1][1].rank or shapes[0][1].rank < 2:
        return None
    (_, left), (_, right) = shapes
    if written.word != "concat" and not agree(left.channels, right.channels):
        return None
    from archspec.elaboration.cures.sizes import cure_sizes

    return cure_sizes(*shapes, are_names=are_names)


def _shapes(branches: list[Branch]) -> list[tuple[str, Shape]]:
    """The branches of one known shape."""
    return [(name, flow[0].shape) for name, _, flow in branches if len(flow) == 1 and flow[0].shape is not None]


def _stride_between(large: Shape, small: Shape) -> int | None:
    """The stride at which a 1x1 convolution takes one shape's sizes to another's, the same on every axis."""
    strides = set(map(_stride_along, large.spatial, small.spatial))
    return strides.pop() if len(strides) == 1 else None


def _stride_along(size: Dim, wanted: Dim) -> int | None:
    """The stride along one axis; between formulas only that of 1 is seen."""
    if not is_known(size) or not is_known(wanted):
        return 1 if size is not None and size == wanted else None
    if size < wanted:
        return None
    stride = -(-size // wanted)
    return stride if -(-size // stride) == wanted else None
