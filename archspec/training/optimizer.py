"""The recipe's optimizer as a Keras optimizer."""

from __future__ import annotations

from typing import Any

import keras

from archspec.training.config import Optimizer, Precision

CLASSES = {
    "sgd": keras.optimizers.SGD,
    "adam": keras.optimizers.Adam,
    "adamw": keras.optimizers.AdamW,
    "nadam": keras.optimizers.Nadam,
    "rmsprop": keras.optimizers.RMSprop,
    "adagrad": keras.optimizers.Adagrad,
    "lion": keras.optimizers.Lion,
}


def make_optimizer(optimizer: Optimizer, precision: Precision) -> Any:
    """The optimizer, in a loss scaler under float16, whose small gradients would vanish."""
    fields = optimizer.model_dump(exclude={"name"}, exclude_none=True)
    made = CLASSES[optimizer.name](**fields)
    return keras.optimizers.LossScaleOptimizer(made) if precision == "float16" else made
