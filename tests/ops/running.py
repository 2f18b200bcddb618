"""Runs one op on arrays, as its lowering says, and declares values for the tests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from archspec.ir.op import Op
from archspec.ir.shape import Shape
from archspec.keras_backend.build import apply, variables_named

# The course's image of 6 by 6 numbers for max pooling with a window of 2 and a stride of 2.
COURSE = np.array(
    [
        [0, 5, 4, 3, 0, 0],
        [8, 2, 0, 0, 6, 9],
        [9, 0, 0, 6, 4, 0],
        [8, 6, 0, 8, 9, 6],
        [4, 0, 6, 9, 0, 2],
        [0, 7, 6, 4, 10, 7],
    ],
    dtype="float32",
)


def shape_of(values: Any) -> Shape:
    """The shape of an array without its batch axis."""
    return Shape(tuple(int(size) for size in values.shape[1:]))


def run(op: Op, *inputs: Any, weights: Mapping[str, Any] | None = None) -> Any:
    """The op's only output for arrays, with its weights set to those given."""
    import keras

    lowering = op.to_keras(tuple(map(shape_of, inputs)))
    given = [keras.Input(values.shape[1:]) for values in inputs]
    (output,), layers = apply(lowering, given, "op")
    for name, place in lowering.variables.items() if weights else ():
        assert weights is not None
        (variable,) = variables_named(place.name, layers[place.layer].weights)
        variable.assign(weights[name])
    return keras.ops.convert_to_numpy(keras.Model(given, output)(list(inputs)))


def run_open(op: Op, values: Any, open_axes: tuple[int, ...] | None = None) -> Any:
    """The output of a weightless op that was lowered for open spatial sizes, for one array."""
    import keras

    dims = list(shape_of(values).static_dims)
    for axis in range(len(dims) - 1) if open_axes is None else open_axes:
        dims[axis] = None
    given = keras.Input(tuple(dims))
    (output,), _ = apply(op.to_keras((Shape(tuple(dims)),)), [given], "op")
    return keras.Model(given, output).predict(values, verbose=0)


def image(*shape: int, seed: int = 0) -> Any:
    """Random numbers of both signs, a batch of 2."""
    return np.random.default_rng(seed).normal(size=(2, *shape)).astype("float32")


def course() -> Any:
    """The course's image as a batch of one with one channel."""
    return COURSE[None, :, :, None]
