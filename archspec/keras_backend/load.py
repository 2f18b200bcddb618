"""Opening what was built: `.keras` files, in a process that has not made their layers yet."""

from __future__ import annotations

import importlib
import pkgutil
import re
import sys
from os import PathLike, fspath
from types import ModuleType
from typing import Any

import keras

from archspec import ops
from archspec.keras_backend.chains import LONGEST_SAVED, room_for_chain
from archspec.ops import OWN, Vocabulary

LACKING = re.compile(r"'registered_name': '(?P<word>[^'>]+)>(?P<name>[^']+)'")
"""Where Keras' message names the class that it does not know. A plugin registers its layer under its op's word."""


def load_model(path: str | PathLike[str], vocabulary: Vocabulary = OWN) -> Any:
    """The Keras model in a file that `archspec build` wrote for a spec of these ops.

    A `.keras` file names its classes, and Keras must have met them: the ops' layers are made first. Open only files
    from people you trust: a saved model is a program. Raises what `keras.saving.load_model` raises; where that is for
    a class that a plugin may have registered, a `TypeError` that says so.
    """
    register_layers(vocabulary)
    try:
        with room_for_chain(LONGEST_SAVED):
            return keras.saving.load_model(path)
    except TypeError as error:
        lacking = LACKING.search(str(error))
        if lacking is None or (word := lacking["word"]) in ("archspec", *vocabulary.plugins):
            raise
        headline = (
            f"`{fspath(path)}` holds `{lacking['name']}`, registered for the op `{word}`, which no plugin declares"
        )
        raise TypeError(f'{headline}: name its file, as `plugins=["{word}.py"]`') from error


def register_layers(vocabulary: Vocabulary = OWN) -> None:
    """Make every layer that Keras lacks, which registers it for serialisation."""
    for package in (ops, ops.families):
        for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            _make_layers(importlib.import_module(module.name))
    for plugin in vocabulary.plugins.values():
        _make_layers(sys.modules[plugin.op.__module__])


def _make_layers(module: ModuleType) -> None:
    for function in ops.layer_functions(module).values():
        function()
