"""`archspec memory`: what a network takes of memory, by the spec's own recipe unless told otherwise."""

from __future__ import annotations

import re
from argparse import ArgumentTypeError, Namespace

from archspec.analysis.liveness import Unsized
from archspec.cli.output import print_json, print_warnings, status_of
from archspec.compiler import Compilation
from archspec.report.memory import Setting, memory_json, memory_text
from archspec.training.config import Optimizer, Recipe
from archspec.zoo import UnreadableSpecError

UNITS = {"": 0, "k": 1, "m": 2, "g": 3, "t": 4}


def print_memory(compilation: Compilation, options: Namespace) -> int:
    """Print the report. Raises `UnreadableSpecError` where a size is open."""
    graph = compilation.require_network()
    print_warnings(compilation)
    setting = _setting(compilation.recipe, options)
    try:
        if options.format == "json":
            print_json(memory_json(graph, setting))
        else:
            print(memory_text(graph, setting, layers=options.layers))
    except Unsized as error:
        cure = "state the inputs' sizes with `--input`"
        raise UnreadableSpecError(f"the size of `{error.path}` is open, and so is its memory", cure) from None
    return status_of(compilation)


def read_amount(text: str) -> int:
    """Bytes, from `8GB` (thousands) or `8GiB` (of 1024).

    >>> read_amount("8GB"), read_amount("1.5 KiB")
    (8000000000, 1536)
    """
    found = re.fullmatch(r"(\d{1,9}(?:\.\d{1,9})?)\s*([kmgt]?)(i?)b?", text.strip().lower())
    if found is None or not found[2]:
        raise ArgumentTypeError(f"an amount of memory is written as 8GB or 8GiB, got {text}")
    return int(float(found[1]) * (1024 if found[3] else 1000) ** UNITS[found[2]])


def _setting(recipe: Recipe | None, options: Namespace) -> Setting:
    """What the command line says, else the recipe, else one example in 32 bits and SGD without momentum."""
    return Setting(
        batch=options.batch or (recipe.batch if recipe else 1),
        precision=options.precision or (recipe.precision if recipe else "float32"),
        optimizer=options.optimizer or (_kind(recipe.optimizer) if recipe else "sgd"),
        budget=options.budget,
    )


def _kind(optimizer: Optimizer) -> str:
    """The optimizer's name in the table of what optimizers hold."""
    if not optimizer.momentum:
        return optimizer.name
    return {"sgd": "momentum", "rmsprop": "rmsprop with momentum"}[optimizer.name]
