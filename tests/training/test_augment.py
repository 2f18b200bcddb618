"""Augmentation: what each amount does to known pictures, and what the draws depend on."""

from __future__ import annotations

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from archspec.training.augment import DRAWS, augment, draw, transforms
from archspec.training.config import Augment

PICTURE = np.arange(25, dtype=np.float32).reshape(1, 5, 5, 1)


def drawn(**amounts: float) -> tf.Tensor:
    names = ("shift_x", "shift_y", "turn", "scale_x", "scale_y", "lean")
    return tf.constant([[amounts.get(name, 0.0) for name in names]])


def test_no_amounts_change_nothing() -> None:
    result = augment(tf.constant(PICTURE), Augment(), draw(0, tf.constant(3, tf.int64), 1), -1.0)
    np.testing.assert_array_equal(result, PICTURE)


def test_a_shift_moves_by_pixels_and_fills_with_the_background() -> None:
    result = augment(tf.constant(PICTURE), Augment(shift=2.0), drawn(shift_x=1.0, shift_y=-0.5), -1.0).numpy()
    np.testing.assert_array_equal(result[0, 1:, :3, 0], PICTURE[0, :4, 2:, 0])
    assert (result[0, 0] == -1).all()
    assert (result[0, :, 3:] == -1).all()


def test_a_quarter_turn_is_a_quarter_turn() -> None:
    result = augment(tf.constant(PICTURE), Augment(rotate=90.0), drawn(turn=1.0), 0.0).numpy()
    turned = [np.rot90(PICTURE[0, ..., 0], times) for times in (1, 3)]
    assert any(np.allclose(result[0, ..., 0], picture, atol=1e-4) for picture in turned)


def test_the_centre_stays_under_scale_and_shear() -> None:
    amounts = Augment(rotate=30.0, scale=0.5, shear=20.0)
    (a, b, c, d, e, f, _, _) = transforms(amounts, draw(1, tf.constant(5, tf.int64), 1), 9, 7)[0].numpy()
    np.testing.assert_allclose([a * 3 + b * 4 + c, d * 3 + e * 4 + f], [3, 4], atol=1e-5)


def test_scale_reads_from_nearer_or_farther() -> None:
    matrix = transforms(Augment(scale=0.2), drawn(scale_x=1.0, scale_y=-1.0), 9, 9)[0].numpy()
    np.testing.assert_allclose(matrix[[0, 1, 3, 4]], [1.2, 0, 0, 0.8], atol=1e-6)


def test_draws_follow_from_seed_and_step_alone() -> None:
    def draws(seed: int, step: int) -> NDArray[np.float32]:
        return np.asarray(draw(seed, tf.constant(step, tf.int64), 64))

    assert draws(1, 7).shape == (64, DRAWS)
    np.testing.assert_array_equal(draws(1, 7), draws(1, 7))
    assert not np.array_equal(draws(1, 7), draws(1, 8))
    assert not np.array_equal(draws(1, 7), draws(2, 7))
    assert -1 <= draws(1, 7).min() < -0.9 < 0.9 < draws(1, 7).max() <= 1
