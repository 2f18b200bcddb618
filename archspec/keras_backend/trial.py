"""A built model tried on numbers: it computes and trains, and saved or printed as source it stays the same network."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from archspec.ir.shape import Shape
from archspec.keras_backend.real_shapes import are_alike

FOR_OPEN_SIZES = 16
"""The size that an input gets along an axis that the spec leaves open."""


def failed_trials(model: Any, source: str) -> Iterator[str]:
    """What is wrong with a built model, given the source that was emitted for it; nothing for a sound one."""
    given = [_numbers(tuple(one.shape[1:])) for one in model.inputs]
    expected = _outputs(model, given)
    for said, values in zip(model.outputs, expected, strict=True):
        promised, real = Shape(tuple(said.shape[1:])), Shape(values.shape[1:])
        if not are_alike(promised, real):
            yield f"the output `{said.name}` has the shape {real}, and {promised} is predicted"
    if not all(np.isfinite(values).all() for values in expected):
        yield "the model gives values that are no numbers, for inputs between -1 and 1"
    yield from _without_gradient(model, given)
    for made, how in ((_saved_and_opened, "saved and opened again"), (_printed_and_run, "emitted and run")):
        try:
            again = made(model, source)
            found = _outputs(again, given)
        except Exception as error:  # whatever a stranger's layer may raise
            yield f"the model cannot be {how}: {type(error).__name__}: {error}"
            continue
        if not all(np.array_equal(one, other) for one, other in zip(expected, found, strict=True)):
            yield f"the model gives other values when {how}"


def _numbers(sizes: tuple[int | None, ...]) -> Any:
    shape = (2, *(size or FOR_OPEN_SIZES for size in sizes))
    return np.random.default_rng(0).uniform(-1, 1, size=shape).astype("float32")


def _outputs(model: Any, given: list[Any]) -> list[Any]:
    outputs = model(dict(zip(model.input_names, given, strict=True)) if len(given) > 1 else given[0])
    return [np.asarray(values) for values in tf.nest.flatten(outputs)]


def _without_gradient(model: Any, given: list[Any]) -> Iterator[str]:
    weights = model.trainable_weights
    with tf.GradientTape() as tape:
        outputs = model(dict(zip(model.input_names, given, strict=True)) if len(given) > 1 else given[0])
        total = tf.add_n([tf.reduce_sum(values * values) for values in tf.nest.flatten(outputs)])
    for weight, gradient in zip(weights, tape.gradient(total, [weight.value for weight in weights]), strict=True):
        if gradient is None or not np.isfinite(tf.convert_to_tensor(gradient).numpy()).all():
            yield f"training cannot reach the weight `{weight.path}`: it has no gradient, or one that is no number"


def _saved_and_opened(model: Any, source: str) -> Any:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.keras"
        model.save(path)
        return keras.saving.load_model(path)


def _printed_and_run(model: Any, source: str) -> Any:
    """The model that the emitted source makes, with the weights of the built one, Keras' registry left as it was."""
    registered = keras.saving.get_custom_objects()
    before = dict(registered)
    space: dict[str, Any] = {"__name__": "emitted"}
    try:
        exec(compile(source, "<emitted>", "exec"), space)
        again = space["build_model"]()
    finally:
        registered.clear()
        registered.update(before)
    again.set_weights(model.get_weights())
    return again
