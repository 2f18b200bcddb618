"""What the conformance test gives each op: fields, as they reach the op, with shapes of inputs that it takes.

The cases of a word stand in `CONFORMANCE` of its op's test file. The first one is small and without open sizes:
weights, gradients and saving are tried on it.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from archspec.ir.shape import Dim, Shape
from archspec.ops import find
from archspec.ops.families import members


@dataclass(frozen=True)
class Case:
    """One op with fields, applied to inputs."""

    inputs: tuple[Shape, ...]
    fields: Mapping[str, Any] = field(default_factory=dict)
    below: int = 0
    """The inputs are whole numbers from 0 to below this, through which no gradient goes; 0 where they are any."""


def case(*inputs: tuple[Dim, ...], **fields: Any) -> Case:
    """A case in one line."""
    return Case(tuple(map(Shape, inputs)), fields)


def cases(word: str) -> tuple[Case, ...]:
    """All cases of a word; none where its op's test file is missing or lacks it."""
    op = find(word)
    assert op is not None
    file = f"tests.ops.test_{op.__module__.rpartition('.')[2]}"
    if importlib.util.find_spec(file) is None:
        return ()
    declared: Mapping[str, tuple[Case, ...]] = importlib.import_module(file).CONFORMANCE
    return declared.get(word, ANY_RANK if word in members() else ())


IMAGES: tuple[tuple[Dim, ...], ...] = (
    (9, 4), (None, 4), (8, 7, 4), (None, 7, 4), (None, None, 4), (5, 6, 7, 4), (None, None, None, 4),
)  # fmt: skip
"""Inputs with 1 to 3 spatial axes, of known and of open sizes."""

ANY_RANK = tuple(case(shape) for shape in ((5,), *IMAGES))
TWO = tuple(case(shape, shape) for shape in ((5,), *IMAGES))


def with_fields(plain: tuple[Case, ...], **fields: Any) -> tuple[Case, ...]:
    """The same inputs with fields."""
    return tuple(Case(one.inputs, fields) for one in plain)


def windows(fields: Mapping[str, Any], choices: Mapping[str, tuple[Any, ...]]) -> tuple[Case, ...]:
    """Every combination of the choices, each on every image."""
    combinations = [dict(zip(choices, values, strict=True)) for values in product(*choices.values())]
    return tuple(case(shape, **fields, **chosen) for chosen in combinations for shape in IMAGES)


CONVOLUTION = {"padding": ("valid", "half", "same", ((2,),), ((0, 1),)), "stride": ((1,), (2,))}
POOLING = {"padding": ("valid", "half", "same", ((1,),)), "stride": ((1,), (2,)), "round": ("down", "up")}
KNOWN_POOLING = {**POOLING, "padding": ("valid", "half", ((1, 0),))}
