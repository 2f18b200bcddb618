"""Primitive operations, one file each, found by name and imported when a spec first uses them.

There is no list of ops. A word `conv` is the op declared in `ops/conv.py`; a word without a file of its own may be a
member of a family: a module in `ops/families/`, which declares several ops that differ only in a function.
Files that begin with `_` hold arithmetic that ops share.
"""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
from functools import cache

from archspec.ir.op import Op
from archspec.ops import families


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
