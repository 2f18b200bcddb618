"""The words for the axes of a value, and where each stands: what ops along one axis share."""

from __future__ import annotations

from typing import Literal

from archspec.ir.op import ShapeError
from archspec.ir.shape import Shape

Axis = Literal["channels", "rows", "columns", "depth"]

AXIS_HELP = "`channels`, `rows` (height, or length), `columns` (width), or `depth`"

SPATIAL_AXES: dict[int, tuple[Axis, ...]] = {1: ("rows",), 2: ("rows", "columns"), 3: ("depth", "rows", "columns")}
"""The words for the axes before the channels, by their number: the rows of a sequence are its positions."""


def axis_place(shape: Shape, axis: Axis) -> int:
    """The place of an axis among a shape's sizes. Raises `ShapeError` where there is no such axis."""
    if axis == "channels" and shape.rank:
        return shape.rank - 1
    axes = SPATIAL_AXES.get(shape.rank - 1, ())
    if axis not in axes:
        raise ShapeError(
            f"the inputs must have the axis `{axis}`, got {shape}",
            field="axis",
            cure=f"their axes are {', '.join((*axes, 'channels'))}" if shape.rank else None,
        )
    return axes.index(axis)
