"""A table over networks as text, CSV, Markdown or plain data; numbers are exact in CSV and JSON."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from archspec.analysis.comparison import COUNTS, Cell, Shapes
from archspec.ir.shape import is_known
from archspec.report.figures import count_text, figure_title, plain
from archspec.report.table import markdown_table, table_lines


class Row(NamedTuple):
    """One network: its cells, or what is wrong with it."""

    cells: Mapping[str, Cell]
    error: str | None = None


def comparison_text(rows: Sequence[Row], columns: Sequence[str]) -> str:
    """Columns for people; what is wrong with a network stands behind its name."""
    lines = table_lines(_table(rows, columns), left=_texts_first(columns))
    errors = [row.error for row in rows]
    return "\n".join([lines[0], *(_with_error(line, error) for line, error in zip(lines[1:], errors, strict=True))])


def comparison_markdown(rows: Sequence[Row], columns: Sequence[str]) -> str:
    """A Markdown table; what is wrong with a network is in a last column, there only where one has errors."""
    has_errors = any(row.error for row in rows)
    head, *others = _table(rows, columns)
    table = [head, *others]
    if has_errors:
        table = [(*head, "error"), *((*cells, row.error or "") for cells, row in zip(others, rows, strict=True))]
    return "\n".join(markdown_table(table, left=_texts_first(columns), last_left=has_errors))


def comparison_csv(rows: Sequence[Row], columns: Sequence[str]) -> str:
    """Comma-separated values with a head; the last column is what is wrong with a network."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*columns, "error"])
    for row in rows:
        writer.writerow([*map(_exactly, _cells(row, columns)), row.error or ""])
    return text.getvalue()


def comparison_json(rows: Sequence[Row], columns: Sequence[str]) -> dict[str, object]:
    """An object for each network: its columns, null where there is nothing, and `error`, null where there is none."""
    return {"rows": [_row_json(row, columns) for row in rows]}


def _row_json(row: Row, columns: Sequence[str]) -> dict[str, object]:
    return {**{name: _content(row.cells.get(name)) for name in columns}, "error": row.error}


def _content(cell: Cell) -> object:
    if isinstance(cell, Shapes):
        return {name: [plain(dim) for dim in shape.dims] for name, shape in cell.named}
    return (cell or None) if isinstance(cell, str) else plain(cell)


def _table(rows: Sequence[Row], columns: Sequence[str]) -> list[tuple[str, ...]]:
    return [tuple(map(figure_title, columns)), *(tuple(_texts(row, columns)) for row in rows)]


def _texts(row: Row, columns: Sequence[str]) -> list[str]:
    return [str(cell) if isinstance(cell, str | Shapes) else count_text(cell) for cell in _cells(row, columns)]


def _exactly(cell: Cell) -> str:
    return "" if cell is None else str(cell)


def _cells(row: Row, columns: Sequence[str]) -> list[Cell]:
    return [row.cells.get(name, "") for name in columns]


def _texts_first(columns: Sequence[str]) -> int:
    """How many columns from the first on are no counts, and stand to the left."""
    return next((place for place, name in enumerate(columns) if name in COUNTS), len(columns))


def _with_error(line: str, error: str | None) -> str:
    return line if error is None else f"{line}  {error}"


def sorted_rows(rows: Sequence[Row], column: str, *, reverse: bool) -> list[Row]:
    """The rows by a column, numbers before formulas and text; those that lack it stay last."""
    there = [row for row in rows if row.cells.get(column) is not None]
    return sorted(there, key=lambda row: _rank(row.cells[column]), reverse=reverse) + [
        row for row in rows if row.cells.get(column) is None
    ]


def _rank(cell: Cell) -> tuple[int, str]:
    if isinstance(cell, str | Shapes) or not is_known(cell):
        return sys.maxsize, str(cell)
    return cell, ""
