"""The figures that a contract admits: `60000`, `<= 5M`, `5M .. 6M`, `60M +- 1%`, as text to exact numbers.

Numbers may end in K, M, G or T (thousand, million, …), and hold `,` or `_` between digits.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from archspec.syntax.expressions import UNITS

# Bounded in every part: a number of a million digits, or 1e999999999, would take for ever to make.
QUANTITY = r"([0-9][0-9_,]{0,39}(?:\.[0-9]{1,40})?(?:[eE]\+?[0-9]{1,2})?)([KMGT]?)"


@dataclass(frozen=True, slots=True)
class Bounds:
    """The numbers that a contract admits, both ends included."""

    low: Fraction
    high: Fraction

    def admit(self, value: int) -> bool:
        """Whether the contract holds for a value."""
        return self.low <= value <= self.high


def read_bounds(text: str) -> Bounds | None:
    """The bounds that a contract's text states, or `None` for what is none.

    >>> read_bounds("5M .. 6M").high == 6_000_000, read_bounds("200 +- 1%").low == 198, read_bounds("about 5") is None
    (True, True, True)
    """
    for pattern, make in FORMS:
        if found := pattern.fullmatch(text.strip()):
            bounds = make(*found.groups())
            return bounds if bounds.low <= bounds.high else None
    return None


def _exactly(digits: str, unit: str) -> Bounds:
    value = _quantity(digits, unit)
    return Bounds(value, value)


def _at_most(sign: str, digits: str, unit: str) -> Bounds:
    value = _quantity(digits, unit)
    return Bounds(Fraction(0), value if sign == "<=" else Fraction(math.ceil(value) - 1))


def _between(low: str, low_unit: str, high: str, high_unit: str) -> Bounds:
    return Bounds(_quantity(low, low_unit), _quantity(high, high_unit))


def _around(digits: str, unit: str, slack: str, slack_unit: str, percent: str) -> Bounds:
    value, tolerance = _quantity(digits, unit), _quantity(slack, slack_unit)
    tolerance = value * tolerance / 100 if percent else tolerance
    return Bounds(value - tolerance, value + tolerance)


def _quantity(digits: str, unit: str) -> Fraction:
    return Fraction(digits.replace(",", "").replace("_", "")) * UNITS[unit]


FORMS: tuple[tuple[re.Pattern[str], Callable[..., Bounds]], ...] = (
    (re.compile(QUANTITY), _exactly),
    (re.compile(rf"(<=|<)\s*{QUANTITY}"), _at_most),
    (re.compile(rf"{QUANTITY}\s*\.\.\s*{QUANTITY}"), _between),
    (re.compile(rf"{QUANTITY}\s*\+-\s*{QUANTITY}(%?)"), _around),
)
