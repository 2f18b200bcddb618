"""What the tests of recurrent layers share: their cases, and a sequence run through a step by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from archspec.ir.op import Op
from archspec.ir.shape import Shape
from tests.op_cases import Case, case

RECURRENT: tuple[Case, ...] = (
    case((5, 3), units=4, sequence=True),
    case((5, 3), units=4),
    case((5, 3), units=4, bias=False),
    case((None, 3), units=4, sequence=True, dropout=0.1, recurrent_dropout=0.2),
    *(case((5, 3), units=2, bidirectional=word) for word in ("sum", "average", "multiply")),
    case((None, 3), units=2, bidirectional="concat"),
    case((5, 3), units=2, bidirectional="concat", bias=False),
    case((5, 3), units=2, bidirectional="concat", sequence=True),
)
"""The first one gives every position: gradients then reach each of them; the last one has two directions."""

Step = Callable[[Any, Any, dict[str, Any]], Any]
"""What a cell makes of an input and of what it carries: what it carries on, the state first."""


def drawn(op: Op, *dims: int) -> dict[str, Any]:
    """Weights for an op, drawn at random."""
    random = np.random.default_rng(3)
    return {weight.name: random.normal(size=weight.shape) for weight in op.weights((Shape(dims),))}


def run_by_hand(step: Step, values: Any, units: int, weights: dict[str, Any], carried: int = 1) -> Any:
    """The states after each position, for a batch."""
    state = (np.zeros((len(values), units)),) * carried
    states = []
    for place in range(values.shape[1]):
        state = step(values[:, place], state, weights)
        states.append(state[0])
    return np.stack(states, axis=1)


def sigmoid(values: Any) -> Any:
    """1 / (1 + exp(-x))."""
    return 1 / (1 + np.exp(-values))


def of_direction(weights: dict[str, Any], direction: str) -> dict[str, Any]:
    """The weights of one direction, by their names in it."""
    return {
        name.removeprefix(f"{direction}/"): values
        for name, values in weights.items()
        if name.startswith(f"{direction}/")
    }
