"""What must be settled in the process before a model is built: seed, precision, determinism, devices."""

from __future__ import annotations

import os

import keras
import tensorflow as tf

from archspec.training.config import Precision

POLICIES = {"float32": "float32", "bfloat16": "mixed_bfloat16", "float16": "mixed_float16"}


def prepare(seed: int, precision: Precision, *, deterministic: bool) -> tf.distribute.Strategy:
    """Sets the process up and returns the strategy in whose `scope()` the model must be built.

    With `deterministic`, ops that could differ between runs are replaced by slower ones that do not, or refused.
    """
    strategy = _strategy()  # first: several workers must be known before TensorFlow does anything
    keras.utils.set_random_seed(seed)
    keras.mixed_precision.set_global_policy(POLICIES[precision])
    if deterministic:
        tf.config.experimental.enable_op_determinism()
    return strategy


def sees_gpu() -> bool:
    """Whether TensorFlow has a GPU to run on."""
    return bool(tf.config.list_physical_devices("GPU"))


def _strategy() -> tf.distribute.Strategy:
    """Several workers if `TF_CONFIG` names them, several GPUs if TensorFlow sees them, else one device."""
    if "TF_CONFIG" in os.environ:
        return tf.distribute.MultiWorkerMirroredStrategy()
    if len(tf.config.list_logical_devices("GPU")) > 1:
        return tf.distribute.MirroredStrategy()
    return tf.distribute.get_strategy()
