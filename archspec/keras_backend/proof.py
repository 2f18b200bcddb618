"""The proof that ends every build: what was predicted against what Keras made, to the last integer.

Takes the lowered model and the built one; returns the differences, none for a proven build. Values' shapes, weights'
shapes and whether they train, weights that nobody predicted, and the sum are compared; also the shapes that plugins'
layers really give with those that they say.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from archspec.ir.graph import Graph
from archspec.ir.shape import Shape
from archspec.keras_backend.build import BuiltModel, variables_named
from archspec.keras_backend.real_shapes import are_alike, unkept_shapes
from archspec.lowering.lower import LoweredModel, PredictedValue, PredictedWeight, keras_name
from archspec.plugins.failure import PluginError
from archspec.plugins.guard import Guarded


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
    """Compare the shape of every input, node and weight, and that no weight exists that was not predicted."""
    values = (*lowered.inputs, *lowered.values)
    differences = [found for value in values for found in _compare_value(value, built.values[value.value])]
    differences += [
        Difference(name, "shape of a call", str(said), str(real)) for name, said, real in unkept_shapes(lowered, built)
    ]
    owned = {name: list(layer.weights) for name, layer in built.layers.items()}
    for weight in lowered.weights:
        differences += _compare(weight, _take(weight.variable, owned[weight.layer]))
    for name, left in owned.items():
        differences += [Difference(f"{name}/{one.name}", "weight", "none", str(tuple(one.shape))) for one in left]
    params = int(built.model.count_params())
    predicted = sum(math.prod(weight.shape) for weight in lowered.weights)
    if params != predicted:
        differences.append(Difference(lowered.name, "params", str(predicted), str(params)))
    return Proof(len(lowered.values), len(lowered.weights), params, tuple(differences))


def require_proof(graph: Graph, lowered: LoweredModel, built: BuiltModel) -> Proof:
    """The proof of a model that was lowered from a graph, without differences.

    Raises `AssertionError` where there are some, and `PluginError` where one is at a node of a plugin's op.
    """
    proof = prove(lowered, built)
    if not proof.differences:
        return proof
    for node in graph.nodes:
        of_node = [found for found in proof.differences if _is_at(node.path, found)]
        if of_node and isinstance(node.op, Guarded):
            message = f"the rules of `{node.word}` do not agree with the layers that Keras makes: {_listed(of_node)}"
            raise PluginError(node.op.plugin_path, message)
    raise AssertionError(f"the built model is not the predicted one: {_listed(proof.differences)}")


def _is_at(path: str, difference: Difference) -> bool:
    """Whether a difference is at a node: in its value, or in a weight of one of its layers."""
    name = keras_name(path)
    return keras_name(difference.path) == name or keras_name(difference.path).startswith(f"{name}.")


def _listed(differences: Sequence[Difference]) -> str:
    return "; ".join(map(str, differences[:5]))


def _compare_value(value: PredictedValue, tensor: Any) -> list[Difference]:
    """The difference in shape, if there is one; Keras may leave a size open that we know, and the other way round."""
    found = Shape(tuple(tensor.shape[1:]))
    if are_alike(found, value.shape):
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


def _take(name: str, variables: list[Any]) -> Any:
    """The variable of that name, taken out of the list; `None` if there is none."""
    found = next(iter(variables_named(name, variables)), None)
    # By identity: `==` of two variables is a tensor.
    variables[:] = [variable for variable in variables if variable is not found]
    return found
