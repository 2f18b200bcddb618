"""What the conformance test gives each op: fields, as they reach the op, with shapes of inputs that it takes.

The first case of a word is small and without open sizes: weights, gradients and saving are tried on it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from archspec.ir.shape import Dim, Shape
from archspec.ops.families import members


@dataclass(frozen=True)
class Case:
    """One op with fields, applied to inputs."""

    inputs: tuple[Shape, ...]
    fields: Mapping[str, Any] = field(default_factory=dict)


def case(*inputs: tuple[Dim, ...], **fields: Any) -> Case:
    """A case in one line."""
    return Case(tuple(map(Shape, inputs)), fields)


def cases(word: str) -> tuple[Case, ...]:
    """All cases of a word; none where the table lacks it."""
    if word in members() and word not in CASES:
        return ANY_RANK
    return CASES.get(word, ())


IMAGES: tuple[tuple[Dim, ...], ...] = (
    (9, 4), (None, 4), (8, 7, 4), (None, 7, 4), (None, None, 4), (5, 6, 7, 4), (None, None, None, 4),
)  # fmt: skip
"""Inputs with 1 to 3 spatial axes, of known and of open sizes."""

ANY_RANK = tuple(case(shape) for shape in ((5,), *IMAGES))
TWO = tuple(case(shape, shape) for shape in ((5,), *IMAGES))


def with_fields(plain: tuple[Case, ...], **fields: Any) -> tuple[Case, ...]:
    """The same inputs with fields."""
    return tuple(Case(one.inputs, fields) for one in plain)


def windows(fields: Mapping[str, Any], choices: Mapping[str, tuple[Any, ...]]) -> tuple[Case, ...]:
    """Every combination of the choices, each on every image."""
    combinations = [dict(zip(choices, values, strict=True)) for values in product(*choices.values())]
    return tuple(case(shape, **fields, **chosen) for chosen in combinations for shape in IMAGES)


CONVOLUTION = {"padding": ("valid", "half", "same", ((2,),), ((0, 1),)), "stride": ((1,), (2,))}
POOLING = {"padding": ("valid", "half", "same", ((1,),)), "stride": ((1,), (2,)), "round": ("down", "up")}
KNOWN_POOLING = {**POOLING, "padding": ("valid", "half", ((1, 0),))}
ROWS = ((0, 2), (1,), (2, 0, 1), (3,))

CASES: dict[str, tuple[Case, ...]] = {
    "activation": (case((5,), name="relu"), case((8, 7, 4), name="none"), case((None, 4), name="scaled_tanh")),
    "add": (*TWO, case((4, 4, 2), (4, 4, 2), (4, 4, 2))),
    "average": TWO,
    "average_pool": (
        *windows({"size": (3,)}, POOLING),
        *windows({"size": (3,), "count_padding": True}, KNOWN_POOLING),
        case((7, 7, 4), size=(2, 3), padding="same", stride=(2,), count_padding=True),
        case((7, 7, 4), size=(2, 3), round="up"),
    ),
    "batch_norm": (*ANY_RANK, case((8, 7, 4), scale=False), case((8, 7, 4), center=False, momentum=0.9)),
    "channel_shuffle": (*with_fields(ANY_RANK[1:], groups=2), case((6,), groups=3)),
    "concat": (
        *TWO,
        case((8, 7, 4), (8, 7, 3), (8, 7, 1)),
        case((8, 7, 4), (5, 7, 4), axis="rows"),
        case((8, 7, 4), (8, 2, 4), axis="columns"),
        case((5, 6, 7, 4), (2, 6, 7, 4), axis="depth"),
        case((1, 4), (None, 4), axis="rows"),
        case((None, 7, 4), (None, 7, 3)),
    ),
    "conv": (
        *windows({"filters": 6, "kernel": (3,)}, CONVOLUTION),
        *windows({"filters": 6, "kernel": (2,), "groups": 2, "bias": False}, {"dilation": ((1,), (2,))}),
        *windows({"filters": 6, "kernel": (3,), "fill": "edge"}, {"padding": ("same", "half", ((1, 2),))}),
        case((8, 7, 4), filters=6, kernel=(3, 2), fill="reflect", padding="half", activation="scaled_tanh"),
    ),
    "crop": (
        *windows({}, {"margins": (((1,),), ((2, 0),))}),
        case((8, 7, 4), margins=((0, 1), (2, 3))),
        case((8, 7, 4), margins=((1,), (2,))),
    ),
    "dense": (*with_fields(ANY_RANK, units=3), case((5,), units=3, bias=False, activation="scaled_tanh")),
    "depthwise_conv": (
        *(one for one in windows({"kernel": (3,), "multiplier": 2}, CONVOLUTION) if one.inputs[0].rank < 4),
        case((8, 7, 4), kernel=(3, 2), stride=(2, 1), padding="same"),
        case((8, 7, 4), kernel=(3,), dilation=(1, 2), padding="half", fill="edge"),
        case((9, 4), kernel=(3,), bias=False, padding="same", fill="reflect", activation="scaled_tanh"),
    ),
    "dropout": with_fields(ANY_RANK, rate=0.5),
    "elu": (*ANY_RANK, case((8, 7, 4), alpha=0.5)),
    "flatten": (case((5,)), case((8, 7, 4)), case((5, 6, 7, 4)), case((None, 4)), case((None, 7, 4))),
    "gelu": (case((5,), approximate=True), *ANY_RANK),
    "global_average_pool": windows({}, {"keep_dims": (False, True)}),
    "global_max_pool": windows({}, {"keep_dims": (False, True)}),
    "leaky_relu": (case((5,), slope=0.1), *ANY_RANK),
    "local_response_norm": (case((8, 7, 4)), case((None, None, 4), size=3), case((8, 7, 4), size=3, mean=True, k=1.0)),
    "lp_pool": (*windows({"size": (3,)}, KNOWN_POOLING), case((8, 7, 4), size=(2,), p=3.0, padding="same")),
    "max_pool": (*windows({"size": (3,)}, POOLING), case((7, 9, 4), size=(2, 3), stride=(3, 1), round="up")),
    "maximum": TWO,
    "multiply": (
        *TWO,
        case((8, 7, 4), (1, 1, 4)),
        case((None, None, 4), (1, 1, 4)),
        case((8, 7, 1), (8, 7, 4), (1, 7, 4)),
    ),
    "pad": (
        *windows({}, {"margins": (((1,),), ((0, 2),)), "fill": ("zeros", "edge", "reflect")}),
        case((8, 7, 4), margins=((1, 2), (0, 3)), fill="edge"),
        case((8, 7, 4), margins=((0,),)),
    ),
    "partial_conv": (
        *windows({"connections": ROWS, "kernel": (3,)}, CONVOLUTION),
        case((8, 7, 4), connections=ROWS, kernel=(2, 3), bias=False, fill="edge", padding="same", activation="tanh"),
    ),
    "rbf": (
        case((3,), codes=((1, -1, 1), (-1, 1, 1))),
        case((None, 3), codes=((1, -1, 1),)),
        case((84,), codes="digits_7x12"),
    ),
    "reshape": (
        case((8, 6), shape=(4, 4, 3)),
        case((8, 6), shape=(-1, 4)),
        case((4, 3), shape=(12,)),
        case((None, 6), shape=(-1, 4)),
        case((None, None, 6), shape=(2, -1, 3)),
        case((None, 6), shape=(4, 3)),
    ),
    "split": (case((8, 7, 4), parts=(2,)), case((None, 4), parts=(1, 3)), case((6,), parts=(3,))),
    "trainable_pool": with_fields(ANY_RANK[1:], size=(2,)),
    "weighted_average_pool": (
        *windows({"size": (3,)}, {"padding": ("valid", "half", "same"), "stride": (None, (1,), (2,))}),
        case((8, 7, None), size=(3,)),
        case((8, 7, 4), size=(2,), coefficients=((1, 2), (3, 4)), fill="reflect", padding="half"),
    ),
}
