"""LeNet-5 written by hand with archspec's own layers, its recipe, and small data: training's tests need no compiler."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import pytest

from archspec.ops.families.activation import scaled_tanh_layer
from archspec.ops.partial_conv import partial_conv_layer
from archspec.ops.rbf import drawn_codes, rbf_layer
from archspec.ops.trainable_pool import trainable_pool_layer
from archspec.training.config import Recipe

# Table I of LeCun et al., 1998: the maps of S2 that each map of C3 sees.
TABLE = (
    *((0, 1, 2), (1, 2, 3), (2, 3, 4), (3, 4, 5), (0, 4, 5), (0, 1, 5)),
    *((0, 1, 2, 3), (1, 2, 3, 4), (2, 3, 4, 5), (0, 3, 4, 5), (0, 1, 4, 5), (0, 1, 2, 5)),
    *((0, 1, 3, 4), (1, 2, 4, 5), (0, 2, 3, 5), (0, 1, 2, 3, 4, 5)),
)

RECIPE: dict[str, Any] = {
    "data": {"size": (28,), "range": (-0.1, 1.175)},
    "augment": {"shift": 2.0, "rotate": 10.0, "scale": 0.12, "shear": 10.0},
    "losses": {"output": {"loss": "posterior_of_distances", "constant": 1.0}},
    "decision": "smallest",
    "optimizer": {"name": "adam", "learning_rate": 0.003},
    "schedule": {"name": "cosine", "warm_up": 2.0},
    "initial": {"kernels": "uniform_over_fan_in", "scale": 2.4},
    "epochs": 100,
    "seed": 1998,
}


def lenet5() -> Any:
    """The network of specs/lenet5.yaml."""
    squash = scaled_tanh_layer()
    image = keras.Input((32, 32, 1), name="image")
    x = squash()(keras.layers.Conv2D(6, 5, name="c1")(image))
    x = squash()(trainable_pool_layer()((2, 2), name="s2")(x))
    x = squash()(partial_conv_layer()(TABLE, (5, 5), (1, 1), "valid", True, name="c3")(x))
    x = squash()(trainable_pool_layer()((2, 2), name="s4")(x))
    x = squash()(keras.layers.Conv2D(120, 5, name="c5")(x))
    x = squash()(keras.layers.Dense(84, name="f6")(keras.layers.Flatten()(x)))
    return keras.Model(image, rbf_layer()(drawn_codes("digits_7x12"), name="output")(x), name="lenet5")


def recipe(**changes: Any) -> Recipe:
    """LeNet-5's recipe with other fields."""
    return Recipe.model_validate({**RECIPE, **changes})


def small_network() -> Any:
    """A network with what LeNet-5 lacks: batch statistics, a seed generator, a softmax."""
    layers = keras.layers
    image = keras.Input((8, 8, 1), name="image")
    x = layers.BatchNormalization(name="norm")(layers.Conv2D(4, 3, strides=2, name="conv")(image))
    x = layers.Dropout(0.3, name="dropout")(layers.Flatten(name="flatten")(layers.ReLU(name="relu")(x)))
    return keras.Model(image, layers.Dense(10, activation="softmax", name="output")(x), name="small")


def small_recipe(**changes: Any) -> Recipe:
    """A recipe for the small network."""
    fields: dict[str, Any] = {
        "data": {"range": (0.0, 1.0)},
        "losses": {"output": "cross_entropy_of_probabilities"},
        "optimizer": {"name": "sgd", "learning_rate": 0.05, "momentum": 0.9},
        "epochs": 2,
    }
    return Recipe.model_validate({**fields, **changes})


@pytest.fixture
def npz(tmp_path: Path) -> Path:
    """A data file of 40 training and 10 test images, 6x6, of three classes."""
    random = np.random.default_rng(0)
    path = tmp_path / "shapes.npz"
    np.savez(
        path,
        x_train=random.random((40, 6, 6), np.float32),
        y_train=np.arange(40) % 3,
        x_test=random.random((10, 6, 6), np.float32),
        y_test=np.arange(10) % 3,
    )
    return path
