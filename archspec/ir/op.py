"""What an op is: declared fields, and pure rules for shape, weights, cost and lowering.

An op's file declares one final subclass of `Op`. A rule reads the op's fields and its inputs' shapes and returns a
value; it never sees a span, a path or Keras. This file must not know any op by name.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from typing import ClassVar, NamedTuple

from pydantic import BaseModel, ConfigDict

from archspec.ir.footprint import Footprint
from archspec.ir.keras_call import Lowering
from archspec.ir.reach import Reach
from archspec.ir.shape import Dim, Shape, is_known


class ShapeError(Exception):
    """An input that an op cannot take. The walker adds the user's position.

    `message` states the rule, then the values received. `field` names the op's field to blame, if one is; `cure` is
    what to do about it.
    """

    def __init__(self, message: str, *, field: str | None = None, cure: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.cure = cure


class Weight(NamedTuple):
    """One tensor that an op owns: its name in the op, its shape, whether training changes it."""

    name: str
    shape: tuple[int, ...]
    trainable: bool = True

    @property
    def size(self) -> int:
        """The number of values."""
        return math.prod(self.shape)


class Cost(NamedTuple):
    """What one example costs, in whole numbers; open where a size is open.

    `macs` are multiply-accumulates of convolutions and of products of matrices alone: dense layers, recurrent ones,
    attention. `connections` counts as LeNet-5's paper
    does: for every unit of the output its incoming weights, the bias included.
    """

    macs: Dim = 0
    connections: Dim = 0


class Op(BaseModel, ABC):
    """Base of all ops. Subclasses are final and are declared one to a file."""

    # Deferred: a validator takes milliseconds to make, and a file may declare more ops than a spec uses.
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, defer_build=True)

    principal: ClassVar[str | None] = None
    """The field that may stand alone: `- conv: 64`. `None` where no field may."""

    inputs: ClassVar[int | None] = 1
    """How many values the op takes; `None` for two or more, as a join does."""

    is_join: ClassVar[bool] = False
    """Whether the op's value is named branches (`add: {main: [...], shortcut: []}`)."""

    is_affine: ClassVar[bool] = False
    """Whether each value, in inference and before an activation, is a weighted sum of input values plus a constant."""

    only_measured: ClassVar[tuple[int, ...]] = ()
    """The places of inputs, from 1, of which the op takes the size and no value."""

    not_inferred_from: ClassVar[tuple[str, ...]] = ()
    """Fields on which neither shape, weights nor cost depend: units that differ in these alone are inferred once."""

    example: ClassVar[str]
    """A complete spec that uses the op; the tests run it and the reference shows it."""

    @abstractmethod
    def infer_shapes(self, inputs: tuple[Shape, ...]) -> tuple[Shape, ...]:
        """The outputs' shapes, from the inputs'. Raises `ShapeError`."""

    def weights(self, inputs: tuple[Shape, ...]) -> tuple[Weight, ...]:
        """The tensors that the op owns; called only with inputs that `infer_shapes` accepted."""
        return ()

    def cost(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Cost:
        """What one example costs."""
        return Cost()

    def derivation(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> tuple[str, ...]:
        """How the outputs' shapes come from the inputs', a line for each axis, with the numbers put in."""
        return ()

    def reach(self, inputs: tuple[Shape, ...]) -> Reach | None:
        """What a position of an output sees of each input, axis by axis; `None` for an op that does not say."""
        return None

    def footprint(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Footprint:
        """What a step holds in memory for it besides inputs, outputs and weights."""
        return Footprint()

    @property
    def ends_in(self) -> str:
        """The activation that the op applies last: that of its field `activation`, or its own; `none` without one."""
        return str(getattr(self, "activation", "none"))

    @abstractmethod
    def to_keras(self, inputs: tuple[Shape, ...]) -> Lowering:
        """The op as Keras calls, as data."""


def known_channels(shape: Shape) -> int:
    """The last axis' size, which every op with weights needs. Raises `ShapeError` where it is open."""
    if not is_known(shape.channels):
        raise ShapeError(
            f"the number of input channels must be known, got {shape}",
            cure="state the input's sizes, or pool globally before what needs the number of channels",
        )
    return shape.channels


AXES = {1: "(length, channels)", 2: "(height, width, channels)", 3: "(depth, height, width, channels)"}


def spatial_rank(shape: Shape, ranks: tuple[int, ...] = (1, 2, 3)) -> int:
    """The number of spatial axes of (spatial…, channels). Raises `ShapeError` unless it is one of `ranks`."""
    rank = shape.rank - 1
    if rank not in ranks:
        wanted = " or ".join(AXES[allowed] for allowed in ranks)
        raise ShapeError(f"the input must be {wanted}, got {shape}")
    return rank
