"""The proof that ends every build: what was predicted against what Keras made, to the last integer.

Takes the lowered model and the built one; returns the differences, none for a proven build.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from archspec.keras_backend.build import BuiltModel
from archspec.lowering.lower import LoweredModel, PredictedWeight


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
    differences = [
        Difference(value.path, "shape", str(value.shape.dims), str(tuple(built.values[value.value].shape[1:])))
        for value in lowered.values
        if tuple(built.values[value.value].shape[1:]) != value.shape.dims
    ]
    owned = {name: _variables(layer) for name, layer in built.layers.items()}
    for weight in lowered.weights:
        differences += _compare(weight, owned[weight.layer].pop(weight.variable, None))
    for name, left in owned.items():
        differences += [Difference(f"{name}/{key}", "weight", "none", str(tuple(left[key].shape))) for key in left]
    params = int(built.model.count_params())
    predicted = sum(_size(weight) for weight in lowered.weights)
    if params != predicted:
        differences.append(Difference(lowered.name, "params", str(predicted), str(params)))
    return Proof(len(lowered.values), len(lowered.weights), params, tuple(differences))


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


def _size(weight: PredictedWeight) -> int:
    size = 1
    for dim in weight.shape:
        size *= dim
    return size
