"""Shapes without the batch axis, channels last; an open size is `None`, and only this file tests for it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

Dim = int | None
"""A size along one axis: an integer of at least 1, or `None` while it is open."""


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

    def with_channels(self, channels: Dim) -> Shape:
        """The same shape with another last axis."""
        return Shape((*self.spatial, channels))

    def __str__(self) -> str:
        return "(" + ", ".join("?" if dim is None else str(dim) for dim in self.dims) + ")"


def map_dims(function: Callable[..., int], *dims: Dim) -> Dim:
    """`function` of the sizes, or open where one of them is open.

    >>> map_dims(lambda a, b: a + b, 2, 3), map_dims(lambda a, b: a + b, 2, None)
    (5, None)
    """
    return None if any(dim is None for dim in dims) else function(*dims)


def product(dims: Iterable[Dim]) -> Dim:
    """The product of sizes, open where one is open; 1 for none."""
    sizes = tuple(dims)
    return map_dims(lambda *known: math.prod(known), *sizes)


def total(dims: Iterable[Dim]) -> Dim:
    """The sum of sizes, open where one is open."""
    sizes = tuple(dims)
    return map_dims(lambda *known: sum(known), *sizes)


def agree(left: Dim, right: Dim) -> bool:
    """Whether two sizes can be equal: an open one can be any.

    >>> agree(3, 3), agree(3, None), agree(3, 4)
    (True, True, False)
    """
    return left is None or right is None or left == right


def merge(left: Dim, right: Dim) -> Dim:
    """The size that two agreeing sizes stand for: the known one where one is open."""
    return right if left is None else left
