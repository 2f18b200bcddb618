"""Padding: values against NumPy's, for each fill and rank."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from archspec.ir.op import ShapeError
from archspec.ir.shape import Shape
from archspec.ops.pad import Pad
from tests.op_cases import Case, case, windows
from tests.ops.by_hand import surround
from tests.ops.running import image, run, run_open, shape_of

CONFORMANCE: dict[str, tuple[Case, ...]] = {
    "pad": (
        *windows({}, {"margins": (((1,),), ((0, 2),)), "fill": ("zeros", "edge", "reflect")}),
        case((8, 7, 4), margins=((1, 2), (0, 3)), fill="edge"),
        case((8, 7, 4), margins=((0,),)),
    ),
}

MARGINS: list[tuple[tuple[int, ...], tuple[tuple[int, ...], ...], tuple[tuple[int, int], ...]]] = [
    ((4, 2), ((2,),), ((2, 2),)),
    ((4, 2), ((0, 3),), ((0, 3),)),
    ((4, 5, 2), ((1,),), ((1, 1), (1, 1))),
    ((4, 5, 2), ((1,), (2,)), ((1, 1), (2, 2))),
    ((4, 5, 2), ((0, 1), (3, 0)), ((0, 1), (3, 0))),
    ((4, 5, 2), ((0,),), ((0, 0), (0, 0))),
    ((3, 4, 5, 2), ((1, 2), (0,), (0, 1)), ((1, 2), (0, 0), (0, 1))),
]


@pytest.mark.parametrize("fill", ["zeros", "edge", "reflect"])
@pytest.mark.parametrize(("shape", "margins", "pairs"), MARGINS)
def test_values_are_numpys(shape: tuple[int, ...], margins: Any, pairs: Any, fill: Any) -> None:
    op, values = Pad(margins=margins, fill=fill), image(*shape)
    expected = surround(values, pairs, fill)
    np.testing.assert_array_equal(run(op, values), expected)
    np.testing.assert_array_equal(run_open(op, values), expected)
    assert op.infer_shapes((shape_of(values),))[0].dims == expected.shape[1:]


def test_open_sizes_stay_open() -> None:
    assert Pad(margins=((1, 2),)).infer_shapes((Shape((None, 4, None)),)) == (Shape((None, 7, None)),)


def test_an_edge_may_be_wider_than_the_input() -> None:
    values = np.array([[[1], [2]]], dtype="float32")
    assert run(Pad(margins=((3, 1),), fill="edge"), values).ravel().tolist() == [1, 1, 1, 1, 2, 2]


@pytest.mark.parametrize(
    ("fields", "given", "field", "message"),
    [
        ({"margins": ((4,),), "fill": "reflect"}, (4, 5, 3), "margins", "mirrored values"),
        ({"margins": ((1,), (1,), (1,))}, (4, 5, 3), "margins", "needs one amount"),
        ({"margins": ((1,),)}, (4,), None, "the input must be"),
    ],
)
def test_what_it_cannot_take(fields: dict[str, Any], given: tuple[int, ...], field: str | None, message: str) -> None:
    with pytest.raises(ShapeError, match=message) as caught:
        Pad(**fields).infer_shapes((Shape(given),))
    assert caught.value.field == field
