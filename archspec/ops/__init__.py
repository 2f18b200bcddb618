"""Primitive operations, one file each, found by name and imported when a spec first uses them.

There is no list of ops. A word `conv` is the op declared in `ops/conv.py`; a word without a file of its own may be a
member of a family: a module in `ops/families/`, which declares several ops that differ only in a function.
Files that begin with `_` hold arithmetic that ops share.

Ops of others are plugins. They stand in a `Vocabulary`, which is handed from stage to stage and kept nowhere: what is
named for one compilation is unknown to the next.
"""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType, ModuleType
from typing import Any, NamedTuple

from archspec.ir.op import Op
from archspec.ops import families

CACHED = type(cache(lambda: None))
"""What a layer function is: cached, so that a class is made once."""


class Plugin(NamedTuple):
    """An op of somebody's own, with the file that declares it and what that file held when it was loaded."""

    word: str
    path: str
    sha256: str
    op: type[Op]


class Vocabulary(NamedTuple):
    """The ops that a compilation knows: archspec's own, and the plugins named for it."""

    plugins: Mapping[str, Plugin] = MappingProxyType({})

    def words(self) -> frozenset[str]:
        """Every op's word."""
        return words() | self.plugins.keys()

    def find(self, word: str) -> type[Op] | None:
        """The op that `word` names, or `None`."""
        plugin = self.plugins.get(word)
        return plugin.op if plugin else find(word)


OWN = Vocabulary()
"""archspec's own ops and no others."""


@cache
def words() -> frozenset[str]:
    """Every op's word: the files' names and the families' members. Imports the families, and no op."""
    files = {module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_")}
    return frozenset(files - {"families"} | set(families.members()))


@cache
def find(word: str) -> type[Op] | None:
    """The op that `word` names, or `None`. Imports its file, if it has one."""
    if not word.isidentifier() or word.startswith("_") or word == "families":
        return None
    path = f"{__name__}.{word}"
    if importlib.util.find_spec(path) is None:
        return families.declare(word)
    module = importlib.import_module(path)
    (op,) = (
        thing
        for thing in vars(module).values()
        if isinstance(thing, type) and issubclass(thing, Op) and thing.__module__ == path
    )
    return op


def layer_functions(module: ModuleType) -> dict[str, Callable[[], Any]]:
    """The functions of an op's file that make the layers which Keras lacks, by name."""
    return {
        name: thing
        for name, thing in vars(module).items()
        if name.endswith("_layer") and isinstance(thing, CACHED) and thing.__module__ == module.__name__
    }
