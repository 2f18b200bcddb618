"""`alpha_dropout`. Expected values are the paper's."""

import numpy as np
import pytest

from archspec.ir.shape import Shape
from archspec.keras_backend.build import apply
from archspec.ops.alpha_dropout import AlphaDropout
from tests.op_cases import ANY_RANK, Case, with_fields
from tests.ops.running import image, run

CONFORMANCE: dict[str, tuple[Case, ...]] = {
    "alpha_dropout": with_fields(ANY_RANK, rate=0.5),
}


def test_hands_its_input_through_outside_training() -> None:
    values = image(3, 4)
    np.testing.assert_array_equal(run(AlphaDropout(rate=0.5), values), values)


def test_training_keeps_mean_and_variance() -> None:
    values = np.random.default_rng(0).normal(size=(100, 1000)).astype("float32")
    _, layers = apply(AlphaDropout(rate=0.25).to_keras((Shape((1000,)),)), [values], "node")
    result = np.asarray(layers[""](values, training=True))
    assert abs(result.mean()) < 0.02
    assert abs(result.var() - 1) < 0.02


def test_training_puts_values_to_the_papers_constant() -> None:
    """Klambauer et al., 2017: α' = -λα = -1.7581, then an affine transformation by a and b."""
    rate, constant = 0.25, -1.7580993408473766
    scale = ((1 - rate) * (1 + rate * constant**2)) ** -0.5
    offset = -scale * rate * constant
    values = np.ones((1, 4000), "float32")
    _, layers = apply(AlphaDropout(rate=rate).to_keras((Shape((4000,)),)), [values], "node")
    result = np.asarray(layers[""](values, training=True))
    found = np.unique(result)
    np.testing.assert_allclose(found, [scale * constant + offset, scale + offset], rtol=1e-5)
    assert 0.2 < np.mean(result == found[0]) < 0.3


@pytest.mark.parametrize("rate", [-0.1, 1.0])
def test_rates_outside_zero_to_one_are_refused(rate: float) -> None:
    with pytest.raises(ValueError, match="rate"):
        AlphaDropout(rate=rate)
