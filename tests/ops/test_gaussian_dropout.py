"""`gaussian_dropout`. Expected values follow from its definition."""

import numpy as np
import pytest

from archspec.ir.shape import Shape
from archspec.keras_backend.build import apply
from archspec.ops.gaussian_dropout import GaussianDropout
from tests.op_cases import ANY_RANK, Case, with_fields
from tests.ops.running import image, run

CONFORMANCE: dict[str, tuple[Case, ...]] = {
    "gaussian_dropout": with_fields(ANY_RANK, rate=0.5),
}


def test_hands_its_input_through_outside_training() -> None:
    values = image(3, 4)
    np.testing.assert_array_equal(run(GaussianDropout(rate=0.5), values), values)


def test_training_multiplies_by_numbers_of_mean_one_and_the_variance_of_dropout() -> None:
    values = np.full((100, 1000), 2.0, "float32")
    _, layers = apply(GaussianDropout(rate=0.2).to_keras((Shape((1000,)),)), [values], "node")
    factors = np.asarray(layers[""](values, training=True)) / 2
    assert abs(factors.mean() - 1) < 0.01
    assert abs(factors.var() - 0.25) < 0.01  # 0.2 / (1 - 0.2)


@pytest.mark.parametrize("rate", [-0.1, 1.0])
def test_rates_outside_zero_to_one_are_refused(rate: float) -> None:
    with pytest.raises(ValueError, match="rate"):
        GaussianDropout(rate=rate)
