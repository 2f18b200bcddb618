"""Carrying weights: values agree after it, forms that compute the same are excused, what differs is shown."""

from __future__ import annotations

import math
from typing import Any

import keras
import numpy as np
import pytest

from archspec.keras_backend.carry import TOLERANCE, match
from archspec.keras_backend.correspondence import NoCorrespondenceError

layers = keras.layers
IMAGE = np.random.default_rng(0).normal(size=(1, 8, 8, 3)).astype("float32")


def chain(*made: Any) -> keras.Model:
    return keras.Sequential([keras.Input((8, 8, 3)), *made])


def shares(source: keras.Model, target: keras.Model) -> dict[str, float | None]:
    found = match(source, target)
    found.carry()
    return {one.layer: one.share for one in found.deviations([IMAGE])}


def test_values_agree_after_weights_are_carried() -> None:
    def made(prefix: str) -> keras.Model:
        return chain(layers.Conv2D(4, 3, name=f"{prefix}conv"), layers.BatchNormalization(name=f"{prefix}norm"))

    source, target = made("a"), made("b")
    assert not np.allclose(source(IMAGE), target(IMAGE))
    assert shares(source, target) == {"aconv": 0, "anorm": 0}
    np.testing.assert_array_equal(source(IMAGE), target(IMAGE))


def test_the_weights_of_layers_inside_a_layer_are_carried() -> None:
    def made() -> keras.Model:
        given = keras.Input((8, 8, 3))
        steps = layers.Reshape((64, 3), name="steps")(given)
        mixed = layers.MultiHeadAttention(2, 4, bias_initializer="normal", name="mixed")(steps, steps)
        last = layers.Bidirectional(layers.LSTM(5, name="lstm"), name="last")(mixed)
        return keras.Model(given, last)

    source, target = made(), made()
    assert not np.allclose(source(IMAGE), target(IMAGE))
    assert shares(source, target) == {"steps": 0, "mixed": 0, "last": 0}


def test_a_form_that_computes_the_same_in_one_layer_is_excused() -> None:
    apart = chain(layers.Conv2D(4, 3, name="conv"), layers.ReLU(name="relu"), layers.Flatten(name="flat"))
    fused = chain(layers.Conv2D(4, 3, activation="relu"), layers.Flatten())
    assert shares(apart, fused) == {"conv": None, "relu": 0, "flat": 0}
    assert shares(fused, apart) == dict.fromkeys([layer.name for layer in fused.layers], 0)


def test_a_padding_of_its_own_is_excused() -> None:
    apart = chain(layers.ZeroPadding2D(1, name="pad"), layers.Conv2D(4, 3, name="conv"))
    assert shares(apart, chain(layers.Conv2D(4, 3, padding="same"))) == {"pad": None, "conv": 0}


def test_another_function_is_shown_where_it_stands_and_after() -> None:
    def made(function: str) -> keras.Model:
        return chain(
            layers.Conv2D(4, 3, name=f"{function}1"),
            layers.Activation(function, name=function),
            layers.Conv2D(4, 3, name=f"{function}2"),
        )

    found = shares(made("relu"), made("tanh"))
    assert found["relu1"] == 0
    for name in ("relu", "relu2"):
        share = found[name]
        assert share is not None and share > 1000 * TOLERANCE


def test_what_is_no_number_is_never_equal() -> None:
    source, target = chain(layers.Conv2D(4, 3, name="conv")), chain(layers.Conv2D(4, 3))
    source.layers[0].kernel.assign(np.full((3, 3, 3, 4), math.nan))
    assert shares(source, target) == {"conv": math.inf}


def test_a_normalization_goes_on_with_what_is_carried() -> None:
    source, target = chain(layers.Normalization(name="n")), chain(layers.Normalization())
    source.layers[0].adapt(np.random.default_rng(1).normal(3, 2, size=(64, 8, 8, 3)))
    assert shares(source, target) == {"n": 0}
    np.testing.assert_array_equal(source(IMAGE), target(IMAGE))


def test_a_shared_layer_does_not_take_the_weights_of_two() -> None:
    def made(shared: bool) -> keras.Model:
        left, right = keras.Input((4,)), keras.Input((4,))
        one = layers.Dense(3, name="one")
        other = one if shared else layers.Dense(3, name="other")
        return keras.Model([left, right], layers.Subtract()([one(left), other(right)]))

    with pytest.raises(NoCorrespondenceError, match="`one` is shared, and `other` is not"):
        match(made(False), made(True)).carry()
    assert match(made(True), made(False)).carry() == 2
