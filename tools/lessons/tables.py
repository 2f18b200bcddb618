"""Numbers in rows and columns as a block of text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def grid(rows: Iterable[Sequence[float]]) -> str:
    """The numbers in columns, with at most two decimals.

    >>> print(grid([[1, 0.25], [10, 3.0]]))
    ```text
     1  0.25
    10     3
    ```
    """
    cells = [[f"{value:.2f}".rstrip("0").rstrip(".") for value in row] for row in rows]
    width = max(len(cell) for row in cells for cell in row)
    lines = ("  ".join(cell.rjust(width if column else 0) for column, cell in enumerate(row)) for row in _led(cells))
    return "\n".join(["```text", *lines, "```"])


def _led(cells: list[list[str]]) -> list[list[str]]:
    """The rows with their first cells equally wide, so that no line begins further in than it must."""
    width = max(len(row[0]) for row in cells)
    return [[row[0].rjust(width), *row[1:]] for row in cells]
