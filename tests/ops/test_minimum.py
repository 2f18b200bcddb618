"""`minimum`. Expected values are numpy's."""

import numpy as np
import pytest

from archspec.ir.op import ShapeError
from archspec.ir.shape import Shape
from archspec.keras_backend.build import apply
from archspec.ops.minimum import Minimum
from tests.op_cases import TWO, Case

CONFORMANCE: dict[str, tuple[Case, ...]] = {
    "minimum": TWO,
}

VALUES = np.random.default_rng(0).normal(size=(3, 2, 4, 5)).astype("float32")


@pytest.mark.parametrize("count", [2, 3])
def test_keras_computes_it(count: int) -> None:
    inputs = (Shape((4, 5)),) * count
    (result,), _ = apply(Minimum().to_keras(inputs), list(VALUES[:count]), "node")
    np.testing.assert_allclose(result, np.min(VALUES[:count], axis=0), rtol=1e-5, atol=1e-6)


def test_open_sizes_agree_with_any_and_are_taken_from_who_knows() -> None:
    inputs = (Shape((None, 4, 8)), Shape((6, None, 8)), Shape((None, None, 8)))
    assert Minimum().infer_shapes(inputs) == (Shape((6, 4, 8)),)


def test_a_size_open_everywhere_stays_open() -> None:
    assert Minimum().infer_shapes((Shape((None, 8)),) * 2) == (Shape((None, 8)),)


@pytest.mark.parametrize(
    "dims", [(28, 28, 64), (28, 28, 1), (14, 28, 256), (1, 1, 256), (28, 256), (28, 28, 28, 256), ()]
)
def test_unequal_shapes_are_refused(dims: tuple[int, ...]) -> None:
    given, other = Shape((28, 28, 256)), Shape(dims)
    with pytest.raises(ShapeError) as error:
        Minimum().infer_shapes((given, other))
    assert error.value.message == f"`minimum` needs equal shapes, got (28, 28, 256) and {other}"


def test_a_third_input_is_compared_with_what_both_others_know() -> None:
    with pytest.raises(ShapeError) as error:
        Minimum().infer_shapes((Shape((None, 3)), Shape((4, 3)), Shape((5, 3))))
    assert error.value.message == "`minimum` needs equal shapes, got (4, 3) and (5, 3)"
