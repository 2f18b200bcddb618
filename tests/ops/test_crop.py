"""`crop`. Expected values are numpy's slices."""

import keras
import numpy as np
import pytest

from archspec.ir.op import ShapeError
from archspec.ir.shape import Shape
from archspec.keras_backend.build import apply
from archspec.ops.crop import Crop
from tests.op_cases import Case, case, windows

CONFORMANCE: dict[str, tuple[Case, ...]] = {
    "crop": (
        *windows({}, {"margins": (((1,),), ((2, 0),))}),
        case((8, 7, 4), margins=((0, 1), (2, 3))),
        case((8, 7, 4), margins=((1,), (2,))),
    ),
}


@pytest.mark.parametrize(
    ("margins", "dims", "spatial"),
    [
        (((2,),), (8, 3), [slice(2, 6)]),
        (((2, 3),), (8, 3), [slice(2, 5)]),
        (((1,),), (8, 7, 3), [slice(1, 7), slice(1, 6)]),
        (((1,), (2,)), (8, 7, 3), [slice(1, 7), slice(2, 5)]),
        (((1, 0), (0, 3)), (8, 7, 3), [slice(1, 8), slice(0, 4)]),
        (((0,),), (1, 1, 1), [slice(0, 1), slice(0, 1)]),
        (((1,),), (3, 4, 5, 2), [slice(1, 2), slice(1, 3), slice(1, 4)]),
    ],
)
def test_agrees_with_numpy(margins: tuple[tuple[int, ...], ...], dims: tuple[int, ...], spatial: list[slice]) -> None:
    values = np.random.default_rng(0).normal(size=(2, *dims)).astype("float32")
    (result,), _ = apply(Crop(margins=margins).to_keras((Shape(dims),)), [values], "node")
    expected = values[(slice(None), *spatial)]
    np.testing.assert_array_equal(result, expected)
    assert Crop(margins=margins).infer_shapes((Shape(dims),)) == (Shape(expected.shape[1:]),)


def test_open_sizes_stay_open() -> None:
    inputs = (Shape((None, 8, None)),)
    (result,), _ = apply(Crop(margins=((1,),)).to_keras(inputs), [keras.Input((None, 8, None))], "node")
    assert Crop(margins=((1,),)).infer_shapes(inputs) == (Shape((None, 6, None)),)
    assert result.shape == (None, None, 6, None)


@pytest.mark.parametrize(("margins", "cuts"), [(((4,),), "8 and 8"), (((0, 0), (5, 3)), "0 and 8")])
def test_something_must_be_left(margins: tuple[tuple[int, ...], ...], cuts: str) -> None:
    with pytest.raises(ShapeError) as error:
        Crop(margins=margins).infer_shapes((Shape((9, 8, 3)),))
    assert error.value.message == f"`margins` must leave something of each axis, got {cuts} to cut off 9x8"
    assert error.value.field == "margins"


@pytest.mark.parametrize("margins", [(), ((1,), (1,), (1,)), ((1, 2, 3),), ((),)])
def test_margins_for_other_axes_are_refused(margins: tuple[tuple[int, ...], ...]) -> None:
    with pytest.raises(ShapeError, match="`margins` needs one amount"):
        Crop(margins=margins).infer_shapes((Shape((9, 8, 3)),))


def test_an_input_without_spatial_axes_is_refused() -> None:
    with pytest.raises(ShapeError, match="the input must be"):
        Crop(margins=((1,),)).infer_shapes((Shape((9,)),))


def test_negative_margins_are_refused() -> None:
    with pytest.raises(ValueError, match="margins"):
        Crop(margins=((-1,),))
