"""`adaptive_average_pool`. Expected values are those of PyTorch's documented windows, by hand."""

from typing import Any

import numpy as np
import pytest

from archspec.ir.op import ShapeError
from archspec.ir.reach import POINT, Window
from archspec.ir.shape import Shape
from archspec.ops.adaptive_average_pool import AdaptiveAveragePool
from tests.op_cases import IMAGES, Case, case
from tests.ops.running import image, run, run_open, shape_of

CONFORMANCE: dict[str, tuple[Case, ...]] = {
    "adaptive_average_pool": (
        *(case(shape, size=(3,)) for shape in IMAGES),
        case((8, 7, 4), size=(4, 7)),
        case((8, 7, 4), size=(1, 9)),
        case((None, 7, 4), size=(2, 10)),
    ),
}


def pooled(values: Any, sizes: tuple[int, ...]) -> Any:
    for axis, count in enumerate(sizes, start=1):
        size = values.shape[axis]
        parts = np.split(values, size, axis=axis)
        spans = [(place * size // count, -(-(place + 1) * size // count)) for place in range(count)]
        means = [np.mean(np.concatenate(parts[first:last], axis), axis, keepdims=True) for first, last in spans]
        values = np.concatenate(means, axis)
    return values


@pytest.mark.parametrize(
    ("dims", "size"), [((7,), (5,)), ((4,), (6,)), ((8, 7), (3, 1)), ((5, 6), (5, 4)), ((5, 4, 3), (2, 4, 2))]
)
def test_values_are_those_of_the_windows(dims: Any, size: Any) -> None:
    values, op = image(*dims, 2), AdaptiveAveragePool(size=size)
    expected = pooled(values, size)
    np.testing.assert_allclose(run(op, values), expected, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(run_open(op, values), expected, rtol=1e-5, atol=1e-6)
    assert op.infer_shapes((shape_of(values),)) == (shape_of(expected),)


def test_windows_of_one_size_are_said() -> None:
    op, inputs = AdaptiveAveragePool(size=(3,)), (Shape((6, 3, 1)),)
    assert op.reach(inputs) == (Window(2, 2, 0), POINT)
    assert op.reach((Shape((7, None, 1)),)) == (None, None)
    # Of 7 positions: 0 to 2, 2 to 4, 4 to 6.
    assert op.derivation((Shape((7, 6, 1)),), ()) == ("height: 3 windows over 7, of 3", "width: 3 windows over 6, of 2")
    assert AdaptiveAveragePool(size=(5,)).derivation((Shape((7, 1)),), ()) == ("length: 5 windows over 7, of 2 or 3",)


@pytest.mark.parametrize(
    ("size", "dims", "field", "message"),
    [((2,), (4,), None, "the input must be"), ((2, 2, 2), (4, 4, 1), "size", "needs 1 or 2 numbers")],
)
def test_what_it_cannot_take(size: Any, dims: tuple[int, ...], field: str | None, message: str) -> None:
    with pytest.raises(ShapeError, match=message) as caught:
        AdaptiveAveragePool(size=size).infer_shapes((Shape(dims),))
    assert caught.value.field == field
