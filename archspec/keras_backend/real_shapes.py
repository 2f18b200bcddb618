"""What plugins' layers really give: each of their calls made once on zeros, since Keras believes a layer's own word.

A layer with a `compute_output_shape` is asked for the shape, and its `call` does not run until the model does. That
archspec's own layers say what they do is tested; each call stands for itself, so no other layer of a model runs.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import keras

from archspec.ir.shape import Shape, agree
from archspec.keras_backend.build import BuiltModel, blamed, run_call
from archspec.lowering.lower import LoweredModel

BATCH = 2


def unkept_shapes(lowered: LoweredModel, built: BuiltModel) -> Iterator[tuple[str, Shape, Shape]]:
    """Each value of a plugin's layer whose shape is not what the layer says: its name, what is said, the real one.

    The shapes are those of a batch of two, batch included. A call on a value with an open size is left out. Raises
    `PluginError` for a layer that cannot be called.
    """
    definitions = {definition.name: definition for definition in lowered.layers if definition.plugin}
    for call in lowered.calls:
        given = {name: _of_batch(built.values[name]) for name in call.inputs}
        if call.layer not in definitions or None in [shape.size for shape in given.values()]:
            continue
        values = {name: keras.ops.zeros(shape.dims, built.values[name].dtype) for name, shape in given.items()}
        # Nothing that the call assigns may stay: the model is saved after it.
        with blamed(definitions[call.layer]), keras.StatelessScope():
            run_call(call, built.layers[call.layer], values)
        for name in call.results:
            said, real = _of_batch(built.values[name]), Shape(tuple(values[name].shape))
            if not are_alike(said, real):
                yield name, said, real


def are_alike(one: Shape, other: Shape) -> bool:
    """Whether two shapes can be equal, where a size of either may be open."""
    return one.rank == other.rank and all(map(agree, one.dims, other.dims))


def _of_batch(value: Any) -> Shape:
    return Shape((BATCH, *value.shape[1:]))
