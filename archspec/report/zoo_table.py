"""The tables of the shipped specs: of networks by name, parameters, MACs and title; of lessons by question."""

from __future__ import annotations

from collections.abc import Sequence

from archspec.analysis.cost import totals
from archspec.ir.graph import Graph
from archspec.report.figures import count_text
from archspec.report.table import table_lines
from archspec.syntax import tree


def zoo_table(rows: Sequence[tuple[str, Graph | None, tree.Tree | None]]) -> str:
    """One line a network, from its name, its graph (for inference) and its `reference`."""
    cells = [("spec", "trainable", "MACs", "reference"), *(_row(*row) for row in rows)]
    return "\n".join(table_lines(cells, left=1, last_left=True))


def lesson_table(rows: Sequence[tuple[str, tree.Tree | None]]) -> str:
    """One line a lesson, from its name and its `meta`, whose `question` it answers."""
    cells = [("lesson", "question"), *((name, _word(meta, "question")) for name, meta in rows)]
    return "\n".join(table_lines(cells, left=2))


def _row(name: str, graph: Graph | None, reference: tree.Tree | None) -> tuple[str, str, str, str]:
    words = _word(reference, "title")
    if graph is None:
        return name, "has errors", "", words
    found = totals(graph.for_inference())
    return name, f"{found.trainable:,}", count_text(found.macs), words


def _word(section: tree.Tree | None, key: str) -> str:
    found = section.get(key) if isinstance(section, tree.Mapping) else None
    return found.text if isinstance(found, tree.Scalar) else ""
