"""The rules that ops of several inputs share: one shape for all, or as many spatial axes."""

from __future__ import annotations

from archspec.ir.op import ShapeError, spatial_rank
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


def equal_rank(given: Shape, like: Shape) -> None:
    """Raises `ShapeError` unless both inputs have the same 1, 2 or 3 spatial axes."""
    spatial_rank(given)
    if given.rank != like.rank:
        raise ShapeError(f"the two inputs must have as many axes, got {given} and {like}")


def equal_vectors(who: str, inputs: tuple[Shape, ...]) -> None:
    """Raises `ShapeError`, about `who` needs it, unless the two inputs are vectors of one size."""
    one, other = inputs
    if one.rank != 1 or other.rank != 1 or not agree(one.channels, other.channels):
        raise ShapeError(
            f"{who} needs two vectors of one size, got {one} and {other}",
            cure="a map becomes a vector by `global_average_pool` or `flatten`"
            if max(one.rank, other.rank) > 1
            else None,
        )
