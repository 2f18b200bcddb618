"""`dense`. Expected numbers are counted by hand or computed by numpy."""

import keras
import numpy as np
import pytest

from archspec.ir.op import ShapeError, Weight
from archspec.ir.shape import Shape
from archspec.keras_backend.build import apply
from archspec.ops.dense import Dense
from tests.op_cases import ANY_RANK, Case, case, with_fields

CONFORMANCE: dict[str, tuple[Case, ...]] = {
    "dense": (
        *with_fields(ANY_RANK, units=3),
        case((5,), units=3, bias=False, activation="scaled_tanh"),
        *(case((5,), units=3, kernel_norm=norm) for norm in ("weight", "spectral", "standardize")),
    ),
}


def test_acts_on_the_last_axis_alone() -> None:
    (shape,) = Dense(units=5).infer_shapes((Shape((4, 6, 3)),))
    assert shape == Shape((4, 6, 5))


def test_open_positions_stay_open_and_leave_the_cost_open() -> None:
    inputs = (Shape((None, 3)),)
    outputs = Dense(units=5).infer_shapes(inputs)
    cost = Dense(units=5).cost(inputs, outputs)
    assert (outputs, cost.macs, cost.connections) == ((Shape((None, 5)),), None, None)


def test_last_layer_of_lenet5_f6_counts_as_the_paper_does() -> None:
    """LeCun et al., 1998, section II.B: F6 has 84 units fully connected to 120, with 10,164 trainable parameters."""
    inputs = (Shape((120,)),)
    op = Dense(units=84)
    cost = op.cost(inputs, op.infer_shapes(inputs))
    assert sum(weight.size for weight in op.weights(inputs)) == 10_164
    assert (cost.macs, cost.connections) == (120 * 84, 10_164)


def test_positions_multiply_the_cost_and_not_the_weights() -> None:
    inputs = (Shape((7, 2, 3)),)
    op = Dense(units=5, bias=False)
    cost = op.cost(inputs, op.infer_shapes(inputs))
    assert (cost.macs, cost.connections) == (7 * 2 * 3 * 5, 7 * 2 * 3 * 5)
    assert op.weights(inputs) == (Weight("kernel", (3, 5)),)


@pytest.mark.parametrize("dims", [(None,), (4, None), ()])
def test_open_channels_are_refused(dims: tuple[int | None, ...]) -> None:
    with pytest.raises(ShapeError, match="the number of input channels must be known"):
        Dense(units=5).infer_shapes((Shape(dims),))


def test_no_units_are_refused() -> None:
    with pytest.raises(ValueError, match="units"):
        Dense(units=0)


def test_keras_computes_the_weighted_sum() -> None:
    values = np.random.default_rng(0).normal(size=(2, 4, 3)).astype("float32")
    (result,), layers = apply(Dense(units=5, activation="relu").to_keras((Shape((4, 3)),)), [values], "node")
    kernel, bias = layers[""].get_weights()
    np.testing.assert_allclose(result, np.maximum(values @ kernel + bias, 0), rtol=1e-5, atol=1e-6)


def test_an_activation_that_keras_lacks_follows_as_a_layer() -> None:
    given = keras.Input((3,))
    (result,), layers = apply(Dense(units=5, activation="scaled_tanh").to_keras((Shape((3,)),)), [given], "node")
    assert [layers[""].activation.__name__, layers["activation"].name] == ["linear", "node.activation"]
    assert result.shape == (None, 5)
