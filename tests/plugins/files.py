"""Plugins on disk for the tests: the two that are whole, and any that a test writes."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
SHUFFLE = Path(__file__).with_name("shuffle_groups.py")

USING = """archspec: 1
name: net
inputs: {image: [8, 8, 3]}
layers:
  - {conv: {filters: 4, kernel: 3}, name: features}
  - {gem_pool: 2, name: pooled}
  - {dense: 10, name: end}
"""
"""A spec of a plugin's op: 8 - 3 + 1 = 6 positions each way, 3·3·3·4 + 4 = 112, 1, and 4·10 + 10 = 50 weights."""

OP = '''"""Twice the input."""

from typing import Any, ClassVar

from archspec.ir.keras_call import KerasLayer, Lowering, Variable, lower_to
from archspec.ir.op import Cost, Op, ShapeError, Weight
from archspec.ir.shape import Shape


class Own(Op):
    """An op of the tests."""

    def infer_shapes(self, inputs):
        return inputs

    def to_keras(self, inputs):
        return lower_to(KerasLayer("keras.layers.Rescaling", {"scale": 2.0}))
'''
"""A small plugin, which tests break in one way each."""


def gem_pool(folder: Path) -> Path:
    """The plugin that docs/plugins.md shows, written to a folder."""
    page = (ROOT / "docs" / "plugins.md").read_text(encoding="utf-8")
    (text,) = re.findall(r"^```python\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    return written(folder, "gem_pool", text)


def written(folder: Path, word: str, text: str) -> Path:
    """A plugin of that word."""
    path = folder / f"{word}.py"
    path.write_text(text, encoding="utf-8")
    return path


def net(word: str) -> str:
    """A spec that uses a word on one line, of which nothing else is of interest."""
    return f"archspec: 1\nname: net\ninputs: {{image: [4, 4, 2]}}\nlayers:\n  - {word}\n"
