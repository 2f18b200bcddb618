"""A table of networks: name, parameters, MACs, title."""

from __future__ import annotations

from collections.abc import Sequence

from archspec.analysis.cost import totals
from archspec.ir.graph import Graph
from archspec.report.figures import count_text
from archspec.syntax import tree


def zoo_table(rows: Sequence[tuple[str, Graph | None, tree.Tree | None]]) -> str:
    """One line a network, from its name, its graph (for inference) and its `reference`."""
    cells = [("spec", "trainable", "MACs", "reference"), *(_row(*row) for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(3)]
    return "\n".join(
        f"{name:<{widths[0]}}  {trainable:>{widths[1]}}  {macs:>{widths[2]}}  {title}".rstrip()
        for name, trainable, macs, title in cells
    )


def _row(name: str, graph: Graph | None, reference: tree.Tree | None) -> tuple[str, str, str, str]:
    title = reference.get("title") if isinstance(reference, tree.Mapping) else None
    words = title.text if isinstance(title, tree.Scalar) else ""
    if graph is None:
        return name, "has errors", "", words
    found = totals(graph.for_inference())
    return name, f"{found.trainable:,}", count_text(found.macs), words
