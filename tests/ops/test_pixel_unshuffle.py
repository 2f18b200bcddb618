"""`pixel_unshuffle`. Expected values are TensorFlow's, and those that `pixel_shuffle` takes back."""

from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from archspec.ir.op import ShapeError
from archspec.ir.reach import Window
from archspec.ir.shape import Dim, Shape
from archspec.ops.pixel_unshuffle import PixelUnshuffle
from tests.op_cases import Case, case
from tests.ops.running import image, run, run_open, shape_of
from tests.ops.test_pixel_shuffle import by_hand

CONFORMANCE: dict[str, tuple[Case, ...]] = {
    "pixel_unshuffle": tuple(
        case(shape, size=2, order=order)
        for order in ("blocks", "channels")
        for shape in ((4, 6, 3), (8, 4), (None, 4), (None, 6, 4), (None, None, 8), (2, 4, 4, 3), (None, 2, None, 8))
    ),
}


@pytest.mark.parametrize("order", ["blocks", "channels"])
@pytest.mark.parametrize(
    ("dims", "size"), [((4, 6, 2), 2), ((3, 6, 2), 3), ((6, 5), 3), ((2, 4, 2, 3), 2), ((3, 2, 4), 1)]
)
def test_it_is_the_inverse_of_the_shuffle(dims: Any, size: int, order: Any) -> None:
    values, op = image(*dims), PixelUnshuffle(size=size, order=order)
    result = run(op, values)
    np.testing.assert_array_equal(by_hand(result, size, order), values)
    np.testing.assert_array_equal(run_open(op, values), result)
    assert op.infer_shapes((shape_of(values),)) == (shape_of(result),)


def test_the_default_is_tensorflows() -> None:
    values = image(4, 6, 2)
    np.testing.assert_array_equal(run(PixelUnshuffle(size=2), values), tf.nn.space_to_depth(values, 2))


def test_a_position_sees_its_block() -> None:
    op, inputs = PixelUnshuffle(size=2), (Shape((4, None, 3)),)
    assert op.reach(inputs) == (Window(2, 2, 0), Window(2, 2, 0))
    assert op.derivation(inputs, op.infer_shapes(inputs)) == (
        "height: 4 / 2 = 2",
        "width: ? / 2 = ?",
        "channels: 3·4 = 12",
    )


@pytest.mark.parametrize(
    ("dims", "field", "message"),
    [
        ((4,), None, "the input must be"),
        ((4, 4, None), None, "must be known"),
        ((4, 5, 3), "size", "`size` must divide the input's sizes, got 2 for 4x5"),
    ],
)
def test_what_it_cannot_take(dims: tuple[Dim, ...], field: str | None, message: str) -> None:
    with pytest.raises(ShapeError, match=message) as caught:
        PixelUnshuffle(size=2).infer_shapes((Shape(dims),))
    assert caught.value.field == field
