"""Whole runs of small networks: what is measured, what is recorded, what is refused."""

from __future__ import annotations

import csv
import io
import json
import zlib
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from archspec.training.checkpoint import restore, weights_sha256
from archspec.training.config import Data, Recipe
from archspec.training.data import read
from archspec.training.environment import prepare
from archspec.training.errors import DataError, RunDirectoryError, TrainingError
from archspec.training.feed import prepare_all
from archspec.training.images import plan_preparation
from archspec.training.optimizer import make_optimizer
from archspec.training.progress import Progress, ProgressLine, Silent
from archspec.training.train import Result, train
from tests.training.conftest import lenet5, recipe, small_network, small_recipe


def run(model: Any, recipe: Recipe, directory: Path, progress: Progress | None = None) -> Result:
    return train(
        model,
        recipe,
        directory,
        strategy=tf.distribute.get_strategy(),
        resolved_spec="archspec: 1\n",
        command=["archspec", "train"],
        progress=progress or Silent(),
    )


def prepared_test_split(recipe: Recipe) -> tuple[Any, Any]:
    dataset = read("digits", 0.1, 0)
    preparation = plan_preparation(recipe.data, dataset, (8, 8, 1))
    return prepare_all(dataset.test, preparation), dataset.test.labels


@pytest.mark.parametrize("resident", [True, False])
def test_the_test_score_is_that_of_keras_predict_over_every_example(tmp_path: Path, resident: bool) -> None:
    recipe = small_recipe(batch=50, data={"range": (0.0, 1.0), "resident_mebibytes": 1024 if resident else 0})
    model = small_network()
    result = run(model, recipe, tmp_path)
    images, labels = prepared_test_split(recipe)
    probabilities = model.predict(images, verbose=0)
    decided = probabilities.argmax(axis=1)
    assert result.test.count == len(labels) == 359  # 7 batches of 50 and one of 9
    assert result.test.accuracy == pytest.approx((decided == labels).mean(), abs=1e-12)
    assert result.test.loss == pytest.approx(-np.log(probabilities[range(359), labels]).mean(), rel=1e-5)
    table = np.zeros((10, 10), int)
    np.add.at(table, (labels, decided), 1)
    assert result.confusion == tuple(map(tuple, table.tolist()))


def test_the_rule_decides(tmp_path: Path) -> None:
    largest = run(small_network(), small_recipe(epochs=1), tmp_path / "largest")
    model = small_network()
    smallest = run(model, small_recipe(epochs=1, decision="smallest"), tmp_path / "smallest")
    images, labels = prepared_test_split(small_recipe())
    assert smallest.test.accuracy == pytest.approx((model.predict(images, verbose=0).argmin(axis=1) == labels).mean())
    assert smallest.test.accuracy < 0.1 < largest.test.accuracy


def test_the_run_directory_tells_the_run(tmp_path: Path) -> None:
    stream, recipe, model = io.StringIO(), small_recipe(epochs=3, seed=5), small_network()
    progress = ProgressLine(stream, interactive=False)
    result = run(model, recipe, tmp_path / "a" / "run", progress=progress)
    directory = tmp_path / "a" / "run"
    held = {str(path.relative_to(directory)) for path in directory.rglob("*") if path.is_file()}
    assert held == {
        *("run.json", "spec.yaml", "metrics.jsonl", "metrics.csv", "metrics.json", "curves.svg"),
        *("checkpoints/best.npz", "checkpoints/last.npz"),
    }
    assert (directory / "spec.yaml").read_text() == "archspec: 1\n"
    facts = json.loads((directory / "run.json").read_text())
    assert Recipe.model_validate(facts["recipe"], strict=False) == recipe
    assert (facts["seed"], facts["command"]) == (5, ["archspec", "train"])
    assert {"python", "tensorflow", "keras", "numpy"} <= set(facts["versions"])

    lines = [json.loads(line) for line in (directory / "metrics.jsonl").read_text().splitlines()]
    assert [line["epoch"] for line in lines] == [1, 2, 3]
    assert [line["step"] for line in lines] == [19, 38, 57]  # 1,259 examples hold 19 batches of 64
    assert set(lines[0]) == {"epoch", "step", "train", "validation", "images_per_second"}
    rows = list(csv.DictReader((directory / "metrics.csv").open()))
    assert [float(row["validation_loss"]) for row in rows] == [line["validation"]["loss"] for line in lines]
    metrics = json.loads((directory / "metrics.json").read_text())
    assert {name: metrics[name] for name in lines[-1]} == lines[-1]
    assert metrics["test"] == {"loss": result.test.loss, "accuracy": result.test.accuracy}
    assert metrics["weights_sha256"] == result.weights_sha256 == weights_sha256(model)
    assert len(stream.getvalue().splitlines()) == 3


def test_the_best_epoch_on_validation_is_what_remains(tmp_path: Path) -> None:
    recipe, model = small_recipe(epochs=4), small_network()
    result = run(model, recipe, tmp_path)
    lines = [json.loads(line) for line in (tmp_path / "metrics.jsonl").read_text().splitlines()]
    best = max(lines, key=lambda line: (line["validation"]["accuracy"], -line["validation"]["loss"]))
    assert result.best_epoch == best["epoch"]
    other = small_network()
    optimizer = make_optimizer(recipe.optimizer, recipe.precision)
    optimizer.build(other.trainable_variables)
    state = restore(tmp_path / "checkpoints" / "best.npz", other, optimizer)
    assert (state.epoch, state.step) == (best["epoch"], best["step"])
    assert weights_sha256(other) == result.weights_sha256
    assert restore(tmp_path / "checkpoints" / "last.npz", other, optimizer).epoch == 4


def test_streamed_training_equals_resident_training(tmp_path: Path) -> None:
    results = []
    for name, mebibytes in (("resident", 1024), ("streamed", 0)):
        recipe = small_recipe(data={"range": (0.0, 1.0), "resident_mebibytes": mebibytes}, augment={"shift": 1.0})
        keras.utils.set_random_seed(0)
        results.append(run(small_network(), recipe, tmp_path / name))
    assert results[0].validation.loss == pytest.approx(results[1].validation.loss, rel=1e-4)


def test_lenet5_learns_on_distances(tmp_path: Path) -> None:
    keras.utils.set_random_seed(1)
    result = run(lenet5(), recipe(epochs=12, schedule="constant"), tmp_path)
    assert result.test.accuracy > 0.9


@pytest.mark.parametrize("changes", [{"precision": "bfloat16"}, {"precision": "float16"}, {"jit": True}])
def test_precisions_and_xla_train(tmp_path: Path, changes: dict[str, Any]) -> None:
    recipe = small_recipe(epochs=3, **changes)
    prepare(0, recipe.precision, deterministic=False)
    try:
        result = run(small_network(), recipe, tmp_path)
    finally:
        keras.mixed_precision.set_global_policy("float32")
    assert result.test.accuracy > 0.6


def test_several_outputs_are_trained_by_name_and_weight(tmp_path: Path) -> None:
    image = keras.Input((8, 8, 1))
    flat = keras.layers.Flatten()(image)
    main = keras.layers.Dense(10, name="main_logits")(flat)
    side = keras.layers.Dense(10, activation="softmax", name="side_probabilities")(flat)
    model = keras.Model(image, {"main": main, "side": side})
    losses = {"main": "cross_entropy_of_logits", "side": {"loss": "cross_entropy_of_probabilities", "weight": 0.3}}
    result = run(model, small_recipe(losses=losses), tmp_path)
    images, labels = prepared_test_split(small_recipe())
    outputs = model.predict(images, verbose=0)
    logits = outputs["main"] - np.log(np.exp(outputs["main"]).sum(axis=1, keepdims=True))
    expected = -(logits + 0.3 * np.log(outputs["side"]))[range(359), labels].mean()
    assert result.test.loss == pytest.approx(expected, rel=1e-5)


def test_a_directory_with_a_run_is_refused_untouched(tmp_path: Path) -> None:
    run(small_network(), small_recipe(epochs=1), tmp_path)
    before = {path: zlib.crc32(path.read_bytes()) for path in tmp_path.rglob("*") if path.is_file()}
    with pytest.raises(RunDirectoryError, match="already holds one"):
        run(small_network(), small_recipe(epochs=1), tmp_path)
    assert {path: zlib.crc32(path.read_bytes()) for path in tmp_path.rglob("*") if path.is_file()} == before
    (tmp_path / "file").write_text("")
    with pytest.raises(RunDirectoryError, match="cannot write"):
        run(small_network(), small_recipe(epochs=1), tmp_path / "file")


def test_what_cannot_be_trained_is_refused_before_anything_is_written(tmp_path: Path, npz: Path) -> None:
    with pytest.raises(TrainingError, match="must name outputs"):
        run(keras.Model(i := keras.Input((8, 8, 1)), {"a": keras.layers.Flatten()(i)}), small_recipe(), tmp_path / "x")
    with pytest.raises(TrainingError, match=r"must all be \(classes\)"):
        run(keras.Model(i := keras.Input((8, 8, 1)), keras.layers.ReLU()(i)), small_recipe(), tmp_path / "x")
    with pytest.raises(DataError, match="fill a batch"):
        run(small_network(), small_recipe(data=Data(source=str(npz))), tmp_path / "x")
    assert not (tmp_path / "x").exists()


def test_a_loss_that_is_not_finite_ends_the_run(tmp_path: Path) -> None:
    image = keras.Input((8, 8, 1))
    model = keras.Model(image, keras.layers.Dense(10)(keras.layers.Flatten()(image)))
    recipe = small_recipe(losses={"output": "mean_squared_error"}, optimizer={"name": "sgd", "learning_rate": 1e4})
    with pytest.raises(TrainingError, match=r"must stay finite, got .* in epoch \d+ by step \d+") as caught:
        run(model, recipe, tmp_path)
    assert "learning_rate" in (caught.value.cure or "")
    assert not (tmp_path / "metrics.json").exists()


def test_an_output_without_a_loss_is_left_alone(tmp_path: Path) -> None:
    image = keras.Input((8, 8, 1))
    flat = keras.layers.Flatten()(image)
    heads = {name: keras.layers.Dense(10, name=f"{name}_head")(flat) for name in ("trained", "other")}
    model = keras.Model(image, heads)
    before = {variable.path: variable.numpy() for variable in model.variables}
    run(model, small_recipe(losses={"trained": "cross_entropy_of_logits"}, epochs=1), tmp_path)
    moved = [
        variable.path for variable in model.variables if not np.array_equal(variable.numpy(), before[variable.path])
    ]
    assert moved == ["trained_head/kernel", "trained_head/bias"]
