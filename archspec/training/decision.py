"""How an output becomes a class, and how predictions are tabulated: accuracy, prediction and confusion share this."""

from __future__ import annotations

import tensorflow as tf

from archspec.training.config import Rule


def decide(values: tf.Tensor, rule: Rule) -> tf.Tensor:
    """The class of each row of (batch, classes): that of its largest value, or of its smallest."""
    return tf.argmax(values, axis=-1) if rule == "largest" else tf.argmin(values, axis=-1)


def confusion(labels: tf.Tensor, predictions: tf.Tensor, weights: tf.Tensor, classes: int) -> tf.Tensor:
    """How much weight each (label, prediction) pair has, (classes, classes): a row for each label."""
    pairs = labels * classes + predictions
    table = tf.math.unsorted_segment_sum(weights, pairs, classes * classes)
    return tf.reshape(table, [classes, classes])
