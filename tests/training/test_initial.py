"""Initial weights: bounds by fan-in, what is left alone, and what they follow from."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np

from archspec.training.config import Initial
from archspec.training.initial import set_initial_weights
from tests.training.conftest import lenet5

INITIAL = Initial(kernels="uniform_over_fan_in", scale=2.4)


def kernels(model: Any) -> dict[str, Any]:
    return {variable.path: variable.numpy() for variable in model.trainable_variables if "kernel" in variable.name}


def test_kernels_fill_their_bounds_and_the_rest_stays() -> None:
    model = lenet5()
    before = {variable.path: variable.numpy() for variable in model.variables}
    set_initial_weights(model, INITIAL, seed=3)
    after = kernels(model)
    for path, inputs in {"c1/kernel": 25, "c5/kernel": 400, "f6/kernel": 120}.items():
        bound = 2.4 / inputs
        assert 0.9 * bound < np.abs(after[path]).max() <= bound
        assert abs(after[path].mean()) < 0.2 * bound
    for variable in model.variables:
        if variable.path not in after:
            np.testing.assert_array_equal(variable.numpy(), before[variable.path])


def test_a_depthwise_unit_sees_one_channel() -> None:
    image = keras.Input((8, 8, 16))
    model = keras.Model(image, keras.layers.DepthwiseConv2D(3)(image))
    set_initial_weights(model, INITIAL, seed=0)
    (kernel,) = kernels(model).values()
    assert 0.9 * 2.4 / 9 < np.abs(kernel).max() <= 2.4 / 9


def test_a_unit_of_attention_sees_all_channels_and_its_output_all_heads() -> None:
    given = keras.Input((5, 100))
    model = keras.Model(given, keras.layers.MultiHeadAttention(8, 25)(given, given))
    set_initial_weights(model, INITIAL, seed=0)
    for path, kernel in kernels(model).items():
        inputs = 8 * 25 if "attention_output" in path else 100
        assert 0.9 * 2.4 / inputs < np.abs(kernel).max() <= 2.4 / inputs


def test_a_layer_may_declare_its_fan_in() -> None:
    class Declared(keras.layers.Dense):  # type: ignore[misc] # Keras ships no types
        fan_in = [1, 100]  # noqa: RUF012 - a layer's plain attribute

    features = keras.Input((50,))
    model = keras.Model(features, Declared(2)(features))
    set_initial_weights(model, INITIAL, seed=0)
    (kernel,) = kernels(model).values()
    assert np.abs(kernel[:, 0]).max() > 1
    assert np.abs(kernel[:, 1]).max() <= 0.024


def test_weights_follow_from_the_seed_and_the_place() -> None:
    drawn = []
    for seed in (1, 1, 2):
        model = lenet5()
        set_initial_weights(model, INITIAL, seed)
        drawn.append(kernels(model))
    for path in drawn[0]:
        np.testing.assert_array_equal(drawn[0][path], drawn[1][path])
        assert not np.array_equal(drawn[0][path], drawn[2][path])
