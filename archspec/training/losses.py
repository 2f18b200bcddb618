"""What each loss computes: from labels and one output to one number for each example.

Every function takes labels (batch,) and an output (batch, classes) in float32 and returns (batch,); the loop sums,
weights and divides. A loss that Keras has is Keras' own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import tensorflow as tf

from archspec.training.config import Loss

PerExample = Callable[[tf.Tensor, tf.Tensor], tf.Tensor]


def loss_function(loss: Loss) -> PerExample:
    """The function that a recipe's loss names."""
    if loss.loss == "cross_entropy_of_probabilities":
        return _keras(keras.losses.SparseCategoricalCrossentropy(reduction=None))
    if loss.loss == "cross_entropy_of_logits":
        return _keras(keras.losses.SparseCategoricalCrossentropy(from_logits=True, reduction=None))
    if loss.loss == "mean_squared_error":
        return mean_squared_error
    assert loss.constant is not None
    constant = loss.constant
    return lambda labels, distances: posterior_of_distances(labels, distances, constant)


def posterior_of_distances(labels: tf.Tensor, distances: tf.Tensor, constant: float) -> tf.Tensor:
    """E = y_D + log(exp(-j) + Σ_i exp(-y_i)): the negative log probability of the right class.

    y_i is the distance to class i's code, D the right class; the constant j is the distance of a class of rubbish, so
    that classes farther than j are not pushed on. Source: LeCun et al., 1998, equation 9.
    """
    right = tf.reduce_sum(distances * tf.one_hot(labels, distances.shape[-1]), axis=-1)
    rubbish = tf.fill([tf.shape(distances)[0], 1], -constant)
    return right + tf.reduce_logsumexp(tf.concat([-distances, rubbish], axis=-1), axis=-1)


def mean_squared_error(labels: tf.Tensor, values: tf.Tensor) -> tf.Tensor:
    """The mean over classes of (y_i - [i = D])²."""
    return tf.reduce_mean(tf.square(values - tf.one_hot(labels, values.shape[-1])), axis=-1)


def _keras(loss: Any) -> PerExample:
    return lambda labels, output: loss(labels, output)
