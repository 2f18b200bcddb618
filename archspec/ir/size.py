"""A size that is not known as a number but as a formula of named sizes: `(height + 31)//32`.

A formula is a polynomial with whole coefficients over atoms, and an atom is a name or a division rounded down. It is
kept in one form, so that formulas which come about differently are equal: a division holds no multiple of its divisor
and no common factor, and one division inside another is one division. Two formulas of other forms may still be equal
as functions (`height//2 + (height + 1)//2` and `height`); nothing here may conclude from `!=` that two sizes differ.

    (4*height + 9)//6            ->  (2*height + 1)//3 + 1
    ((height + 1)//2 + 1)//2     ->  (height + 3)//4
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import NamedTuple, NoReturn

MOST_TERMS = 100
"""Of one formula, those inside its divisions included: a longer one tells nobody anything, and may grow without end."""

LARGEST = 1 << 63
"""Of a coefficient or divisor."""


class NoFormulaError(TypeError):
    """What was asked of a size cannot be said while it is a formula, or only in one that is too long."""


class Floor(NamedTuple):
    """`numerator / divisor`, rounded down."""

    numerator: Size
    divisor: int

    def __str__(self) -> str:
        text = str(self.numerator)
        return f"{text if text.isidentifier() else f'({text})'}//{self.divisor}"


Atom = str | Floor
Monomial = tuple[Atom, ...]
"""A product of atoms in the order of their texts; of none, for the constant."""


@dataclass(frozen=True, eq=False, repr=False)
class Size:
    """A formula that is no constant: its monomials with their coefficients, none of them 0.

    >>> height = named_size("height")
    >>> str(((height + 1) // 2 + 1) // 2), str(2 * (height - 2)), height - height
    ('(height + 3)//4', '2*height - 4', 0)
    """

    terms: Mapping[Monomial, int]

    def at(self, sizes: Mapping[str, int]) -> int:
        """The number where the names stand for these.

        >>> ((named_size("height") + 31) // 32).at({"height": 224})
        7
        """
        return sum(
            coefficient * math.prod(_value(atom, sizes) for atom in monomial)
            for monomial, coefficient in self.terms.items()
        )

    @cached_property
    def weight(self) -> int:
        """How many terms and atoms there are, those inside divisions included."""
        return sum(1 + sum(_weight(atom) for atom in monomial) for monomial in self.terms)

    def __add__(self, other: Number) -> Number:
        sums = dict(self.terms)
        for monomial, coefficient in _terms(other).items():
            sums[monomial] = sums.get(monomial, 0) + coefficient
        return _number(sums)

    __radd__ = __add__

    def __mul__(self, other: Number) -> Number:
        products: dict[Monomial, int] = {}
        for left, many in self.terms.items():
            for right, times in _terms(other).items():
                monomial = tuple(sorted(left + right, key=str))
                products[monomial] = products.get(monomial, 0) + many * times
        return _number(products)

    __rmul__ = __mul__

    def __neg__(self) -> Number:
        return self * -1

    def __sub__(self, other: Number) -> Number:
        return self + -other

    def __rsub__(self, other: Number) -> Number:
        return -self + other

    def __floordiv__(self, divisor: Number) -> Number:
        if not isinstance(divisor, int) or divisor < 1:
            raise NoFormulaError(f"a formula is divided by whole numbers of at least 1, got {divisor}")
        terms = dict(self.terms)
        constant = terms.pop((), 0)
        common = math.gcd(divisor, *terms.values())
        reduced = {monomial: coefficient // common for monomial, coefficient in terms.items()}
        return _divided({**reduced, (): constant // common}, divisor // common)

    def __rfloordiv__(self, other: Number) -> NoReturn:
        raise NoFormulaError(f"nothing is divided by a formula, got {self}")

    def __lt__(self, other: Number) -> NoReturn:
        raise NoFormulaError(f"which of two sizes is larger is not known, got {self} and {other}")

    __le__ = __gt__ = __ge__ = __lt__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Size) and self._text == other._text

    def __hash__(self) -> int:
        return hash(self._text)

    def __str__(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return f"<{self._text}>"

    @cached_property
    def _text(self) -> str:
        """The terms by falling degree, then by their texts: the same for equal formulas, and for no others."""
        ordered = sorted(self.terms.items(), key=lambda term: (-len(term[0]), _product(term[0])))
        (first, many), *others = ordered
        text = _product(first, many) if many > 0 else f"-{_product(first, -many, closed=True)}"
        return text + "".join(f" {'-' if many < 0 else '+'} {_product(term, abs(many))}" for term, many in others)


Number = int | Size


def named_size(name: str) -> Size:
    """The size that a word stands for: equal wherever the word is."""
    return Size({(name,): 1})


def _terms(number: Number) -> Mapping[Monomial, int]:
    return number.terms if isinstance(number, Size) else {(): number}


def _number(terms: Mapping[Monomial, int]) -> Number:
    """The formula of these terms, a plain number where it is one. Raises `NoFormulaError` where it is too long."""
    kept = {monomial: coefficient for monomial, coefficient in terms.items() if coefficient}
    if not kept.keys() - {()}:
        return kept.get((), 0)
    made = Size(kept)
    if made.weight > MOST_TERMS or max(map(abs, kept.values())) > LARGEST:
        raise NoFormulaError("the formula is too long")
    return made


def _divided(terms: Mapping[Monomial, int], divisor: int) -> Number:
    """Terms over a divisor that has no common factor with all of them: the multiples outside, the rest inside."""
    whole = _number({monomial: coefficient // divisor for monomial, coefficient in terms.items()})
    rest = {monomial: coefficient % divisor for monomial, coefficient in terms.items()}
    inside = _number(rest)
    if not isinstance(inside, Size):
        return whole  # of a divisor of 1, and what is left is 0
    inner = [monomial for monomial, coefficient in rest.items() if coefficient == 1 and _is_floor(monomial)]
    if len(inner) == 1:
        # floor((floor(P / c) + X) / d) = floor((P + c·X) / (c·d)), since X is a whole number.
        ((floor,),) = inner
        assert isinstance(floor, Floor)
        others = _number({**rest, (floor,): 0})
        return whole + (floor.numerator + others * floor.divisor) // (floor.divisor * divisor)
    if divisor > LARGEST:
        raise NoFormulaError("the divisor is too large")
    return whole + _number({(Floor(inside, divisor),): 1})


def _is_floor(monomial: Monomial) -> bool:
    return len(monomial) == 1 and isinstance(monomial[0], Floor)


def _value(atom: Atom, sizes: Mapping[str, int]) -> int:
    return sizes[atom] if isinstance(atom, str) else atom.numerator.at(sizes) // atom.divisor


def _weight(atom: Atom) -> int:
    return 1 if isinstance(atom, str) else atom.numerator.weight


def _product(monomial: Monomial, coefficient: int = 1, *, closed: bool = False) -> str:
    """A product as Python reads it: `2*height*width`, `64*(height//2)**2`, `(height + 31)//32`.

    A division on its own needs no brackets unless the product is `closed`, for a minus in front.
    """
    factors = [] if coefficient == 1 and monomial else [str(coefficient)]
    is_open = not closed and coefficient == 1 and len(monomial) == 1
    for text, group in groupby(monomial, key=str):
        times = len(list(group))
        factor = text if is_open or text.isidentifier() else f"({text})"
        factors.append(factor if times == 1 else f"{factor}**{times}")
    return "*".join(factors)
