"""`pixel_shuffle`. Expected values are TensorFlow's, and PyTorch's documented formula by hand."""

from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from archspec.ir.op import ShapeError
from archspec.ir.shape import Dim, Shape
from archspec.ops.pixel_shuffle import PixelShuffle
from tests.op_cases import Case, case
from tests.ops.running import image, run, run_open, shape_of

CONFORMANCE: dict[str, tuple[Case, ...]] = {
    "pixel_shuffle": tuple(
        case(shape, size=2, order=order)
        for order in ("blocks", "channels")
        for shape in ((4, 5, 8), (9, 4), (None, 4), (None, 7, 4), (None, None, 8), (2, 3, 4, 16), (None, 2, None, 8))
    ),
}


def by_hand(values: Any, size: int, order: str) -> Any:
    """The formula, place by place of the block."""
    spatial, rank = values.shape[1:-1], values.ndim - 2
    width = values.shape[-1] // size**rank
    out = np.zeros((len(values), *(length * size for length in spatial), width), values.dtype)
    for number, place in enumerate(np.ndindex(*(size,) * rank)):
        at = (slice(None), *(slice(first, None, size) for first in place))
        out[at] = (
            values[..., number * width : (number + 1) * width]
            if order == "blocks"
            else values[..., number :: size**rank]
        )
    return out


@pytest.mark.parametrize("order", ["blocks", "channels"])
@pytest.mark.parametrize(
    ("dims", "size"), [((4, 5, 8), 2), ((3, 2, 18), 3), ((5, 6), 3), ((2, 3, 2, 16), 2), ((3, 2, 4), 1)]
)
def test_values_are_those_of_the_formula(dims: Any, size: int, order: Any) -> None:
    values, op = image(*dims), PixelShuffle(size=size, order=order)
    expected = by_hand(values, size, order)
    np.testing.assert_array_equal(run(op, values), expected)
    np.testing.assert_array_equal(run_open(op, values), expected)
    assert op.infer_shapes((shape_of(values),)) == (shape_of(expected),)


@pytest.mark.parametrize("size", [2, 3])
def test_the_default_is_tensorflows(size: int) -> None:
    values = image(4, 5, 2 * size**2)
    np.testing.assert_array_equal(run(PixelShuffle(size=size), values), tf.nn.depth_to_space(values, size))


def test_the_derivation_has_the_numbers_in_it() -> None:
    op, inputs = PixelShuffle(size=3), (Shape((4, None, 27)),)
    assert op.derivation(inputs, op.infer_shapes(inputs)) == (
        "height: 4·3 = 12",
        "width: ?·3 = ?",
        "channels: 27 / 9 = 3",
    )


@pytest.mark.parametrize(
    ("dims", "field", "message"),
    [
        ((4,), None, "the input must be"),
        ((4, 4, None), None, "must be known"),
        ((4, 4, 10), "size", "a block of 2x2 takes as many channels for each that it gives, got 10, which 4"),
        ((4, 3), "size", "a block of 2 takes"),
    ],
)
def test_what_it_cannot_take(dims: tuple[Dim, ...], field: str | None, message: str) -> None:
    with pytest.raises(ShapeError, match=message) as caught:
        PixelShuffle(size=2).infer_shapes((Shape(dims),))
    assert caught.value.field == field
