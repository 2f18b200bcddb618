"""Tracing: models inside a model are laid open, a shared layer is called at each use, values are the model's."""

from __future__ import annotations

import keras
import numpy as np

from archspec.keras_backend.trace import trace


def nested() -> keras.Model:
    """A sequential model and a functional one, which holds another, inside a third."""
    given = keras.Input((8, 8, 3))
    inner = keras.Sequential([keras.layers.Conv2D(4, 3, name="a"), keras.layers.ReLU(name="b")])
    feature = keras.Input((6, 6, 4))
    outer = keras.Model(feature, keras.layers.Add(name="d")([feature, keras.layers.Dense(4, name="c")(feature)]))
    return keras.Model(given, keras.layers.Flatten(name="e")(outer(inner(given))))


def test_models_inside_are_laid_open() -> None:
    assert [call.layer.name for call in trace(nested()).calls] == ["a", "b", "c", "d", "e"]


def test_values_are_the_models() -> None:
    model = nested()
    image = np.random.default_rng(0).normal(size=(2, 8, 8, 3)).astype("float32")
    found = trace(model)
    values = found.values([image])
    np.testing.assert_allclose(values[found.outputs[0]], model(image), rtol=1e-6)
    assert [value.shape for value in values] == [(2, 8, 8, 3), *[(2, 6, 6, 4)] * 4, (2, 144)]


def test_a_shared_layer_is_called_as_often_as_it_is_used() -> None:
    left, right = keras.Input((4,)), keras.Input((4,))
    tower = keras.layers.Dense(3, name="tower")
    found = trace(keras.Model([left, right], keras.layers.Subtract()([tower(left), tower(right)])))
    assert [call.inputs for call in found.calls] == [(0,), (1,), (2, 3)]
    assert found.calls[0].layer is found.calls[1].layer


def test_operations_that_are_no_layers_are_calls_too() -> None:
    given = keras.Input((4,))
    found = trace(keras.Model(given, keras.ops.relu(given + 1.0)))
    assert [len(call.weights) for call in found.calls] == [0, 0]
    assert [type(call.layer).__name__ for call in found.calls] == ["Add", "Relu"]
