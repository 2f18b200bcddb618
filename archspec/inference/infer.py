"""One node's facts from its inputs' shapes, by its op's own rules. Holds no rule about any op."""

from __future__ import annotations

from typing import NamedTuple

from archspec.ir.op import Cost, Op, Weight
from archspec.ir.shape import Shape


class Inferred(NamedTuple):
    """What inference finds for one op at its place."""

    shapes: tuple[Shape, ...]
    weights: tuple[Weight, ...]
    cost: Cost


def infer(op: Op, inputs: tuple[Shape, ...]) -> Inferred:
    """Output shapes, weights and cost. Raises `ShapeError` where the op cannot take the inputs."""
    shapes = op.infer_shapes(inputs)
    return Inferred(shapes, op.weights(inputs), op.cost(inputs, shapes))
