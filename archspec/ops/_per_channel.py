"""Numbers of which an op takes one for all channels or one for each channel of its input."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from archspec.ir.op import ShapeError, known_channels
from archspec.ir.shape import Shape

PerChannel = Annotated[tuple[float, ...], Field(min_length=1)]
"""One number for all channels, or one for each."""


def check_per_channel(values: tuple[float, ...], given: Shape, field: str) -> None:
    """Raises `ShapeError` unless there is one value for all channels of the input or one for each."""
    if len(values) == 1:
        return
    channels = known_channels(given)
    if len(values) != channels:
        raise ShapeError(
            f"`{field}` needs 1 number, or 1 for each of the {channels} channels of the input, got {len(values)}",
            field=field,
        )


def lone_or_all(values: tuple[float, ...]) -> float | tuple[float, ...]:
    """The values as a Keras argument: a lone one as a number."""
    return values[0] if len(values) == 1 else values
