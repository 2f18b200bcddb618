"""Runs emitted source in this process, without leaving its classes in Keras' registry."""

from __future__ import annotations

import ast
from typing import Any

import keras


def run_source(source: str) -> Any:
    """The model that the source builds."""
    tree = ast.parse(source)
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module != "typing"]
    registered = keras.saving.get_custom_objects()
    before = dict(registered)
    try:
        space: dict[str, Any] = {"__name__": "emitted"}
        exec(compile(tree, "emitted.py", "exec"), space)
        return space["build_model"]()
    finally:
        registered.clear()
        registered.update(before)
