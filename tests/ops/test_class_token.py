"""`class_token`. Expected values follow from its definition."""

import numpy as np
import pytest

from archspec.ir.op import ShapeError
from archspec.ir.shape import Shape
from archspec.ir.size import named_size
from archspec.ops.class_token import ClassToken
from tests.op_cases import Case, case
from tests.ops.running import image, run

CONFORMANCE: dict[str, tuple[Case, ...]] = {"class_token": (case((5, 4)), case((1, 3)), case((None, 4)))}


def test_the_token_stands_first_and_all_else_after_it() -> None:
    values, token = image(3, 4), np.array([[[1.0, 2.0, 3.0, 4.0]]])
    expected = np.concatenate([np.repeat(token, 2, axis=0), values], axis=1)
    np.testing.assert_allclose(run(ClassToken(), values, weights={"token": token}), expected)


def test_it_begins_as_zeros() -> None:
    np.testing.assert_array_equal(run(ClassToken(), image(3, 4))[:, 0], np.zeros((2, 4)))


def test_an_open_length_grows_by_one() -> None:
    steps = named_size("steps")
    assert ClassToken().infer_shapes((Shape((steps, 4)),)) == (Shape((steps + 1, 4)),)


@pytest.mark.parametrize("dims", [(4,), (3, 3, 4), (3, None)])
def test_what_is_no_sequence_is_refused(dims: tuple[int, ...]) -> None:
    with pytest.raises(ShapeError, match=r"sequence|channels must be known"):
        ClassToken().infer_shapes((Shape(dims),))
