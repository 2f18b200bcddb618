"""One convolution in the place of two: its kernel composed from theirs, and how far its output is from theirs."""

from __future__ import annotations

from typing import Any

import numpy as np

from archspec.report.table import markdown_table
from tools.lessons.specs import model_of

ROUNDING = 1e-4
"""Differences below it are the rounding of 32 bits, whose exact size depends on the machine."""


def composition(spec: str) -> str:
    """A table of the largest difference between one convolution and two, without and with a function between them."""
    single, differences = model_of(f"{spec}@single"), []
    for variant in ("linear", "relu"):
        two = model_of(f"{spec}@{variant}")
        image = _drawn(two)
        single.set_weights(composed(*two.get_weights()))
        given, difference = two(image), two(image) - single(image)
        differences.append((f"`{variant}`", f"{_largest(given):.0f}", _words(_largest(difference))))
    head = ("variant", "largest output", "largest difference from the one convolution")
    return "\n".join(markdown_table([head, *differences], left=3))


def composed(first: Any, first_bias: Any, second: Any, second_bias: Any) -> list[Any]:
    """Kernel and bias of the convolution that does what two without padding do one after the other."""
    height, width, channels, _ = first.shape
    kernel = np.zeros((height + second.shape[0] - 1, width + second.shape[1] - 1, channels, second.shape[3]))
    for row in range(second.shape[0]):
        for column in range(second.shape[1]):
            kernel[row : row + height, column : column + width] += np.tensordot(first, second[row, column], axes=1)
    bias = second_bias + np.einsum("m,ijmf->f", first_bias, second)
    return [kernel, bias]


def _drawn(model: Any) -> Any:
    """Random weights for a model, and a random image."""
    random = np.random.default_rng(0)
    model.set_weights([random.normal(size=weight.shape) for weight in model.get_weights()])
    return random.normal(size=(1, *model.input_shape[1:])).astype("float32")


def _largest(values: Any) -> float:
    return float(np.max(np.abs(values)))


def _words(difference: float) -> str:
    return "none but rounding" if difference < ROUNDING else f"{difference:.0f}"
