"""Max pooling: the course's example, Caffe's rounding, and values against loops."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from archspec.ir.op import ShapeError
from archspec.ir.shape import Shape
from archspec.ops.max_pool import MaxPool
from tests.op_cases import KNOWN_POOLING, POOLING, Case, case, windows
from tests.ops.by_hand import pool
from tests.ops.pool_cases import PoolCase, pool_cases
from tests.ops.running import course, image, run, run_open, shape_of

CONFORMANCE: dict[str, tuple[Case, ...]] = {
    "max_pool": (
        *windows({"size": (3,)}, POOLING),
        case((7, 9, 4), size=(2, 3), stride=(3, 1), round="up"),
        *windows({"size": (3,), "count_padding": True}, KNOWN_POOLING),
        case((7, 8, 4), size=(3,), stride=(2,), padding="same", count_padding=True),
    ),
}


def largest(window: Any, _: int) -> Any:
    return window.max(axis=1)


def test_the_courses_example() -> None:
    result = run(MaxPool(size=(2,)), course())
    assert result[0, :, :, 0].tolist() == [[8, 4, 9], [9, 8, 9], [7, 9, 10]]


def test_the_stride_is_the_size_unless_given() -> None:
    assert MaxPool(size=(3,)).infer_shapes((Shape((9, 9, 1)),)) == (Shape((3, 3, 1)),)
    assert MaxPool(size=(3,), stride=(1,)).infer_shapes((Shape((9, 9, 1)),)) == (Shape((7, 7, 1)),)
    assert MaxPool(size=(3, 2)).infer_shapes((Shape((9, 9, 1)),)) == (Shape((3, 4, 1)),)


def test_steps_wider_than_the_window_begin_at_the_first_value_on_three_axes() -> None:
    # TensorFlow's own `same` pooling of three axes begins elsewhere.
    op = MaxPool(size=(1,), stride=(1, 3, 1), padding="same")
    values = image(1, 3, 1, 2)
    np.testing.assert_array_equal(run(op, values), values[:, :, :1])


@settings(max_examples=40, deadline=None)
@given(case=pool_cases())
def test_values_follow_the_definition(case: PoolCase) -> None:
    op = MaxPool(**case.fields)
    values = image(*case.shape) - 5  # zeros in the padding would win over these
    if not case.fits:
        with pytest.raises(ShapeError, match="must fit into its input"):
            op.infer_shapes((shape_of(values),))
        return
    result = run(op, values)
    expected = pool(values, case.size, case.stride, case.margins, largest, up=case.up)
    assert op.infer_shapes((shape_of(values),))[0].dims == result.shape[1:] == expected.shape[1:]
    np.testing.assert_array_equal(result, expected)


@settings(max_examples=20, deadline=None)
@given(case=pool_cases())
def test_zeros_that_count_are_those_of_a_padded_input(case: PoolCase) -> None:
    if not case.fits:
        return
    values = image(*case.shape) - 5
    padded = np.pad(values, ((0, 0), *case.margins, (0, 0)))
    none = ((0, 0),) * len(case.size)
    expected = pool(padded, case.size, case.stride, none, largest, up=case.up)
    result = run(MaxPool(**case.fields, count_padding=True), values)
    places = tuple(slice(length) for length in result.shape[1:-1])  # a window that starts in the padding is left out
    np.testing.assert_array_equal(result, expected[:, *places])


def test_zeros_that_count_need_the_size_that_same_depends_on() -> None:
    with pytest.raises(ShapeError, match="same"):
        MaxPool(size=(3,), stride=(2,), padding="same", count_padding=True).infer_shapes((Shape((None, 8, 4)),))


@pytest.mark.parametrize(
    "op",
    [
        MaxPool(size=(3,), stride=(2,), padding="same"),
        MaxPool(size=(3,), stride=(2,), padding="half"),
        MaxPool(size=(3,), stride=(2,), round="up"),
        MaxPool(size=(3,), stride=(1,), padding=((1,),)),
        MaxPool(size=(3,), stride=(2,), padding=((1,),), round="up"),
    ],
    ids=str,
)
@pytest.mark.parametrize("shape", [(6, 7, 2), (7, 3, 2)])
def test_open_sizes_give_the_known_sizes_value(op: MaxPool, shape: tuple[int, ...]) -> None:
    values = image(*shape) - 5
    np.testing.assert_array_equal(run_open(op, values), run(op, values))


def test_padding_that_keras_has_is_left_to_keras() -> None:
    given = (Shape((8, 8, 3)),)
    assert set(MaxPool(size=(3,), stride=(1,), padding="half").to_keras(given).layers) == {""}
    assert set(MaxPool(size=(3,), stride=(2,), padding="half").to_keras(given).layers) == {"pad", ""}


@pytest.mark.parametrize(
    ("size", "stride", "given", "out"),
    [
        (3, 2, 112, 56),  # GoogLeNet, pool1
        (3, 2, 32, 16),  # Caffe's cifar10_quick, pool1
        (3, 2, 55, 27),  # AlexNet, pool1
    ],
)
def test_rounding_up_counts_as_caffe(size: int, stride: int, given: int, out: int) -> None:
    op = MaxPool(size=(size,), stride=(stride,), round="up")
    assert op.infer_shapes((Shape((given, given, 64)),)) == (Shape((out, out, 64)),)


@pytest.mark.parametrize(
    ("fields", "given", "field", "message"),
    [
        ({"size": (7,)}, (5, 5, 3), "size", "a window of 7x7 must fit"),
        ({"size": (2, 2)}, (5, 5, 5, 3), "size", "needs 1 or 3 numbers"),
        ({"size": (2,), "stride": (1, 1)}, (5, 3), "stride", "needs 1 or 1 numbers"),
        ({"size": (2,), "padding": ((2,),)}, (5, 5, 3), "padding", r"below the window's size, got \[2, 2\], \[2, 2\]"),
        ({"size": (2,), "stride": (3,), "round": "up"}, (None, 5, 3), "round", "input of known size"),
        ({"size": (2,)}, (5,), None, "the input must be"),
    ],
)
def test_what_it_cannot_take(
    fields: dict[str, Any], given: tuple[int | None, ...], field: str | None, message: str
) -> None:
    with pytest.raises(ShapeError, match=message) as caught:
        MaxPool(**fields).infer_shapes((Shape(given),))
    assert caught.value.field == field
