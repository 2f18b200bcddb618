"""`reshape`. Expected values and shapes are numpy's and Keras'."""

import keras
import numpy as np
import pytest

from archspec.ir.op import ShapeError
from archspec.ir.shape import Dim, Shape
from archspec.keras_backend.build import apply
from archspec.ops.reshape import Reshape
from tests.op_cases import Case, case

CONFORMANCE: dict[str, tuple[Case, ...]] = {
    "reshape": (
        case((8, 6), shape=(4, 4, 3)),
        case((8, 6), shape=(-1, 4)),
        case((4, 3), shape=(12,)),
        case((None, 6), shape=(-1, 4)),
        case((None, None, 6), shape=(2, -1, 3)),
        case((None, 6), shape=(4, 3)),
    ),
}


@pytest.mark.parametrize(
    ("dims", "shape"),
    [
        ((24,), (2, 3, 4)),
        ((2, 3, 4), (24,)),
        ((2, 3, 4), (-1, 4)),
        ((2, 3, 4), (3, -1)),
        ((1,), (-1,)),
        ((6,), (1, 6, 1)),
    ],
)
def test_agrees_with_numpy(dims: tuple[int, ...], shape: tuple[int, ...]) -> None:
    values = np.random.default_rng(0).normal(size=(2, *dims)).astype("float32")
    op = Reshape(shape=shape)
    (result,), _ = apply(op.to_keras((Shape(dims),)), [values], "node")
    expected = values.reshape(2, *shape)
    np.testing.assert_array_equal(result, expected)
    assert op.infer_shapes((Shape(dims),)) == (Shape(expected.shape[1:]),)


@pytest.mark.parametrize(
    ("dims", "shape", "expected"),
    [
        ((None, 8), (-1, 4), (None, 4)),
        ((None, None, 3), (-1, 3), (None, 3)),
        ((None, 8), (2, -1, 3), (2, None, 3)),
        ((None, 8), (6, 4), (6, 4)),
    ],
)
def test_open_sizes_agree_with_keras(dims: tuple[Dim, ...], shape: tuple[int, ...], expected: tuple[Dim, ...]) -> None:
    op = Reshape(shape=shape)
    (result,), _ = apply(op.to_keras((Shape(dims),)), [keras.Input(dims)], "node")
    assert op.infer_shapes((Shape(dims),)) == (Shape(expected),)
    assert result.shape == (None, *expected)


@pytest.mark.parametrize(
    ("dims", "shape", "message"),
    [
        ((24,), (5, 5), "`shape` must hold as many values as the input, got [5, 5] for (24), which holds 24"),
        ((24,), (5, -1), "`shape` must hold as many values as the input, got [5, -1] for (24), which holds 24"),
        ((None, 8), (3, 4), "`shape` must hold as many values as the input, got [3, 4] for (?, 8)"),
        ((24,), (-1, 2, -1), "at most one size in `shape` may be -1, got [-1, 2, -1]"),
        ((24,), (0, 24), "a size in `shape` must be at least 1, or -1, got [0, 24]"),
        ((None, 24), (0, -1), "a size in `shape` must be at least 1, or -1, got [0, -1]"),
        ((2,), (4, -1), "`shape` must hold as many values as the input, got [4, -1] for (2), which holds 2"),
    ],
)
def test_what_does_not_fit_is_refused(dims: tuple[Dim, ...], shape: tuple[int, ...], message: str) -> None:
    with pytest.raises(ShapeError) as error:
        Reshape(shape=shape).infer_shapes((Shape(dims),))
    assert (error.value.message, error.value.field) == (message, "shape")


@pytest.mark.parametrize("shape", [(), (-2, 3)])
def test_illegal_shapes_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="shape"):
        Reshape(shape=shape)
