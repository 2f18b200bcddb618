"""Losses against their formulas in NumPy and against values worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from archspec.training.config import Loss, LossName
from archspec.training.losses import loss_function

Values = NDArray[np.float32]
LABELS = np.array([0, 2, 1])
VALUES = np.array([[0.7, 0.2, 0.1], [0.25, 0.25, 0.5], [0.1, 0.8, 0.1]], np.float32)


def losses(name: LossName, values: Values, constant: float | None = None) -> Values:
    return np.asarray(loss_function(Loss(loss=name, constant=constant))(LABELS, values))


def test_cross_entropy_of_probabilities_is_minus_the_log_of_the_right_one() -> None:
    np.testing.assert_allclose(
        losses("cross_entropy_of_probabilities", VALUES), [-math.log(p) for p in (0.7, 0.5, 0.8)], rtol=1e-6
    )


def test_cross_entropy_of_logits_applies_the_softmax_first() -> None:
    softmax = np.exp(VALUES) / np.exp(VALUES).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(losses("cross_entropy_of_logits", VALUES), -np.log(softmax[range(3), LABELS]), rtol=1e-6)


def test_mean_squared_error_is_against_one_for_the_right_class() -> None:
    by_hand = [(0.09 + 0.04 + 0.01) / 3, (0.0625 + 0.0625 + 0.25) / 3, (0.01 + 0.04 + 0.01) / 3]
    np.testing.assert_allclose(losses("mean_squared_error", VALUES), by_hand, rtol=1e-5)


def test_posterior_of_distances_is_equation_9() -> None:
    distances = np.array([[1.0, 4.0, 9.0], [2.0, 2.0, 2.0], [50.0, 0.0, 60.0]], np.float32)
    by_hand = [
        1 + math.log(math.exp(-3) + math.exp(-1) + math.exp(-4) + math.exp(-9)),
        2 + math.log(math.exp(-3) + 3 * math.exp(-2)),
        0 + math.log(math.exp(-3) + math.exp(-50) + 1 + math.exp(-60)),
    ]
    np.testing.assert_allclose(losses("posterior_of_distances", distances, constant=3.0), by_hand, rtol=1e-5)


def test_posterior_of_distances_is_finite_where_every_exponential_vanishes() -> None:
    distances = np.full((3, 3), 1e4, np.float32)
    assert losses("posterior_of_distances", distances, constant=1.0) == pytest.approx([1e4 - 1] * 3)
