"""`lstm`. Expected values are numpy's, by the formulas of the papers; counts are by hand."""

from typing import Any

import numpy as np
import pytest

from archspec.ir.op import ShapeError
from archspec.ir.shape import Shape
from archspec.ops.lstm import Lstm
from tests.op_cases import Case, case
from tests.ops.recurrence import RECURRENT, drawn, of_direction, run_by_hand, sigmoid
from tests.ops.running import image, run

CONFORMANCE: dict[str, tuple[Case, ...]] = {
    "lstm": (*RECURRENT[:1], case((5, 3), units=4, activation="relu", gate="hard_sigmoid"), *RECURRENT[1:]),
}


def step(given: Any, carried: Any, weights: dict[str, Any]) -> Any:
    state, cell = carried
    products = given @ weights["kernel"] + state @ weights["recurrent_kernel"] + weights["bias"]
    i, f, g, o = np.split(products, 4, axis=1)
    cell = sigmoid(f) * cell + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(cell), cell


def test_each_position_is_what_the_formulas_say() -> None:
    op, values = Lstm(units=4, sequence=True), image(6, 3)
    weights = drawn(op, 6, 3)
    expected = run_by_hand(step, values, 4, weights, carried=2)
    np.testing.assert_allclose(run(op, values, weights=weights), expected, atol=1e-5)
    np.testing.assert_allclose(run(Lstm(units=4), values, weights=weights), expected[:, -1], atol=1e-5)


@pytest.mark.parametrize("how", ["concat", "sum", "average", "multiply"])
@pytest.mark.parametrize("sequence", [True, False])
def test_the_other_direction_begins_at_the_end(how: Any, sequence: bool) -> None:
    op, values = Lstm(units=4, sequence=sequence, bidirectional=how), image(6, 3)
    weights = drawn(op, 6, 3)
    forward = run_by_hand(step, values, 4, of_direction(weights, "forward"), carried=2)
    backward = run_by_hand(step, values[:, ::-1], 4, of_direction(weights, "backward"), carried=2)
    # Of each direction the last state is given, which for the second is that of the first position.
    one, other = (forward, backward[:, ::-1]) if sequence else (forward[:, -1], backward[:, -1])
    together = {
        "concat": np.concatenate([one, other], axis=-1),
        "sum": one + other,
        "average": (one + other) / 2,
        "multiply": one * other,
    }
    np.testing.assert_allclose(run(op, values, weights=weights), together[how], atol=1e-5)


def test_weights_and_products_are_counted() -> None:
    given = (Shape((10, 3)),)
    op = Lstm(units=5)
    # 4·(3·5 + 5·5 + 5) = 180 weights, of which 160 take part in a product at each of 10 positions.
    assert sum(weight.size for weight in op.weights(given)) == 180
    assert op.cost(given, op.infer_shapes(given)) == (1600, 1800)
    both = Lstm(units=5, bidirectional="concat")
    assert sum(weight.size for weight in both.weights(given)) == 360
    assert both.cost(given, both.infer_shapes(given)).macs == 3200
    open_length = (Shape((None, 3)),)
    assert op.cost(open_length, op.infer_shapes(open_length)).macs is None


@pytest.mark.parametrize("dims", [(4,), (3, 3, 4), (3, None)])
def test_what_is_no_sequence_is_refused(dims: tuple[int, ...]) -> None:
    with pytest.raises(ShapeError, match=r"sequence|channels must be known"):
        Lstm(units=2).infer_shapes((Shape(dims),))


@pytest.mark.parametrize("fields", [{"units": 0}, {"units": 2, "dropout": 1.0}, {"units": 2, "activation": "softmax"}])
def test_illegal_fields_are_refused(fields: Any) -> None:
    with pytest.raises(ValueError, match=list(fields)[-1]):
        Lstm(**fields)


def test_it_ends_in_a_product_and_in_no_activation() -> None:
    assert Lstm(units=2).ends_in == "none"
