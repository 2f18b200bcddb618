"""What each node sees of the inputs, and which sizes the network takes, as text and as JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction

from archspec.analysis.borders import Unread, unread
from archspec.analysis.legal_sizes import LARGEST, LegalSizes, legal_sizes
from archspec.analysis.receptive_field import AxisField, Fields, receptive_fields
from archspec.analysis.resizing import formulas
from archspec.ir.graph import Graph, Node
from archspec.ir.shape import Dim, Shape, show
from archspec.report.figures import plain
from archspec.report.table import ruled_table

COLUMNS = ("layer", "op", "output", "receptive field", "stride", "centre", "unread")

LONGEST_SHAPE = 60
"""Characters of a shape's formula in the table."""


def geometry_text(graph: Graph, *, as_formulas: bool = False) -> str:
    """A table of every node, with shapes as formulas if asked for, and the sizes that the network takes below it."""
    shapes = formulas(graph) if as_formulas else {node.path: node.shapes for node in graph.nodes}
    fields = receptive_fields(graph)
    rows = [_row(node, shapes.get(node.path, ()), fields[node.path]) for node in graph.nodes]
    given = [f"  {one.name}: {one.shape}" for one in graph.inputs]
    return "\n".join(
        [graph.name, *given, "", *ruled_table([COLUMNS, *rows], left=len(COLUMNS)), "", *_sizes_lines(graph)]
    ).rstrip()


def geometry_json(graph: Graph) -> dict[str, object]:
    """The same as plain data: what depends on an open size is null."""
    fields = receptive_fields(graph)
    shapes = formulas(graph)
    return {
        "name": graph.name,
        "inputs": {given.name: list(map(plain, given.shape.dims)) for given in graph.inputs},
        "sizes": [_size_json(sizes) for sizes in legal_sizes(graph)],
        "layers": [
            {
                "path": node.path,
                "op": node.word,
                "output_shape": list(map(plain, node.shapes[0].dims)),
                "formula": [show(dim) for dim in shapes[node.path][0].dims] if node.path in shapes else None,
                "sees": fields_json(fields[node.path]),
                "unread": [one._asdict() for one in unread(node)],
            }
            for node in graph.nodes
        ],
    }


def _sizes_lines(graph: Graph) -> list[str]:
    """What is legal along each axis; axes of which the same is to be said, together."""
    alike: dict[LegalSizes, list[LegalSizes]] = {}
    for sizes in legal_sizes(graph):
        alike.setdefault(sizes._replace(axis="", hindrance=None), []).append(sizes)
    return [line for group in alike.values() for line in _size_lines(group)]


def _size_lines(group: list[LegalSizes]) -> list[str]:
    sizes = group[0]
    lines = [f"{' and '.join(one.axis for one in group)} of {' and '.join(sizes.inputs)}"]
    if sizes.smallest is None:
        return [*lines, f"  no size up to {LARGEST:,} is legal"]
    below = (
        f"; at {sizes.smallest - 1}, `{sizes.hindrance.node.path}`: {sizes.hindrance.reason}" if sizes.hindrance else ""
    )
    lines += [f"  smallest  {sizes.smallest}{below}", f"  legal     {_pattern(sizes)}"]
    if sizes.changing:
        first, *others = sizes.changing
        more = f" and {len(others)} more" if others else ""
        lines.append(f"  weights   those of `{first.path}`{more} have other shapes at other sizes")
    return lines


def _pattern(sizes: LegalSizes) -> str:
    if not sizes.rests:
        return "only " + " and ".join(map(str, sizes.alone))
    if sizes.period == 1:
        return f"every size from {sizes.start} on"
    if sizes.rests == (0,):
        return f"the multiples of {sizes.period} from {sizes.start} on"
    rests = ", ".join(map(str, sizes.rests))
    return f"from {sizes.start} on those that leave a rest of {rests} when divided by {sizes.period}"


def _row(node: Node, shapes: tuple[Shape, ...], fields: Fields | None) -> tuple[str, ...]:
    said = ", ".join(map(str, shapes)) or "?"
    shape = said if len(said) <= LONGEST_SHAPE else said[: LONGEST_SHAPE - 1] + "…"
    return (node.path, node.word, shape, *fields_text(fields), unread_text(unread(node)))


def fields_text(fields: Fields | None) -> tuple[str, str, str]:
    """The receptive field, the effective stride and the first centre, as people read them."""
    return _cell(fields, _extent), _cell(fields, _step), _cell(fields, _centre)


def _cell(fields: Fields | None, column: Callable[[AxisField], str]) -> str:
    """One column, for each input that has axes."""
    if fields is None:
        return "?"
    said = {name: list(map(column, axes)) for name, axes in fields.items() if axes}
    texts = {name: "all" if set(axes) == {"all"} else _times(axes) for name, axes in said.items()}
    return "; ".join(f"{name} {text}" if len(said) > 1 else text for name, text in texts.items())


def _times(axes: list[str]) -> str:
    """`3x3`; of formulas with room between."""
    return ("x" if all(text.replace(".", "").isdigit() for text in axes) else " x ").join(axes)


def _extent(axis: AxisField) -> str:
    return show(axis.extent)


def _step(axis: AxisField) -> str:
    return {0: "all", None: "mixed"}.get(axis.step) or str(axis.step)


def _centre(axis: AxisField) -> str:
    return "?" if axis.centre is None else f"{float(axis.centre):g}"


def unread_text(axes: Iterable[Unread]) -> str:
    """The positions that no window reads, along each axis."""
    return ", ".join(f"{axis.axis} {_amounts(axis)}" for axis in axes)


def _amounts(axis: Unread) -> str:
    parts = [("before", axis.before), ("after", axis.after), ("between", axis.between)]
    return " ".join(f"{amount} {word}" for word, amount in parts if amount)


def fields_json(fields: Fields | None) -> Mapping[str, object] | None:
    """What a node sees, by input and axis."""
    if fields is None:
        return None
    return {
        name: [{"extent": _plain(axis.extent), "stride": axis.step, "centre": _plain(axis.centre)} for axis in axes]
        for name, axes in fields.items()
    }


def _plain(figure: Dim | Fraction) -> int | float | str | None:
    return float(figure) if isinstance(figure, Fraction) else plain(figure)


def _size_json(sizes: LegalSizes) -> dict[str, object]:
    return {
        "inputs": list(sizes.inputs),
        "axis": sizes.axis,
        "smallest": sizes.smallest,
        "below": sizes.hindrance and {"node": sizes.hindrance.node.path, "reason": sizes.hindrance.reason},
        "from": sizes.start,
        "period": sizes.period,
        "rests": list(sizes.rests),
        "alone": list(sizes.alone),
        "weights_change": [node.path for node in sizes.changing],
    }
