"""Columns of text, aligned, with a rule below their titles."""

from __future__ import annotations

from collections.abc import Collection, Sequence


def table(titles: Sequence[str], rows: Sequence[Sequence[str]], *, right: Collection[str]) -> list[str]:
    """The lines of a table; the columns named in `right` are aligned to the right. A column without a word is left out.

    >>> table(("op", "params", "note"), [("conv", "1,792", ""), ("relu", "0", "")], right=("params",))
    ['op    params', '------------', 'conv   1,792', 'relu       0']
    """
    filled = [column for column in range(len(titles)) if any(row[column] for row in rows)]
    widths = {column: max(len(row[column]) for row in (titles, *rows)) for column in filled}
    rule = "-" * (sum(widths.values()) + 2 * (len(widths) - 1))
    lines = [
        "  ".join(
            row[column].rjust(width) if titles[column] in right else row[column].ljust(width)
            for column, width in widths.items()
        ).rstrip()
        for row in (titles, *rows)
    ]
    return [lines[0], rule, *lines[1:]]
