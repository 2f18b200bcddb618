"""`gru`. Expected values are numpy's, by the formulas of the sources; counts are by hand."""

from typing import Any, Literal

import numpy as np
import pytest

from archspec.ir.op import ShapeError
from archspec.ir.shape import Shape
from archspec.ops.gru import Gru
from tests.op_cases import Case, case
from tests.ops.recurrence import RECURRENT, drawn, of_direction, run_by_hand, sigmoid
from tests.ops.running import image, run

CONFORMANCE: dict[str, tuple[Case, ...]] = {
    "gru": (
        *RECURRENT[:1],
        case((5, 3), units=4, reset="before"),
        case((5, 3), units=4, reset="before", bidirectional="sum", bias=False),
        case((5, 3), units=4, activation="relu", gate="hard_sigmoid"),
        *RECURRENT[1:],
    ),
}


def after(given: Any, carried: Any, weights: dict[str, Any]) -> Any:
    (state,) = carried
    x_z, x_r, x_g = np.split(given @ weights["kernel"] + weights["bias"][0], 3, axis=1)
    h_z, h_r, h_g = np.split(state @ weights["recurrent_kernel"] + weights["bias"][1], 3, axis=1)
    z, new = sigmoid(x_z + h_z), np.tanh(x_g + sigmoid(x_r + h_r) * h_g)
    return (z * state + (1 - z) * new,)


def before(given: Any, carried: Any, weights: dict[str, Any]) -> Any:
    (state,) = carried
    x_z, x_r, x_g = np.split(given @ weights["kernel"] + weights["bias"], 3, axis=1)
    u_z, u_r, u_g = np.split(weights["recurrent_kernel"], 3, axis=1)
    z, r = sigmoid(x_z + state @ u_z), sigmoid(x_r + state @ u_r)
    return (z * state + (1 - z) * np.tanh(x_g + (r * state) @ u_g),)


@pytest.mark.parametrize(("reset", "step"), [("after", after), ("before", before)])
def test_each_position_is_what_the_formulas_say(reset: Any, step: Any) -> None:
    op, values = Gru(units=4, sequence=True, reset=reset), image(6, 3)
    weights = drawn(op, 6, 3)
    expected = run_by_hand(step, values, 4, weights)
    np.testing.assert_allclose(run(op, values, weights=weights), expected, atol=1e-5)
    last = run(Gru(units=4, reset=reset), values, weights=weights)
    np.testing.assert_allclose(last, expected[:, -1], atol=1e-5)


def test_the_other_direction_begins_at_the_end() -> None:
    op, values = Gru(units=4, sequence=True, bidirectional="concat"), image(6, 3)
    weights = drawn(op, 6, 3)
    forward = run_by_hand(after, values, 4, of_direction(weights, "forward"))
    backward = run_by_hand(after, values[:, ::-1], 4, of_direction(weights, "backward"))[:, ::-1]
    expected = np.concatenate([forward, backward], axis=-1)
    np.testing.assert_allclose(run(op, values, weights=weights), expected, atol=1e-5)


def test_weights_and_products_are_counted() -> None:
    given = (Shape((10, 3)),)
    # 3·(3·5 + 5·5) = 120 in products, with 2·3·5 biases, or 3·5 where the reset comes before.
    pairs: tuple[tuple[Literal["after", "before"], int], ...] = (("after", 30), ("before", 15))
    for reset, biases in pairs:
        op = Gru(units=5, reset=reset)
        assert sum(weight.size for weight in op.weights(given)) == 120 + biases
        assert op.cost(given, op.infer_shapes(given)) == (1200, 10 * (120 + biases))


@pytest.mark.parametrize("dims", [(4,), (3, 3, 4), (3, None)])
def test_what_is_no_sequence_is_refused(dims: tuple[int, ...]) -> None:
    with pytest.raises(ShapeError, match=r"sequence|channels must be known"):
        Gru(units=2).infer_shapes((Shape(dims),))


@pytest.mark.parametrize("fields", [{"units": 0}, {"units": 2, "dropout": 1.0}, {"units": 2, "reset": "never"}])
def test_illegal_fields_are_refused(fields: Any) -> None:
    with pytest.raises(ValueError, match=list(fields)[-1]):
        Gru(**fields)


def test_it_ends_in_a_mean_and_in_no_activation() -> None:
    assert Gru(units=2).ends_in == "none"
