"""A shipped spec against the model of `keras.applications` that it describes: weights carried, every value compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import keras
import numpy as np

import archspec
from archspec.keras_backend.carry import Deviation, match
from tests.zoo.weights import randomise, without_softmax

APPLICATIONS = {name.lower(): name for name in dir(keras.applications) if name[0].isupper()}
"""Keras' functions by the name of their spec under `keras/`."""


@dataclass(frozen=True)
class Equality:
    """What a comparison found: for every value of Keras' model how far ours is from it, the last before the softmax.

    `layers` is how many got weights, of Keras' `weighted` ones; `params` are both models' counts.
    """

    deviations: tuple[Deviation, ...]
    layers: int
    weighted: int
    params: tuple[int, int]

    @property
    def compared(self) -> list[Deviation]:
        """The values that both models hold."""
        return [one for one in self.deviations if one.share is not None]

    @property
    def largest(self) -> float:
        """The largest difference, as a share of the largest value at its place."""
        return max(one.share for one in self.compared if one.share is not None)


def application(name: str, seed: int) -> Any:
    """Keras' model, all its weights and statistics random. Two of them have no size of their own."""
    form = APPLICATIONS[name]
    sized = {"input_shape": (224, 224, 3)} if form.startswith("MobileNetV3") else {}
    model = getattr(keras.applications, form)(weights=None, **sized)
    randomise(model, seed)
    return model


def compare(source: Any, ours: Any, seed: int = 0) -> Equality:
    """Carry the source's weights into ours, and compare what the two compute of one image of noise."""
    source, ours = without_softmax(source), without_softmax(ours)
    found = match(source, ours)
    layers = found.carry()
    image = np.random.default_rng(seed).normal(size=(1, *source.input_shape[1:])).astype("float32")
    weighted = {id(call.layer) for call in found.source.calls if call.weights}
    params = int(source.count_params()), int(ours.count_params())
    return Equality(found.deviations([image]), layers, len(weighted), params)


def compare_with_keras(name: str, seed: int = 0) -> Equality:
    """The spec `keras/NAME` against Keras' function."""
    return compare(application(name, seed), archspec.build_model(f"keras/{name}"), seed)
