"""`permute`. Expected values are numpy's."""

from typing import Any

import numpy as np
import pytest

from archspec.ir.op import ShapeError
from archspec.ir.shape import Shape
from archspec.ops.permute import Permute
from tests.op_cases import Case, case
from tests.ops.running import image, run

CONFORMANCE: dict[str, tuple[Case, ...]] = {
    "permute": (
        case((8, 7, 4), order=(3, 1, 2)),
        case((8, 7, 4), order=(1, 2, 3)),
        case((9, 4), order=(2, 1)),
        case((None, 7, 4), order=(2, 1, 3)),
        case((5,), order=(1,)),
    ),
}


@pytest.mark.parametrize("order", [(2, 1), (1, 2), (3, 1, 2), (2, 3, 1), (4, 3, 1, 2)])
def test_values_are_numpys(order: tuple[int, ...]) -> None:
    values = image(*(5, 3, 2, 4)[: len(order)])
    expected = np.transpose(values, (0, *order))
    np.testing.assert_array_equal(run(Permute(order=order), values), expected)
    assert Permute(order=order).infer_shapes((Shape(values.shape[1:]),)) == (Shape(expected.shape[1:]),)


@pytest.mark.parametrize(
    ("order", "dims"), [((1, 1), (4, 5)), ((0,), ()), ((1, 2), (4, 5, 6)), ((2, 3), (4, 5)), ((1,), ())]
)
def test_what_it_cannot_take(order: tuple[int, ...], dims: Any) -> None:
    if 0 in order:
        with pytest.raises(ValueError, match="greater than or equal to 1"):
            Permute(order=order)
        return
    with pytest.raises(ShapeError, match="`order` must hold each of the input's axes once") as caught:
        Permute(order=order).infer_shapes((Shape(dims),))
    assert caught.value.field == "order"
