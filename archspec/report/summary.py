"""The per-layer table of a network, as text and as JSON."""

from __future__ import annotations

from archspec.analysis.cost import Totals, totals
from archspec.ir.graph import Graph, Node, owners
from archspec.ir.shape import Shape
from archspec.report.figures import count_text, plain

COLUMNS = ("layer", "op", "output", "params", "MACs")


def summary_text(graph: Graph) -> str:
    """A table of every node in graph order, and the totals below it."""
    owned = {node.path for node in owners(graph.nodes)}
    rows = [COLUMNS, *(_row(node, node.path in owned) for node in graph.nodes)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(COLUMNS))]
    lines = [graph.name]
    lines += [f"  {given.name}: {given.shape}" for given in graph.inputs]
    lines.append("")
    lines.append(_line(COLUMNS, widths))
    lines.append("-" * (sum(widths) + 2 * (len(widths) - 1)))
    lines += [_line(row, widths) for row in rows[1:]]
    lines.append("-" * (sum(widths) + 2 * (len(widths) - 1)))
    found = totals(graph)
    lines += _totals_lines(found, graph)
    return "\n".join(lines)


def summary_json(graph: Graph) -> dict[str, object]:
    """The same as plain data. Shapes exclude the batch axis; an open size is its formula, or `None`."""
    found = totals(graph)
    owned = {node.path for node in owners(graph.nodes)}
    return {
        "name": graph.name,
        "inputs": {given.name: _dims(given.shape) for given in graph.inputs},
        "outputs": {output.name: _dims(output.shape) for output in graph.outputs},
        "totals": {
            "params": found.params,
            "trainable": found.trainable,
            "non_trainable": found.non_trainable,
            "macs": plain(found.macs),
            "connections": plain(found.connections),
            "depth": found.depth,
        },
        "layers": [_node_json(node, node.path in owned) for node in graph.nodes],
    }


def _node_json(node: Node, owns: bool) -> dict[str, object]:
    """A node's facts; parameters are those of the node that has them first, so that the layers add up to the totals."""
    shapes = [_dims(shape) for shape in node.shapes]
    output = {"output_shape": shapes[0]} if len(shapes) == 1 else {"output_shapes": shapes}
    return {
        "path": node.path,
        "op": node.word,
        **output,
        "params": node.params if owns else 0,
        "trainable": node.trainable if owns else 0,
        "macs": plain(node.cost.macs),
        **({"weights": node.definition} if node.shared and node.weights else {}),
    }


def _dims(shape: Shape) -> list[int | str | None]:
    return list(map(plain, shape.dims))


def _row(node: Node, owns: bool) -> tuple[str, ...]:
    mark = " (training)" if node.training_only else ""
    shapes = ", ".join(str(shape) for shape in node.shapes)
    params = count_text(node.params) if owns or not node.weights else "shared"
    return (node.path + mark, node.word, shapes, params, count_text(node.cost.macs))


def _line(row: tuple[str, ...], widths: list[int]) -> str:
    cells = [
        cell.ljust(width) if column < 3 else cell.rjust(width)
        for column, (cell, width) in enumerate(zip(row, widths, strict=True))
    ]
    return "  ".join(cells).rstrip()


def _totals_lines(found: Totals, graph: Graph) -> list[str]:
    named = {
        "params": count_text(found.params),
        "trainable": count_text(found.trainable),
        "non-trainable": count_text(found.non_trainable),
        "MACs": count_text(found.macs),
    }
    width = max(len(value) for value in named.values())
    lines = [f"{name:<14}{value:>{width}}" for name, value in named.items()]
    return [*lines, *(f"{'output':<14}{output.name} {output.shape}" for output in graph.outputs)]
