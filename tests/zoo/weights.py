"""Carrying weights from a reference Keras model into ours, and comparing the two node by node."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import keras
import numpy as np

TOLERANCE = 1e-5
"""The largest difference allowed at a node, as a share of the node's largest value."""


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


def carry(reference: Any, ours: Any, layers: Mapping[str, str]) -> None:
    """Copy the weights of each reference layer to the layer of ours that `layers` names. Fails if one is left over."""
    filled = set()
    for layer in reference.layers:
        if not layer.weights:
            continue
        target = ours.get_layer(layers[layer.name])
        assert [w.name for w in target.weights] == [w.name for w in layer.weights]
        target.set_weights(layer.get_weights())
        filled.add(target.name)
    assert filled == {layer.name for layer in ours.layers if layer.weights}


def largest_differences(reference: Any, ours: Any, layers: Mapping[str, str], seed: int = 0) -> dict[str, float]:
    """For each reference layer the largest difference to our layer's output, as a share of its largest value."""
    images = np.random.default_rng(seed).normal(size=(1, *reference.input_shape[1:])).astype("float32")
    names = list(layers)
    expected = keras.Model(reference.input, [reference.get_layer(name).output for name in names])(images)
    found = keras.Model(ours.input, [ours.get_layer(layers[name]).output for name in names])(images)
    return {
        name: _difference(np.asarray(one), np.asarray(other))
        for name, one, other in zip(names, expected, found, strict=True)
    }


def _difference(expected: Any, found: Any) -> float:
    return float(np.max(np.abs(expected - found)) / np.max(np.abs(expected)))


def without_softmax(model: Any) -> Any:
    """The same model, same weights, giving the numbers before its last layer's softmax."""
    last = model.layers[-1]
    assert last.activation is keras.activations.softmax
    copy = keras.models.clone_model(model, clone_function=_plain_if(last.name))
    copy.set_weights(model.get_weights())
    return copy


def _plain_if(name: str) -> Any:
    def clone(layer: Any) -> Any:
        config = layer.get_config()
        if layer.name == name:
            config["activation"] = "linear"
        return type(layer).from_config(config)

    return clone
