"""Plugins by their paths -> a vocabulary: each file is run once for what it holds, and its op checked and guarded.

Nothing here remembers which plugins were named: who compiles a spec hands the vocabulary on. What stays in the process
is the module of each file, under a name made of its word and of what it holds, so that neither another folder's file of
that word nor a file that has been edited since is taken for it.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Iterable
from functools import cache
from os import PathLike, fspath
from types import ModuleType
from typing import NamedTuple

from archspec.diagnostics import Diagnostic, DiagnosticSink, Label, Span
from archspec.elaboration.modules import standard_words
from archspec.ir.op import Op
from archspec.ops import Plugin, Vocabulary
from archspec.plugins.declaration import declared_op
from archspec.plugins.failure import PACKAGE
from archspec.plugins.guard import guarded
from archspec.plugins.source import PluginSource, RefusedError, read_plugin


class Named(NamedTuple):
    """A plugin's path, with the place where a file names it."""

    path: str
    span: Span | None = None


def load_plugins(paths: Iterable[str | PathLike[str] | Named], sink: DiagnosticSink) -> Vocabulary:
    """The vocabulary with the plugins in these files, whose code is run. A file may be named twice.

    Reports E1001 (no readable file), E1002 (the word), E1003 (it does not run) and E1004 (what it declares).
    """
    found: dict[str, Plugin] = {}
    for given in paths:
        named = given if isinstance(given, Named) else Named(fspath(given))
        place = Label(named.span) if named.span else None
        try:
            source = read_plugin(named.path, standard_words(), place)
            plugin = Plugin(source.word, named.path, source.sha256, _op(source))
            known = found.setdefault(plugin.word, plugin)
            if known.op is not plugin.op:
                headline = f"two plugins are called `{plugin.word}`: `{known.path}` and `{plugin.path}`"
                raise RefusedError(Diagnostic("E1002", headline, place, help="rename one of the files"))
        except RefusedError as refused:
            sink.report(refused.diagnostic)
    return Vocabulary(found)


@cache
def _op(source: PluginSource) -> type[Op]:
    """The guarded op of a file. Raises `RefusedError` with E1003 and E1004."""
    module = _run(source)
    try:
        return guarded(declared_op(module, source), source)
    except RefusedError:
        del sys.modules[module.__name__]
        raise


def _run(source: PluginSource) -> ModuleType:
    """The file as a module, run. Compiled from the text that was read, so that it is that text which runs."""
    module = ModuleType(f"{PACKAGE}.{source.word}_{source.sha256[:12]}")
    module.__file__ = str(source.path)
    code = compile(source.tree, str(source.path), "exec", dont_inherit=True)
    sys.modules[module.__name__] = module  # first: pydantic looks there for what the annotations name
    try:
        exec(code, vars(module))
    except (Exception, SystemExit) as error:
        del sys.modules[module.__name__]
        raise _failed(source, error) from error
    return module


def _failed(source: PluginSource, error: BaseException) -> RefusedError:
    """What a file raised while it was run, at its own line; where that is further in, with the place as a note."""
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno or 1 for frame in frames if frame.filename == str(source.path)]
    said = str(error).partition("\n")[0]
    headline = f"the plugin does not load: {type(error).__name__}" + (f": {said}" if said else "")
    refused = source.refused("E1003", headline, lines[-1] if lines else 1)
    if frames and frames[-1].filename != str(source.path):
        note = f"raised in {frames[-1].filename}, line {frames[-1].lineno}"
        return RefusedError(refused.diagnostic._replace(notes=(note,)))
    return refused
