"""`stochastic_depth`. Expected values follow from its definition."""

import keras
import numpy as np
import pytest

from archspec.ir.shape import Shape
from archspec.keras_backend.build import apply
from archspec.ops.stochastic_depth import StochasticDepth
from tests.op_cases import ANY_RANK, Case, with_fields
from tests.ops.running import image, run

CONFORMANCE: dict[str, tuple[Case, ...]] = {
    "stochastic_depth": with_fields(ANY_RANK, rate=0.5),
}


@pytest.mark.parametrize("dims", [(), (3,), (None, None, 3)])
def test_keeps_every_shape(dims: tuple[int | None, ...]) -> None:
    assert StochasticDepth(rate=0.5).infer_shapes((Shape(dims),)) == (Shape(dims),)


def test_hands_its_input_through_outside_training() -> None:
    values = image(3, 4)
    np.testing.assert_array_equal(run(StochasticDepth(rate=0.5), values), values)


@pytest.mark.parametrize("dims", [(), (4,), (2, 4), (2, 3, 4), (2, 3, 2, 4)])
def test_training_zeroes_or_scales_an_example_as_a_whole(dims: tuple[int, ...]) -> None:
    values = np.ones((2000, *dims), "float32")
    op = StochasticDepth(rate=0.75)
    _, layers = apply(op.to_keras((Shape(dims),)), [values], "node")
    result = np.asarray(layers[""](values, training=True)).reshape(2000, -1)
    assert set(np.unique(result)) == {0.0, 4.0}  # 1 / (1 - 0.75)
    assert (result == result[:, :1]).all()
    assert 0.7 < np.mean(result[:, 0] == 0) < 0.8


def test_examples_of_open_size_are_drawn_one_by_one() -> None:
    dims = (None, None, 1)
    given = keras.Input(dims)
    (result,), _ = apply(StochasticDepth(rate=0.5).to_keras((Shape(dims),)), [given], "node")
    drawn = keras.Model(given, result)(np.ones((500, 2, 3, 1), "float32"), training=True)
    kept = np.asarray(drawn).reshape(500, -1)
    assert (kept == kept[:, :1]).all()
    assert 0.4 < np.mean(kept[:, 0] == 0) < 0.6


@pytest.mark.parametrize("rate", [-0.1, 1.0])
def test_rates_outside_zero_to_one_are_refused(rate: float) -> None:
    with pytest.raises(ValueError, match="rate"):
        StochasticDepth(rate=rate)
