"""The source of a layer that Keras lacks: the class inside the cached function of its op's file."""

from __future__ import annotations

import ast
import importlib
import inspect
import textwrap
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LayerClass:
    """A class as text, with its name."""

    name: str
    source: str


def layer_class(target: str) -> LayerClass:
    """The class that the function `module:function` returns, without running it (which would import Keras)."""
    module, _, function = target.partition(":")
    made = inspect.unwrap(getattr(importlib.import_module(module), function))
    source = textwrap.dedent(inspect.getsource(made))
    tree = ast.parse(source)
    (found,) = (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef))
    first = min([found.lineno, *(decorator.lineno for decorator in found.decorator_list)])
    lines = source.splitlines()[first - 1 : found.end_lineno]
    return LayerClass(found.name, textwrap.dedent("\n".join(lines)))
