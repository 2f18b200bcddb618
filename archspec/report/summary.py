"""The table of a network's layers or blocks, and its totals in the field's conventions, as text and as JSON."""

from __future__ import annotations

from collections.abc import Sequence

from archspec.analysis.blocks import Block, by_block
from archspec.analysis.cost import Totals, total_of, totals
from archspec.analysis.figures import FIGURES, figures_of
from archspec.ir.graph import Graph, Node, owners
from archspec.ir.shape import Shape
from archspec.report.figures import count_text, figure_title, plain
from archspec.report.table import ruled_table, table_lines

COLUMNS = ("layer", "op", "output", "params", "MACs")

CONVENTIONS = {
    "params": "all values, as Keras counts them",
    "trainable": "those that training changes, as papers and PyTorch count",
    "non_trainable": "moving statistics and fixed values",
    "macs": "multiply-adds of convolutions and matrix products; the FLOPs of many papers",
    "flops": "two for each multiply-add",
    "connections": "as LeNet-5's paper counts them",
    "depth": "layers with weights on the longest way",
}
"""Who counts so, or what is counted."""


def summary_text(graph: Graph, *, depth: int | None = None, whole: Graph | None = None) -> str:
    """A table of every node in graph order, and the totals below it.

    With a `depth`, of every block at that depth with its subtotals. `whole` is the network with its training-only
    parts, where `graph` is without them: its totals are said too, where they are others.
    """
    given = [f"  {one.name}: {one.shape}" for one in graph.inputs]
    table = ruled_table([COLUMNS, *_rows(graph, depth)], left=3, whole=True)
    outputs = [f"output {output.name} {output.shape}" for output in graph.outputs]
    return "\n".join([graph.name, *given, "", *table, table[1], *_totals_lines(totals(graph), whole), *outputs])


def summary_json(graph: Graph, *, depth: int | None = None) -> dict[str, object]:
    """The same as plain data. Shapes exclude the batch axis; an open size is its formula, or `None`."""
    owned = {node.path for node in owners(graph.nodes)}
    return {
        "name": graph.name,
        "inputs": {given.name: _dims(given.shape) for given in graph.inputs},
        "outputs": {output.name: _dims(output.shape) for output in graph.outputs},
        "totals": _figures_json(totals(graph)),
        **({} if depth is None else {"blocks": [_block_json(block, owned) for block in by_block(graph.nodes, depth)]}),
        "layers": [_node_json(node, node.path in owned) for node in graph.nodes],
    }


def _rows(graph: Graph, depth: int | None) -> list[tuple[str, ...]]:
    owned = {node.path for node in owners(graph.nodes)}
    if depth is None:
        return [_row(node, node.path in owned) for node in graph.nodes]
    blocks = by_block(graph.nodes, depth)
    return [_row(one.nodes[0], one.nodes[0].path in owned) if one.is_node else _block_row(one, owned) for one in blocks]


def _row(node: Node, owns: bool) -> tuple[str, ...]:
    mark = " (training)" if node.training_only else ""
    shapes = ", ".join(str(shape) for shape in node.shapes)
    params = count_text(node.params) if owns or not node.weights else "shared"
    return (node.path + mark, node.word, shapes, params, count_text(node.cost.macs))


def _block_row(block: Block, owned: set[str]) -> tuple[str, ...]:
    found = _subtotal(block, owned)
    mark = " (training)" if all(node.training_only for node in block.nodes) else ""
    many = f"{len(block.nodes)} nodes" if len(block.nodes) > 1 else "1 node"
    shapes = ", ".join(map(str, block.nodes[-1].shapes))
    is_shared = not found.params and any(node.weights for node in block.nodes)
    params = "shared" if is_shared else count_text(found.params)
    return ((block.path or "all") + mark, many, shapes, params, count_text(found.macs))


def _subtotal(block: Block, owned: set[str]) -> Totals:
    """The block's totals; parameters are those that it has first, so that the blocks add up to the whole."""
    found = total_of(block.nodes)
    own = [node for node in block.nodes if node.path in owned]
    return found._replace(params=sum(node.params for node in own), trainable=sum(node.trainable for node in own))


def _totals_lines(found: Totals, whole: Graph | None) -> list[str]:
    figures = figures_of(found)
    rows = [(figure_title(name), count_text(figures[name]), CONVENTIONS[name]) for name in FIGURES]
    lines = table_lines(rows, left=1, last_left=True)
    if whole is not None and (trained := totals(whole)) != found:
        said = f"{count_text(trained.trainable)} trainable, {count_text(trained.macs)} MACs"
        lines.append(f"in training, with the parts that are there alone: {said}")
    return lines


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
        "connections": plain(node.cost.connections),
        **({"weights": node.definition} if node.shared and node.weights else {}),
    }


def _block_json(block: Block, owned: set[str]) -> dict[str, object]:
    return {
        "path": block.path,
        "nodes": len(block.nodes),
        "output_shapes": [_dims(shape) for shape in block.nodes[-1].shapes],
        **_figures_json(_subtotal(block, owned)),
    }


def _figures_json(found: Totals) -> dict[str, object]:
    return {name: plain(figure) for name, figure in figures_of(found).items()}


def _dims(shape: Shape) -> Sequence[int | str | None]:
    return list(map(plain, shape.dims))
