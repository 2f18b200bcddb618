"""The weights before the first step, where a recipe replaces those that the layers drew.

Source: LeCun et al., 1998, appendix A: uniform between -2.4 / F_i and 2.4 / F_i, F_i the number of the unit's inputs.
"""

from __future__ import annotations

import math
from typing import Any

import keras
import tensorflow as tf

from archspec.training.config import Initial

DEPTHWISE = (keras.layers.DepthwiseConv1D, keras.layers.DepthwiseConv2D)


def set_initial_weights(model: Any, initial: Initial, seed: int) -> None:
    """Draws every trainable kernel of the model anew; each follows from the seed and its place in the model."""
    for place, variable in enumerate(model.trainable_variables):
        if variable.name.endswith("kernel"):
            bound = initial.scale / tf.cast(_fan_in(model, variable), tf.float32)
            variable.assign(bound * tf.random.stateless_uniform(variable.shape, [seed, place], -1.0, 1.0))


def _fan_in(model: Any, kernel: Any) -> Any:
    """How many inputs a unit has, or a list of that for each place of the kernel's last axis.

    A layer whose units' inputs cannot be read off its kernel's shape says so in an attribute `fan_in`.
    """
    (layer,) = (layer for layer in leaf_layers(model) if any(kernel is own for own in layer.variables))
    declared = getattr(layer, "fan_in", None)
    if declared is not None:
        return declared
    if isinstance(layer, keras.layers.EinsumDense):
        _, letters, output = layer.equation.replace("->", ",").split(",")
        return math.prod(size for letter, size in zip(letters, kernel.shape, strict=True) if letter not in output)
    one_channel_a_unit = kernel.name == "depthwise_kernel" or isinstance(layer, DEPTHWISE)
    return math.prod(kernel.shape[:-2] if one_channel_a_unit else kernel.shape[:-1])


def leaf_layers(model: Any) -> list[Any]:
    """The layers of a model, those inside others included and those with layers inside left out, each once."""
    return [layer for layer in model._flatten_layers(include_self=False) if not layer._layers]
