"""A training run from beginning to end: checks, preparation, epochs, test, records.

The model comes in built, inside the strategy's scope, and leaves with the weights that did best on validation data.
"""

from __future__ import annotations

import hashlib
import platform
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from archspec import __version__
from archspec.ops import Plugin
from archspec.training.checkpoint import weights_sha256
from archspec.training.config import Recipe
from archspec.training.data import Dataset, check, read
from archspec.training.epochs import Epochs, Origin
from archspec.training.errors import TrainingError
from archspec.training.feed import Feed, Order, make_feed, prepared_bytes
from archspec.training.images import Preparation, Sizes, plan_preparation
from archspec.training.initial import set_initial_weights
from archspec.training.loop import Loop, Score, named_outputs
from archspec.training.optimizer import make_optimizer
from archspec.training.progress import Progress
from archspec.training.run import JsonObject, RunDirectory, score_as_json


@dataclass(frozen=True, slots=True)
class Result:
    """What a run came to. All but the rate, the median over epochs, is of the weights of `best_epoch`."""

    test: Score
    validation: Score
    confusion: tuple[tuple[int, ...], ...]
    best_epoch: int
    images_per_second: float
    weights_sha256: str


def train(
    model: Any,
    recipe: Recipe,
    run_directory: Path,
    *,
    strategy: tf.distribute.Strategy,
    resolved_spec: str,
    command: Sequence[str],
    progress: Progress,
    plugins: Sequence[Plugin] = (),
) -> Result:
    """Trains a built model by a recipe and leaves the run in a directory.

    `strategy` is what `prepare` returned before the model was built in its scope; `plugins` are those of the spec, for
    the record. Raises `TrainingError`, whose kinds
    are `DataError` for the data and `RunDirectoryError` for the directory.
    """
    classes = _check_outputs(model, recipe)
    _check_devices(recipe, strategy)
    dataset = read(recipe.data.source, recipe.data.validation, recipe.seed)
    check(dataset, classes, recipe.batch)
    preparation = plan_preparation(recipe.data, dataset, _input_sizes(model))
    origin = Origin(recipe.seed, hashlib.sha256(resolved_spec.encode()).hexdigest(), _versions())
    directory = RunDirectory(run_directory, writes=_is_first_worker(strategy))
    directory.begin(_facts(recipe, dataset, strategy, command, origin, plugins), resolved_spec)

    if recipe.initial is not None:
        set_initial_weights(model, recipe.initial, recipe.seed)
    with strategy.scope():
        optimizer = make_optimizer(recipe.optimizer, recipe.precision)
    loop = Loop(model, recipe, optimizer, preparation, strategy)
    training, validation, test = _feeds(recipe, dataset, preparation, strategy)
    best, records = Epochs(loop, recipe, training, validation, directory, progress, origin).run()
    tested = loop.evaluate(test)
    result = Result(
        test=tested.score,
        validation=best.validation,
        confusion=tested.confusion,
        best_epoch=best.epoch,
        images_per_second=statistics.median(record.images_per_second for record in records),
        weights_sha256=weights_sha256(model),
    )
    directory.finish(str(model.name), best.epoch, _results(result))
    return result


def _feeds(
    recipe: Recipe, dataset: Dataset, preparation: Preparation, strategy: tf.distribute.Strategy
) -> tuple[Feed, Feed, Feed]:
    count = sum(len(split) for split in dataset.splits.values())
    resident = prepared_bytes(count, preparation) <= recipe.data.resident_mebibytes * 2**20

    def feed(name: str, seed: int | None) -> Feed:
        split = dataset.splits[name]
        order = Order(len(split), recipe.batch, seed)
        return make_feed(split, preparation, order, strategy, resident=resident)

    return feed("train", recipe.seed), feed("validation", None), feed("test", None)


def _check_outputs(model: Any, recipe: Recipe) -> int:
    """The width of the output that decides. Raises `TrainingError` unless every loss finds an output as wide."""
    outputs = named_outputs(model, model.output, recipe)
    classes = None
    for name in recipe.losses:
        if name not in outputs:
            raise TrainingError(f"`losses` must name outputs of the network, {', '.join(outputs)}; got `{name}`")
        shape = tuple(outputs[name].shape[1:])
        if len(shape) != 1 or shape[0] is None or classes not in (None, shape[0]):
            raise TrainingError(f"trained outputs must all be (classes), got {shape} for `{name}`")
        classes = shape[0]
    assert classes is not None
    return int(classes)


def _input_sizes(model: Any) -> Sizes:
    """The shape of the model's one input, batch excluded."""
    if len(model.inputs) != 1:
        raise TrainingError(f"training needs a network with one input, got {len(model.inputs)}")
    return tuple(model.inputs[0].shape[1:])


def _check_devices(recipe: Recipe, strategy: tf.distribute.Strategy) -> None:
    devices = strategy.num_replicas_in_sync
    if recipe.batch % devices:
        raise TrainingError(
            f"`batch` must divide among {devices} devices, got {recipe.batch}",
            f"set `batch` to {max(1, recipe.batch // devices) * devices}",
        )


def _is_first_worker(strategy: tf.distribute.Strategy) -> bool:
    resolver = strategy.cluster_resolver
    return resolver is None or not resolver.task_type or (resolver.task_type, resolver.task_id) in _FIRST


_FIRST = {("chief", 0), ("worker", 0)}
"""A cluster with a chief has it write; ours have none, and the first worker writes."""


def _facts(
    recipe: Recipe,
    dataset: Dataset,
    strategy: tf.distribute.Strategy,
    command: Sequence[str],
    origin: Origin,
    plugins: Sequence[Plugin],
) -> JsonObject:
    return {
        "started": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": list(command),
        "seed": origin.seed,
        "spec_sha256": origin.spec_sha256,
        "versions": origin.versions,
        "plugins": [{"word": one.word, "path": one.path, "sha256": one.sha256} for one in plugins],
        "devices": [device.name for device in tf.config.list_logical_devices()],
        "replicas": strategy.num_replicas_in_sync,
        "examples": {name: len(split) for name, split in dataset.splits.items()},
        "recipe": recipe.model_dump(mode="json", exclude_none=True),
    }


def _results(result: Result) -> JsonObject:
    return {
        "best_epoch": result.best_epoch,
        "best_validation": score_as_json(result.validation),
        "test": score_as_json(result.test),
        "confusion": [list(row) for row in result.confusion],
        "weights_sha256": result.weights_sha256,
    }


def _versions() -> dict[str, str]:
    """The versions that a run's result depends on."""
    return {
        "archspec": __version__,
        "python": platform.python_version(),
        "tensorflow": tf.__version__,
        "keras": keras.__version__,
        "numpy": np.__version__,
    }
