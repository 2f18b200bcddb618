"""How fast LeNet-5 trains against Keras' `fit` with its defaults: same network, loss, metric, data and batch of 64.

    python -m tools.bench.train_lenet [ROUNDS]

Rounds are interleaved in one process, each some epochs of either; what counts is the median of the rounds' ratios.
Neither side augments its images, since `fit` does not. Run it on a machine that does nothing else.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import tensorflow as tf

import archspec
from archspec.training.config import Recipe
from archspec.training.data import read
from archspec.training.decision import decide
from archspec.training.environment import prepare
from archspec.training.feed import Order, Resident, prepare_all
from archspec.training.images import plan_preparation
from archspec.training.loop import Loop
from archspec.training.losses import loss_function
from archspec.training.optimizer import make_optimizer
from archspec.training.schedule import learning_rates

EPOCHS_A_ROUND = 5
RECIPE = Recipe.model_validate(
    {
        "data": {"size": (28, 28), "range": (-0.1, 1.175)},
        "losses": {"output": {"loss": "posterior_of_distances", "constant": 1.0}},
        "decision": "smallest",
        "optimizer": {"name": "sgd", "learning_rate": 0.001, "momentum": 0.9},
        "batch": 64,
    }
)


def main(rounds: int) -> None:
    """Runs both in turn and prints images a second and their ratio."""
    strategy = prepare(RECIPE.seed, RECIPE.precision, deterministic=False)
    dataset = read(RECIPE.data.source, RECIPE.data.validation, RECIPE.seed)
    preparation = plan_preparation(RECIPE.data, dataset, (32, 32, 1))
    order = Order(len(dataset.train), RECIPE.batch, RECIPE.seed)
    feed = Resident(dataset.train, preparation, order, strategy)
    optimizer = make_optimizer(RECIPE.optimizer, RECIPE.precision)
    loop = Loop(archspec.build_model("lenet5"), RECIPE, optimizer, preparation, strategy)
    rates = learning_rates(RECIPE, 0, order.steps)
    model = compiled_for_fit()
    images, labels = prepare_all(dataset.train, preparation), dataset.train.labels

    def ours() -> float:
        for epoch in range(EPOCHS_A_ROUND):
            loop.train(feed, feed.open(epoch), epoch, 0, rates)
        return EPOCHS_A_ROUND * order.steps * RECIPE.batch

    def fit() -> float:
        model.fit(images, labels, batch_size=RECIPE.batch, epochs=EPOCHS_A_ROUND, verbose=0)
        return EPOCHS_A_ROUND * len(labels)

    rate(ours), rate(fit)  # builds both graphs
    pairs = [(rate(ours), rate(fit)) for _ in range(rounds)]
    ratios = [mine / theirs for mine, theirs in pairs]
    mine, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
    print(f"archspec {mine:,.0f} images/s, fit {theirs:,.0f} images/s (medians of {rounds} rounds)")
    print(f"ratio {statistics.median(ratios):.2f} (median; {min(ratios):.2f} to {max(ratios):.2f})")


def compiled_for_fit() -> Any:
    """The same network with the same loss and metric as Keras takes them."""
    criterion = loss_function(RECIPE.losses["output"])

    def loss(labels: tf.Tensor, distances: tf.Tensor) -> tf.Tensor:
        return criterion(tf.cast(tf.reshape(labels, [-1]), tf.int64), distances)

    def accuracy(labels: tf.Tensor, distances: tf.Tensor) -> tf.Tensor:
        return tf.equal(tf.cast(tf.reshape(labels, [-1]), tf.int64), decide(distances, RECIPE.decision.rule))

    model = archspec.build_model("lenet5")
    rate, momentum = RECIPE.optimizer.learning_rate, RECIPE.optimizer.momentum or 0.0
    model.compile(keras.optimizers.SGD(rate, momentum=momentum), loss=loss, metrics=[accuracy])
    return model


def rate(work: Callable[[], float]) -> float:
    """Images a second."""
    began = time.perf_counter()
    return work() / (time.perf_counter() - began)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10)
