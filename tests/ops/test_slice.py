"""`slice`. Expected values are numpy's."""

from typing import Any

import numpy as np
import pytest

from archspec.ir.op import ShapeError
from archspec.ir.reach import POINT, Window
from archspec.ir.shape import Shape
from archspec.ir.size import named_size
from archspec.ops.slice import Slice
from tests.op_cases import ANY_RANK, Case, case, with_fields
from tests.ops.running import image, run, run_open, shape_of

CONFORMANCE: dict[str, tuple[Case, ...]] = {
    "slice": (
        *with_fields(ANY_RANK, start=1, size=2),
        *with_fields(ANY_RANK[1:], start=1, step=2, axis="rows"),
        case((8, 7, 4), start=2, step=3, size=2, axis="columns"),
        case((5, 6, 7, 4), start=4, axis="depth"),
        case((None, 7, 4)),
    ),
}


@pytest.mark.parametrize(
    ("dims", "fields", "kept"),
    [
        ((6,), {"start": 2}, (slice(2, None),)),
        ((7, 6), {"start": 1, "size": 3}, (slice(None), slice(1, 4))),
        ((7, 6), {"start": 1, "step": 2, "axis": "rows"}, (slice(1, None, 2),)),
        ((7, 6), {"start": 1, "step": 3, "size": 2, "axis": "rows"}, (slice(1, 5, 3),)),
        ((4, 7, 6), {"step": 4, "axis": "columns"}, (slice(None), slice(None, None, 4))),
        ((4, 7, 6), {"start": 3, "axis": "rows"}, (slice(3, None),)),
        ((4, 7, 6, 2), {"size": 1, "axis": "depth"}, (slice(0, 1),)),
        ((4, 7, 6, 2), {"start": 2, "size": 4, "axis": "columns"}, (slice(None), slice(None), slice(2, 6))),
        ((4, 7, 6), {}, ()),
    ],
)
def test_values_are_numpys(dims: Any, fields: Any, kept: Any) -> None:
    values, op = image(*dims), Slice(**fields)
    expected = values[(slice(None), *kept)]
    np.testing.assert_array_equal(run(op, values), expected)
    np.testing.assert_array_equal(run_open(op, values), expected)
    assert op.infer_shapes((shape_of(values),)) == (shape_of(expected),)


def test_an_open_size_has_its_formula() -> None:
    height = named_size("height")
    op, inputs = Slice(start=1, step=2, axis="rows"), (Shape((height, 8, 3)),)
    assert op.infer_shapes(inputs) == (Shape((height // 2, 8, 3)),)
    assert op.reach(inputs) == (Window(1, 2, -1), POINT)
    assert op.derivation(inputs, op.infer_shapes(inputs)) == ("rows: ceil((height - 1) / 2) = height//2",)


@pytest.mark.parametrize(
    ("fields", "dims", "field", "message"),
    [
        ({"start": 4}, (3, 4), "start", "the channels must reach as far as what is taken of them, got 4 for number 5"),
        ({"start": 2, "size": 3}, (3, 4), "size", "got 4 for number 5"),
        ({"start": 5, "size": 3}, (3, 4), "start", "got 4 for number 8"),
        ({"size": 3, "step": 2, "axis": "rows"}, (4, 4), "size", "the rows must reach .* got 4 for number 5"),
        ({"axis": "depth"}, (4, 4), "axis", "must have the axis `depth`"),
    ],
)
def test_what_it_cannot_take(fields: dict[str, Any], dims: tuple[int, ...], field: str, message: str) -> None:
    with pytest.raises(ShapeError, match=message) as caught:
        Slice(**fields).infer_shapes((Shape(dims),))
    assert caught.value.field == field
