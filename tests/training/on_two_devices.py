"""Trains on one device and on two, and prints what came out as JSON. Run by test_devices in its own process.

Devices and determinism are settled once in a process, so this cannot share one with other tests.
"""

from __future__ import annotations

import json
import sys
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf

from archspec.training.checkpoint import named_variables
from archspec.training.config import Recipe
from archspec.training.environment import prepare
from archspec.training.progress import Silent
from archspec.training.train import train
from tests.training.conftest import lenet5, recipe, small_network, small_recipe

Values = dict[str, Any]


def main(folder: Path) -> None:
    tf.config.set_logical_device_configuration(
        tf.config.list_physical_devices("CPU")[0], [tf.config.LogicalDeviceConfiguration()] * 2
    )
    lenet = recipe(epochs=1, seed=7, schedule="constant")
    streamed = recipe(
        epochs=1, seed=7, schedule="constant", data={"size": (28,), "range": (-0.1, 1.175), "resident_mebibytes": 0}
    )
    one, _ = run(lenet5, lenet, folder / "one")
    two, _ = run(lenet5, lenet, folder / "two", devices=2)
    two_streamed, _ = run(lenet5, streamed, folder / "two_streamed", devices=2)
    _, small_hash = run(small_network, small_recipe(), folder / "small")
    _, small_hash_again = run(small_network, small_recipe(), folder / "small_again")
    run(small_network, small_recipe(precision="float16", epochs=3), folder / "half", devices=2)
    metrics = [json.loads((folder / name / "metrics.json").read_text()) for name in ("one", "two", "half")]
    print(
        json.dumps(
            {
                "equal": small_hash == small_hash_again,
                "weights": [difference(one, two), difference(two, two_streamed)],
                "losses": [entry["test"]["loss"] for entry in metrics],
                "moved": difference(one, named(lenet5())),
            }
        )
    )


def run(network: Any, recipe: Recipe, folder: Path, devices: int = 1) -> tuple[Values, str]:
    strategy = prepare(recipe.seed, recipe.precision, deterministic=True)
    if devices == 2:
        strategy = two_devices()
    with strategy.scope():
        model = network()
    arguments: dict[str, Any] = {"resolved_spec": "", "command": [], "progress": Silent()}
    result = train(model, recipe, folder, strategy=strategy, **arguments)
    return named(model), result.weights_sha256


@cache
def two_devices() -> tf.distribute.Strategy:
    """One for the process: a second one's collective operations would be taken for the first one's."""
    return tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])


def named(model: Any) -> Values:
    return {name: variable.numpy() for name, variable in named_variables(model).items()}


def difference(one: Values, other: Values) -> float:
    return max(float(np.abs(one[name] - other[name]).max()) for name in one)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
