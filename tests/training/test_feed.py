"""Batches: every example in its turn, and the same ones whether resident or streamed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from archspec.training.config import Data
from archspec.training.data import Dataset, Split
from archspec.training.feed import Batch, Feed, Order, make_feed
from archspec.training.images import plan_preparation

STRATEGY = tf.distribute.get_strategy()


def at(order: Order, epoch: int, step: int) -> tuple[list[int], list[float]]:
    places, weights = order.places(tf.constant(epoch, tf.int64), tf.constant(step, tf.int64))
    return places.numpy().tolist(), weights.numpy().tolist()


def test_an_epoch_takes_no_example_twice_and_leaves_the_incomplete_batch() -> None:
    order = Order(count=23, batch=5, seed=1)
    assert order.steps == 4
    taken = [place for step in range(order.steps) for place in at(order, 0, step)[0]]
    assert len(set(taken)) == len(taken) == 20
    assert set(taken) <= set(range(23))


def test_epochs_and_seeds_differ_and_repeat() -> None:
    def epoch(seed: int, number: int) -> list[int]:
        order = Order(count=40, batch=8, seed=seed)
        return [place for step in range(order.steps) for place in at(order, number, step)[0]]

    assert epoch(1, 0) == epoch(1, 0)
    assert epoch(1, 0) != epoch(1, 1)
    assert epoch(1, 0) != epoch(2, 0)


def test_every_example_comes_up_over_the_epochs_though_each_leaves_some() -> None:
    order = Order(count=23, batch=5, seed=1)
    taken = {place for epoch in range(20) for step in range(4) for place in at(order, epoch, step)[0]}
    assert taken == set(range(23))


def test_without_a_seed_every_example_comes_once_and_padding_weighs_nothing() -> None:
    order = Order(count=7, batch=3, seed=None)
    assert order.steps == 3
    assert [at(order, 0, step) for step in range(3)] == [
        ([0, 1, 2], [1, 1, 1]),
        ([3, 4, 5], [1, 1, 1]),
        ([6, 6, 6], [1, 0, 0]),
    ]


def batches(feed: Feed, epoch: int) -> list[Batch]:
    opened: Any = feed.open(epoch)
    taken = []
    for step in range(feed.order.steps):
        place = (tf.constant(epoch, tf.int64), tf.constant(step, tf.int64))
        taken.append(STRATEGY.run(feed.take, (*place, feed.draw(opened))))
    return taken


@pytest.mark.parametrize("seed", [5, None])
def test_streamed_batches_equal_resident_ones(seed: int | None) -> None:
    random = np.random.default_rng(0)
    split = Split(random.integers(0, 255, (23, 6, 6), np.uint8), np.arange(23))
    preparation = plan_preparation(Data(range=(0.0, 1.0)), Dataset("", split, split, split), (8, 8, 1))
    order = Order(len(split), 5, seed)
    resident, streamed = (make_feed(split, preparation, order, STRATEGY, resident=kind) for kind in (True, False))
    for epoch in (0, 3):
        pairs = list(zip(batches(resident, epoch), batches(streamed, epoch), strict=True))
        assert len(pairs) == order.steps
        for one, other in pairs:
            np.testing.assert_array_equal(one.labels, other.labels)
            np.testing.assert_array_equal(one.weights, other.weights)
            np.testing.assert_allclose(one.inputs, other.inputs, atol=1e-6)
