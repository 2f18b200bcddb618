"""`dropout`. Expected values follow from its definition."""

import numpy as np
import pytest

from archspec.ir.shape import Shape
from archspec.keras_backend.build import apply
from archspec.ops.dropout import Dropout
from tests.op_cases import ANY_RANK, Case, with_fields

CONFORMANCE: dict[str, tuple[Case, ...]] = {
    "dropout": with_fields(ANY_RANK, rate=0.5),
}


@pytest.mark.parametrize("dims", [(), (3,), (None, None, 3)])
def test_keeps_every_shape(dims: tuple[int | None, ...]) -> None:
    assert Dropout(rate=0.5).infer_shapes((Shape(dims),)) == (Shape(dims),)


def test_hands_its_input_through_outside_training() -> None:
    values = np.ones((2, 50), "float32")
    (result,), _ = apply(Dropout(rate=0.5).to_keras((Shape((50,)),)), [values], "node")
    np.testing.assert_array_equal(result, values)


def test_training_zeroes_some_values_and_scales_the_others() -> None:
    values = np.ones((1, 4000), "float32")
    _, layers = apply(Dropout(rate=0.75).to_keras((Shape((4000,)),)), [values], "node")
    result = np.asarray(layers[""](values, training=True))
    assert set(np.unique(result)) == {0.0, 4.0}
    assert 0.7 < np.mean(result == 0) < 0.8


def test_a_rate_of_zero_keeps_all() -> None:
    values = np.ones((1, 8), "float32")
    _, layers = apply(Dropout(rate=0.0).to_keras((Shape((8,)),)), [values], "node")
    np.testing.assert_array_equal(layers[""](values, training=True), values)


@pytest.mark.parametrize("rate", [-0.1, 1.0, 1.5])
def test_rates_outside_zero_to_one_are_refused(rate: float) -> None:
    with pytest.raises(ValueError, match="rate"):
        Dropout(rate=rate)
