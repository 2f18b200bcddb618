"""Counts of multiply-accumulates and the like as reports write them, which may be formulas where sizes are open."""

from __future__ import annotations

from archspec.ir.shape import Dim, is_known, show

TITLES = {"macs": "MACs", "flops": "FLOPs", "memory": "peak bytes"}

LONGEST_FORMULA = 50
"""Of a count in a table: a longer formula widens the column more than it tells."""


def count_text(count: Dim) -> str:
    """A count for people to read; `?` where it is open and has no short formula.

    >>> count_text(1234567), count_text(None)
    ('1,234,567', '?')
    """
    if is_known(count):
        return f"{count:,}"
    text = show(count)
    return text if len(text) <= LONGEST_FORMULA else "?"


def plain(dim: Dim) -> int | str | None:
    """A size or count as JSON has it: a number, a formula as its text, or null."""
    return dim if is_known(dim) or dim is None else str(dim)


def figure_title(name: str) -> str:
    """A figure's name as the heads of tables have it.

    >>> figure_title("non_trainable"), figure_title("macs")
    ('non-trainable', 'MACs')
    """
    return TITLES.get(name, name.replace("_", "-"))
