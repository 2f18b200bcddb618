"""Families of ops: a module here declares several ops that differ only in a function, as activations do.

A family has `words() -> tuple[str, ...]` and `declare(word) -> type[Op]`. Add a module and its words are ops.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from typing import Protocol, cast

from archspec.ir.op import Op


class Family(Protocol):
    """What a module in this folder offers."""

    def words(self) -> tuple[str, ...]:
        """The words that the family declares."""

    def declare(self, word: str) -> type[Op]:
        """The op of one of its words."""


@cache
def _by_word() -> dict[str, Family]:
    found: dict[str, Family] = {}
    for module in pkgutil.iter_modules(__path__):
        family = cast(Family, importlib.import_module(f"{__name__}.{module.name}"))
        found.update(dict.fromkeys(family.words(), family))
    return found


def members() -> tuple[str, ...]:
    """Every word of every family."""
    return tuple(_by_word())


def declare(word: str) -> type[Op] | None:
    """The op that `word` names in a family, or `None`."""
    family = _by_word().get(word)
    return family.declare(word) if family else None
