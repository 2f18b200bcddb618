"""`simple_rnn`. Expected values are numpy's, by its formula; counts are by hand."""

from typing import Any

import numpy as np
import pytest

from archspec.ir.op import ShapeError
from archspec.ir.shape import Shape
from archspec.ops.simple_rnn import SimpleRnn
from tests.op_cases import Case, case
from tests.ops.recurrence import RECURRENT, drawn, of_direction, run_by_hand
from tests.ops.running import image, run

CONFORMANCE: dict[str, tuple[Case, ...]] = {
    "simple_rnn": (*RECURRENT[:1], case((5, 3), units=4, activation="relu"), *RECURRENT[1:]),
}


def step(given: Any, carried: Any, weights: dict[str, Any]) -> Any:
    (state,) = carried
    return (np.tanh(given @ weights["kernel"] + state @ weights["recurrent_kernel"] + weights["bias"]),)


def test_each_position_is_what_the_formula_says() -> None:
    op, values = SimpleRnn(units=4, sequence=True), image(6, 3)
    weights = drawn(op, 6, 3)
    expected = run_by_hand(step, values, 4, weights)
    np.testing.assert_allclose(run(op, values, weights=weights), expected, atol=1e-5)
    np.testing.assert_allclose(run(SimpleRnn(units=4), values, weights=weights), expected[:, -1], atol=1e-5)


def test_the_other_direction_begins_at_the_end() -> None:
    op, values = SimpleRnn(units=4, bidirectional="sum"), image(6, 3)
    weights = drawn(op, 6, 3)
    forward = run_by_hand(step, values, 4, of_direction(weights, "forward"))[:, -1]
    backward = run_by_hand(step, values[:, ::-1], 4, of_direction(weights, "backward"))[:, -1]
    np.testing.assert_allclose(run(op, values, weights=weights), forward + backward, atol=1e-5)


def test_weights_and_products_are_counted() -> None:
    given, op = (Shape((10, 3)),), SimpleRnn(units=5)
    # 3·5 + 5·5 = 40 in products, and 5 biases.
    assert sum(weight.size for weight in op.weights(given)) == 45
    assert op.cost(given, op.infer_shapes(given)) == (400, 450)


@pytest.mark.parametrize("dims", [(4,), (3, 3, 4), (3, None)])
def test_what_is_no_sequence_is_refused(dims: tuple[int, ...]) -> None:
    with pytest.raises(ShapeError, match=r"sequence|channels must be known"):
        SimpleRnn(units=2).infer_shapes((Shape(dims),))


def test_illegal_fields_are_refused() -> None:
    with pytest.raises(ValueError, match="units"):
        SimpleRnn(units=0)
    with pytest.raises(ValueError, match="recurrent_dropout"):
        SimpleRnn(units=1, recurrent_dropout=-0.1)


def test_it_ends_in_its_activation() -> None:
    assert SimpleRnn(units=2, activation="relu").ends_in == "relu"
