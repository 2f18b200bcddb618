"""The proof that ends every build: what was predicted against what Keras made, to the last integer.

Takes the lowered model and the built one; returns the differences, none for a proven build.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from archspec.ir.shape import Shape, agree
from archspec.keras_backend.build import BuiltModel
from archspec.lowering.lower import LoweredModel, PredictedValue, PredictedWeight


@dataclass(frozen=True, slots=True)
class Difference:
    """One fact in which the built model is not the predicted one. `path` is a node's or a weight's."""

    path: str
    what: str
    predicted: str
    built: str

    def __str__(self) -> str:
        return f"{self.path}: {self.what} predicted {self.predicted}, built {self.built}"


@dataclass(frozen=True, slots=True)
class Proof:
    """How much was compared and what differed."""

    values: int
    weights: int
    params: int
    differences: tuple[Difference, ...]


def prove(lowered: LoweredModel, built: BuiltModel) -> Proof:
    """Compare the shape of every node and of every weight, and that no weight exists that was not predicted."""
    differences = [found for value in lowered.values for found in _compare_value(value, built.values[value.value])]
    owned = {name: _variables(layer) for name, layer in built.layers.items()}
    for weight in lowered.weights:
        differences += _compare(weight, owned[weight.layer].pop(weight.variable, None))
    for name, left in owned.items():
        differences += [Difference(f"{name}/{key}", "weight", "none", str(tuple(left[key].shape))) for key in left]
    params = int(built.model.count_params())
    predicted = sum(math.prod(weight.shape) for weight in lowered.weights)
    if params != predicted:
        differences.append(Difference(lowered.name, "params", str(predicted), str(params)))
    return Proof(len(lowered.values), len(lowered.weights), params, tuple(differences))


def _compare_value(value: PredictedValue, tensor: Any) -> list[Difference]:
    """The difference in shape, if there is one; Keras may leave a size open that we know, and the other way round."""
    found = Shape(tuple(tensor.shape[1:]))
    pairs = zip(found.dims, value.shape.dims, strict=False)
    if found.rank == value.shape.rank and all(agree(built, predicted) for built, predicted in pairs):
        return []
    return [Difference(value.path, "shape", str(value.shape), str(found))]


def _compare(weight: PredictedWeight, variable: Any) -> list[Difference]:
    if variable is None:
        return [Difference(weight.path, "weight", str(weight.shape), "none")]
    found = []
    if tuple(variable.shape) != weight.shape:
        found.append(Difference(weight.path, "shape", str(weight.shape), str(tuple(variable.shape))))
    if variable.trainable != weight.trainable:
        found.append(Difference(weight.path, "trainable", str(weight.trainable), str(variable.trainable)))
    return found


def _variables(layer: Any) -> dict[str, Any]:
    """A layer's weights by name; Keras keeps seed generators' states apart, in `variables`."""
    return {variable.name: variable for variable in layer.weights}
