"""`repeat_vector`. Expected values are numpy's."""

import numpy as np
import pytest

from archspec.ir.op import ShapeError
from archspec.ir.shape import Shape
from archspec.ops.repeat_vector import RepeatVector
from tests.op_cases import Case, case
from tests.ops.running import image, run

CONFORMANCE: dict[str, tuple[Case, ...]] = {
    "repeat_vector": (case((5,), times=3), case((5,), times=1), case((None,), times=3)),
}


def test_every_position_is_the_vector() -> None:
    values = image(5)
    np.testing.assert_array_equal(run(RepeatVector(times=3), values), np.stack([values] * 3, axis=1))


@pytest.mark.parametrize("dims", [(3, 5), (3, 3, 5)])
def test_what_is_no_vector_is_refused(dims: tuple[int, ...]) -> None:
    with pytest.raises(ShapeError, match="the input must be a vector"):
        RepeatVector(times=2).infer_shapes((Shape(dims),))


def test_it_is_there_at_least_once() -> None:
    with pytest.raises(ValueError, match="times"):
        RepeatVector(times=0)
