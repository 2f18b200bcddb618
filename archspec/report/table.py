"""Rows of cells as lines of text with columns, and as a Markdown table."""

from __future__ import annotations

from collections.abc import Sequence


def table_lines(rows: Sequence[Sequence[str]], *, left: int = 0, last_left: bool = False) -> list[str]:
    """The rows in columns as wide as they need: the first `left` to the left, the last too if asked, others right.

    >>> table_lines([("a", "params"), ("bb", "1")], left=1)
    ['a   params', 'bb       1']
    """
    count = len(rows[0])
    widths = [max(len(row[column]) for row in rows) for column in range(count)]
    kept_left = {*range(left), *((count - 1,) if last_left else ())}
    return [
        "  ".join(
            cell.ljust(width) if column in kept_left else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def ruled_table(rows: Sequence[Sequence[str]], *, left: int = 0, whole: bool = False) -> list[str]:
    """As `table_lines`, with a rule below the first row; unless `whole`, without columns that have no word below it.

    >>> ruled_table([("op", "params", "note"), ("conv", "1,792", ""), ("relu", "0", "")], left=1)
    ['op    params', '------------', 'conv   1,792', 'relu       0']
    """
    filled = [column for column in range(len(rows[0])) if whole or any(row[column] for row in rows[1:])]
    kept = [[row[column] for column in filled] for row in rows]
    head, *others = table_lines(kept, left=sum(column < left for column in filled))
    widths = [max(len(row[column]) for row in kept) for column in range(len(filled))]
    return [head, "-" * (sum(widths) + 2 * (len(widths) - 1)), *others]


def markdown_table(rows: Sequence[Sequence[str]], *, left: int = 0, last_left: bool = False) -> list[str]:
    """The rows as a Markdown table, the first of them its head.

    >>> markdown_table([("a", "params"), ("b", "1 | 2")], left=1)
    ['| a | params |', '| --- | ---: |', '| b | 1 \\\\| 2 |']
    """
    count = len(rows[0])
    kept_left = {*range(left), *((count - 1,) if last_left else ())}
    rule = ["---" if column in kept_left else "---:" for column in range(count)]
    head, *others = [[cell.replace("|", "\\|") for cell in row] for row in rows]
    return [f"| {' | '.join(cells)} |" for cells in (head, rule, *others)]
