"""Opening what was built: `.keras` files, in a process that has not made their layers yet."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from os import PathLike
from typing import Any

import keras

from archspec import ops
from archspec.keras_backend.chains import LONGEST_SAVED, room_for_chain

CACHED = type(cache(lambda: None))
"""What an op file's layer functions are: cached, so that a class is made once."""


def load_model(path: str | PathLike[str]) -> Any:
    """The Keras model in a file that `archspec build` wrote.

    A `.keras` file names its classes, and Keras must have met them: the ops' layers are made first. Open only files
    from people you trust: a saved model is a program. Raises what `keras.saving.load_model` raises.
    """
    register_layers()
    with room_for_chain(LONGEST_SAVED):
        return keras.saving.load_model(path)


def register_layers() -> None:
    """Make every layer that Keras lacks, which registers it for serialisation."""
    for package in (ops, ops.families):
        for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            for name, thing in vars(importlib.import_module(module.name)).items():
                if name.endswith("_layer") and isinstance(thing, CACHED) and thing.__module__ == module.name:
                    thing()
