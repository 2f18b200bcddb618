"""Trainable pooling: LeNet-5's figures, and values by hand."""

from __future__ import annotations

import numpy as np
import pytest

from archspec.ir.op import Cost, ShapeError, Weight
from archspec.ir.shape import Shape
from archspec.ops.average_pool import AveragePool
from archspec.ops.trainable_pool import TrainablePool
from tests.op_cases import ANY_RANK, Case, with_fields
from tests.ops.running import course, image, run

CONFORMANCE: dict[str, tuple[Case, ...]] = {
    "trainable_pool": with_fields(ANY_RANK[1:], size=(2,)),
}


@pytest.mark.parametrize(
    ("given", "out", "parameters", "connections"),
    [
        ((28, 28, 6), (14, 14, 6), 12, 5_880),  # LeNet-5, S2
        ((10, 10, 16), (5, 5, 16), 32, 2_000),  # LeNet-5, S4
    ],
)
def test_counts_are_the_papers(given: tuple[int, ...], out: tuple[int, ...], parameters: int, connections: int) -> None:
    op = TrainablePool(size=(2,))
    inputs = (Shape(given),)
    assert op.infer_shapes(inputs) == (Shape(out),)
    assert sum(weight.size for weight in op.weights(inputs)) == parameters
    assert op.cost(inputs, op.infer_shapes(inputs)) == Cost(0, connections)


def test_it_is_the_sum_times_a_coefficient_plus_a_bias() -> None:
    # The windows' sums by hand: 0 + 5 + 8 + 2 = 15, 4 + 3 + 0 + 0 = 7, and so on.
    sums = np.array([[15, 7, 15], [23, 14, 19], [11, 25, 19]])
    result = run(TrainablePool(size=(2,)), course(), weights={"coefficient": [0.5], "bias": [-1]})
    np.testing.assert_allclose(result[0, :, :, 0], 0.5 * sums - 1, rtol=1e-6)


def test_each_channel_has_its_own_pair() -> None:
    # A length of 3 leaves its last value out: the sum is of the first two, 1 + 2 and 10 + 20.
    values = np.array([[[1, 10], [2, 20], [3, 30]]], dtype="float32")
    result = run(TrainablePool(size=(2,)), values, weights={"coefficient": [1, 2], "bias": [0, 5]})
    assert result.ravel().tolist() == [3, 65]


@pytest.mark.parametrize("shape", [(7, 2), (4, 5, 2), (4, 2, 3, 2)])
def test_it_starts_as_the_mean(shape: tuple[int, ...]) -> None:
    values = image(*shape)
    np.testing.assert_allclose(run(TrainablePool(size=(2,)), values), run(AveragePool(size=(2,)), values), atol=1e-6)


def test_weights_and_open_sizes() -> None:
    op = TrainablePool(size=(2, 3))
    given = (Shape((None, 9, 4)),)
    assert op.infer_shapes(given) == (Shape((None, 3, 4)),)
    assert op.weights(given) == (Weight("coefficient", (4,)), Weight("bias", (4,)))
    assert op.cost(given, op.infer_shapes(given)) == Cost(0, None)


@pytest.mark.parametrize(
    ("given", "field", "message"),
    [
        ((1, 5, 3), "size", "a window of 2x2 must fit"),
        ((5, 5, None), None, "channels must be known"),
        ((5,), None, "the input must be"),
    ],
)
def test_what_it_cannot_take(given: tuple[int | None, ...], field: str | None, message: str) -> None:
    with pytest.raises(ShapeError, match=message) as caught:
        TrainablePool(size=(2,)).infer_shapes((Shape(given),))
    assert caught.value.field == field
