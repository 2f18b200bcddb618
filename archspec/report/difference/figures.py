"""Figures before and after: their texts, the difference and how much of the old that is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from archspec.ir.shape import Dim, is_known, map_dims
from archspec.report.figures import count_text

LARGEST_PERCENT = 1000
"""From ten times on, the ratio says more."""

LEAST_TENTH = 0.05
"""Percent that one decimal does not round to none."""


class FigureChange(NamedTuple):
    """One figure of both networks, or of one block in both."""

    name: str
    old: Dim
    new: Dim

    @property
    def delta(self) -> Dim:
        """What was added; open where there is no number or formula for it."""
        return map_dims(lambda old, new: new - old, self.old, self.new)

    @property
    def percent(self) -> str:
        """The difference as a part of the old figure, where there is one."""
        if not is_known(self.delta) or not is_known(self.old) or not self.delta or not self.old:
            return ""
        ratio = (self.old + self.delta) / self.old
        if ratio >= LARGEST_PERCENT / 100:
            return f"x{ratio:,.0f}"
        percent = 100 * (ratio - 1)
        return f"{percent:+.1f}%" if abs(percent) >= LEAST_TENTH else f"{percent:+.1g}%"


def figure_changes(old: Mapping[str, Dim], new: Mapping[str, Dim]) -> tuple[FigureChange, ...]:
    """Every figure of both, in the table's order."""
    return tuple(FigureChange(name, old[name], new[name]) for name in old)


def signed(delta: Dim) -> str:
    """A difference for people to read; nothing for none.

    >>> signed(1234), signed(-5), signed(0), signed(None)
    ('+1,234', '-5', '', '?')
    """
    if is_known(delta):
        return f"{delta:+,}" if delta else ""
    return count_text(delta)
