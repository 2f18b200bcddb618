"""Which positions of an input a value really depends on, measured on the built model by its gradient.

An independent measure: nothing here knows of windows. A gradient is nothing but zero where a value does not depend on
a position; where it does it may be zero by chance (a maximum elsewhere), so many random inputs are put together.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import tensorflow as tf


def support(model: Any, inputs: dict[str, Any], output: int, position: tuple[int, ...]) -> dict[str, Any]:
    """For each input whether output number `output` at `position` depends on each of its positions.

    `inputs` are batches of random arrays. The channels of the position are weighed at random, so that no two cancel.
    """
    rng = np.random.default_rng(1)
    tensors = {name: tf.constant(values) for name, values in inputs.items()}
    with tf.GradientTape() as tape:
        tape.watch(tensors)
        results = model(tensors if len(tensors) > 1 else next(iter(tensors.values())), training=False)
        value = (results if isinstance(results, list) else [results])[output]
        here = value[(slice(None), *position)]
        total = tf.reduce_sum(here * tf.constant(rng.uniform(0.5, 1.5, here.shape).astype("float32")))
    gradients = tape.gradient(total, tensors)
    return {
        name: np.zeros(inputs[name].shape[1:-1], bool)
        if gradient is None
        else np.any(np.asarray(gradient) != 0, axis=(0, -1))
        for name, gradient in gradients.items()
    }


def hull(seen: Any) -> tuple[tuple[int, int], ...] | None:
    """The first and the last position along each axis that is seen, or `None` where none is."""
    places = np.argwhere(seen)
    return tuple(zip(places.min(axis=0).tolist(), places.max(axis=0).tolist(), strict=True)) if len(places) else None
