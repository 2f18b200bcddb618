"""The rule that elementwise joins share: their inputs have one shape."""

from __future__ import annotations

from archspec.ir.op import ShapeError
from archspec.ir.shape import Shape, agree, merge


def equal_shape(word: str, inputs: tuple[Shape, ...]) -> Shape:
    """The one shape of all inputs, with each open size taken from an input that knows it.

    Raises `ShapeError` where two inputs differ.
    """
    common, *others = inputs
    for other in others:
        if common.rank != other.rank or not all(map(agree, common.dims, other.dims)):
            raise ShapeError(f"`{word}` needs equal shapes, got {common} and {other}")
        common = Shape(tuple(map(merge, common.dims, other.dims)))
    return common
