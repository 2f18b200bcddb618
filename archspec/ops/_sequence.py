"""What ops of sequences ask of their input: (steps, features), which other ops call (length, channels)."""

from __future__ import annotations

from archspec.ir.op import ShapeError
from archspec.ir.shape import Dim, Shape


def sequence_steps(given: Shape) -> Dim:
    """The number of positions of a sequence. Raises `ShapeError` for any other value."""
    if given.rank == 2:
        return given.dims[0]
    raise ShapeError(
        f"the input must be a sequence, (length, channels), got {given}",
        cure="`- tokens` makes a sequence of a map's positions" if given.rank > 2 else None,
    )
