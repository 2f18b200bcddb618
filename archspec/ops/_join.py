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
        if not _alike(common.dims, other.dims):
            raise ShapeError(f"`{word}` needs equal shapes, got {common} and {other}", cure=_cure(common, other))
        common = Shape(tuple(map(merge, common.dims, other.dims)))
    return common


def _alike(left: tuple[int | None, ...], right: tuple[int | None, ...]) -> bool:
    return len(left) == len(right) and all(map(agree, left, right))


def _cure(left: Shape, right: Shape) -> str | None:
    if left.rank != right.rank:
        return None
    if _alike(left.spatial, right.spatial):
        return "give the branches equal channels, as a `conv` with a kernel of 1 does"
    return "give the branches the same strides and paddings that keep their sizes alike"
