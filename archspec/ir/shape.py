"""Shapes without the batch axis, channels last. A size may be open, and only this file tests for it.

An open size is a formula of the named sizes of the network's inputs (`size`), or `None` where there is no formula.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeGuard

from archspec.ir.size import NoFormulaError, Number, Size

Dim = int | Size | None
"""A size along one axis: an integer of at least 1; while it is open a formula, or `None` if it has none."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The sizes of one value, batch excluded: (height, width, channels), (length, channels), (features), …"""

    dims: tuple[Dim, ...]

    @property
    def rank(self) -> int:
        """The number of axes, batch excluded."""
        return len(self.dims)

    @property
    def channels(self) -> Dim:
        """The size of the last axis; open for a scalar."""
        return self.dims[-1] if self.dims else None

    @property
    def spatial(self) -> tuple[Dim, ...]:
        """The sizes of all axes but the last."""
        return self.dims[:-1]

    @property
    def size(self) -> Dim:
        """The number of values: the product of all sizes."""
        return product(self.dims)

    @property
    def static_dims(self) -> tuple[int | None, ...]:
        """The sizes as Keras takes them: `None` for every open one."""
        return tuple(dim if is_known(dim) else None for dim in self.dims)

    def with_channels(self, channels: Dim) -> Shape:
        """The same shape with another last axis."""
        return Shape((*self.spatial, channels))

    def __str__(self) -> str:
        return "(" + ", ".join(map(show, self.dims)) + ")"


def is_known(dim: Dim) -> TypeGuard[int]:
    """Whether a size is a number, and not open."""
    return isinstance(dim, int)


def show(dim: Dim) -> str:
    """A size as reports write it: the number, the formula, or `?`."""
    return "?" if dim is None else str(dim)


def map_dims(function: Callable[..., Number], *dims: Dim) -> Dim:
    """`function` of the sizes: a formula where one is a formula, open where one is open or there is no formula for it.

    >>> map_dims(lambda a, b: a + b, 2, 3), map_dims(lambda a, b: a + b, 2, None)
    (5, None)
    """
    if any(dim is None for dim in dims):
        return None
    try:
        return function(*dims)
    except NoFormulaError:
        return None


def product(dims: Iterable[Dim]) -> Dim:
    """The product of sizes, open where one is open; 1 for none."""
    sizes = tuple(dims)
    return map_dims(lambda *known: math.prod(known), *sizes)


def total(dims: Iterable[Dim]) -> Dim:
    """The sum of sizes, open where one is open."""
    sizes = tuple(dims)
    return map_dims(lambda *known: sum(known), *sizes)


def agree(left: Dim, right: Dim) -> bool:
    """Whether two sizes can be equal: an open one can be any, but two formulas no constant apart.

    >>> agree(3, 3), agree(3, None), agree(3, 4)
    (True, True, False)
    """
    difference = map_dims(lambda one, other: one - other, left, right)
    return not is_known(difference) or difference == 0


def merge(left: Dim, right: Dim) -> Dim:
    """The size that two agreeing sizes stand for: the known one, or else the one that has a formula."""
    if left is None or (is_known(right) and not is_known(left)):
        return right
    return left
