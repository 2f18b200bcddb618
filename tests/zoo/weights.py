"""Random weights for a model that is compared with another, and its output before the softmax."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np


def randomise(model: Any, seed: int) -> None:
    """Give every weight a random value, statistics and biases too, so that activations neither vanish nor burst."""
    random = np.random.default_rng(seed)
    for weight in model.weights:
        shape = tuple(weight.shape)
        if weight.name == "kernel":
            value = random.normal(size=shape) * np.sqrt(2 / np.prod(shape[:-1]))
        elif weight.name in ("moving_variance", "variance", "gamma"):
            value = random.uniform(0.5, 1.5, size=shape)
        else:
            value = random.normal(size=shape) * 0.3
        weight.assign(value)
    for layer in model.layers:
        # A `Normalization` works with copies of its weights, which it makes when it loads them.
        stored: dict[str, Any] = {}
        layer.save_own_variables(stored)
        layer.load_own_variables(stored)


def without_softmax(model: Any) -> Any:
    """The same model with the numbers before its softmax for an output; its last layer is changed in place.

    After a softmax of random numbers one class has all, and everything would seem equal.
    """
    last = model.layers[-1]
    assert last.activation in (keras.activations.softmax, keras.activations.linear)
    last.activation = keras.activations.linear
    return model
