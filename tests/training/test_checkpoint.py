"""Checkpoints: all that a run's future depends on comes back bit for bit, and nothing damaged does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from archspec.training.checkpoint import State, named_variables, restore, save, weights_sha256
from archspec.training.errors import CheckpointError
from tests.training.conftest import small_network

STATE = State(3, 57, 0.98, 0.1, 1, "0" * 64, {"keras": keras.__version__})
IMAGES = np.random.default_rng(0).random((8, 8, 8, 1), np.float32)


def made() -> tuple[Any, Any]:
    model, optimizer = small_network(), keras.optimizers.Adam(0.1)
    optimizer.build(model.trainable_variables)
    return model, optimizer


def step(model: Any, optimizer: Any) -> None:
    """One training step, which also moves batch statistics and the dropout's seed."""
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(model(IMAGES, training=True)[:, 0])
    optimizer.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)


def test_a_restored_run_goes_on_as_the_saved_one(tmp_path: Path) -> None:
    model, optimizer = made()
    step(model, optimizer)
    save(tmp_path / "last.npz", model, optimizer, STATE)
    other, other_optimizer = made()
    assert restore(tmp_path / "last.npz", other, other_optimizer) == STATE
    assert weights_sha256(other) == weights_sha256(model)
    for _ in range(3):
        step(model, optimizer)
        step(other, other_optimizer)
    assert weights_sha256(other) == weights_sha256(model)


def test_every_variable_is_held_the_seed_generators_too() -> None:
    model, _ = made()
    named = named_variables(model)
    assert len(named) == len(model.variables) > len(model.weights)
    assert "seed_generator/1" in named
    assert list(named) == sorted(named)


def test_the_hash_sees_each_variable() -> None:
    model, _ = made()
    hashes = {weights_sha256(model)}
    for variable in model.variables:
        variable.assign(variable + 1)
        hashes.add(weights_sha256(model))
    assert len(hashes) == 1 + len(model.variables)


@pytest.mark.parametrize("of", ["conv/kernel", "output/bias", "seed_generator/1"])
def test_a_flipped_bit_is_found_and_nothing_is_set(tmp_path: Path, of: str) -> None:
    model, optimizer = made()
    path = tmp_path / "last.npz"
    save(path, model, optimizer, STATE)
    content = bytearray(path.read_bytes())
    content[content.index(named_variables(model)[of].numpy().tobytes())] ^= 1
    path.write_bytes(bytes(content))
    step(model, optimizer)
    before = weights_sha256(model)
    with pytest.raises(CheckpointError, match=r"damaged|cannot be read"):
        restore(path, model, optimizer)
    assert weights_sha256(model) == before


def test_a_changed_array_with_good_zip_sums_is_found(tmp_path: Path) -> None:
    model, optimizer = made()
    path = tmp_path / "last.npz"
    save(path, model, optimizer, STATE)
    with np.load(path) as archive:
        arrays = {name: archive[name] for name in archive.files}
    arrays["model/conv/kernel"] = arrays["model/conv/kernel"] + 1
    np.savez(path, allow_pickle=False, **arrays)
    with pytest.raises(CheckpointError, match="another check sum"):
        restore(path, model, optimizer)


def test_cut_absent_and_foreign_files_are_refused(tmp_path: Path) -> None:
    model, optimizer = made()
    path = tmp_path / "last.npz"
    with pytest.raises(CheckpointError, match="cannot be read"):
        restore(path, model, optimizer)
    save(path, model, optimizer, STATE)
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(CheckpointError, match="cannot be read"):
        restore(path, model, optimizer)
    other, sgd = small_network(), keras.optimizers.SGD(0.1)
    sgd.build(other.trainable_variables)
    save(path, other, sgd, STATE)
    with pytest.raises(CheckpointError, match="another model or optimizer"):
        restore(path, model, optimizer)


def test_an_array_larger_than_the_models_is_refused_unread(tmp_path: Path) -> None:
    model, optimizer = made()
    path = tmp_path / "last.npz"
    np.savez(path, allow_pickle=False, **{"model/conv/kernel": np.zeros(1_000_000)})
    with pytest.raises(CheckpointError, match="larger than this model's"):
        restore(path, model, optimizer)
