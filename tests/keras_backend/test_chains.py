"""Chains longer than Python's recursion limit: Keras follows them by recursion, and they are built and opened."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

import archspec
from archspec.keras_backend.build import build
from archspec.keras_backend.chains import room_for_chain
from archspec.keras_backend.proof import prove
from archspec.keras_backend.save import save_model
from archspec.lowering.lower import LoweredModel
from tests.compiled import lowered_from, net

BEYOND = 1100
"""Layers of a chain that Python's limit of 1,000 frames does not hold."""


def chain(length: int) -> LoweredModel:
    """A chain of that many layers, the first of which has weights."""
    return lowered_from(net(f"- dense: 2\n- {{repeat: {length - 1}, layers: [relu]}}", inputs="{given: [3]}"))


def standing_deep(frames: int, work: Callable[[], Any]) -> Any:
    """What `work` gives where so many frames of callers stand already."""
    return work() if frames == 0 else standing_deep(frames - 1, work)


@pytest.fixture(scope="module")
def deep() -> Any:
    lowered = chain(BEYOND)
    built = build(lowered)
    assert prove(lowered, built).differences == ()
    yield built.model
    keras.backend.clear_session()


def test_a_chain_beyond_pythons_limit_is_built_saved_and_opened(deep: Any, tmp_path: Path) -> None:
    assert sys.getrecursionlimit() < BEYOND
    save_model(deep, tmp_path / "deep.keras")
    with pytest.raises(RecursionError):
        keras.saving.load_model(tmp_path / "deep.keras")
    given = np.random.default_rng(0).normal(size=(2, 3))
    opened = archspec.load_model(tmp_path / "deep.keras")
    np.testing.assert_array_equal(opened(given), deep(given))


def test_python_keeps_its_limit() -> None:
    before = sys.getrecursionlimit()
    with pytest.raises(KeyError), room_for_chain(10 * before):
        assert sys.getrecursionlimit() > 10 * before
        raise KeyError
    assert sys.getrecursionlimit() == before


def test_a_higher_limit_is_left_alone() -> None:
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(50_000)
    try:
        with room_for_chain(10):
            assert sys.getrecursionlimit() == 50_000
    finally:
        sys.setrecursionlimit(before)


def test_callers_that_stand_deep_take_none_of_the_room() -> None:
    lowered = chain(400)
    assert len(standing_deep(700, lambda: build(lowered)).model.layers) == 401
