"""Learning rates against Keras' own schedules, and by hand."""

from __future__ import annotations

from typing import Any

import keras
import pytest

from archspec.training.config import Recipe
from archspec.training.schedule import learning_rates

STEPS = 5


def rates(epochs: int, schedule: dict[str, Any]) -> list[float]:
    recipe = Recipe.model_validate(
        {
            "losses": {"output": "cross_entropy_of_logits"},
            "optimizer": {"name": "sgd", "learning_rate": 0.2},
            "schedule": schedule,
            "epochs": epochs,
        }
    )
    return [rate for epoch in range(epochs) for rate in learning_rates(recipe, epoch, STEPS)]


def by_keras(schedule: Any, count: int) -> list[float]:
    return [float(schedule(step)) for step in range(count)]


def test_constant() -> None:
    assert rates(2, {"name": "constant"}) == [0.2] * 10


def test_cosine_is_keras() -> None:
    expected = by_keras(keras.optimizers.schedules.CosineDecay(0.2, 20, alpha=0.1), 20)
    assert rates(4, {"name": "cosine", "final": 0.1}) == pytest.approx(expected, rel=1e-5)


def test_cosine_after_a_warm_up_is_keras() -> None:
    expected = by_keras(keras.optimizers.schedules.CosineDecay(0.0, 15, warmup_target=0.2, warmup_steps=5), 20)
    assert rates(4, {"name": "cosine", "warm_up": 1.0}) == pytest.approx(expected, rel=1e-5, abs=1e-9)


def test_step_drops_after_the_epochs_given() -> None:
    expected = [0.2] * 5 + [0.1] * 10 + [0.05] * 5
    assert rates(4, {"name": "step", "drops": (1, 3), "factor": 0.5}) == pytest.approx(expected)
