"""`gaussian_noise`. Expected values follow from its definition."""

import numpy as np
import pytest

from archspec.ir.shape import Shape
from archspec.keras_backend.build import apply
from archspec.ops.gaussian_noise import GaussianNoise
from tests.op_cases import ANY_RANK, Case, with_fields
from tests.ops.running import image, run

CONFORMANCE: dict[str, tuple[Case, ...]] = {
    "gaussian_noise": with_fields(ANY_RANK, deviation=0.5),
}


def test_hands_its_input_through_outside_training() -> None:
    values = image(3, 4)
    np.testing.assert_array_equal(run(GaussianNoise(deviation=0.5), values), values)


def test_training_adds_numbers_of_mean_zero_and_the_given_deviation() -> None:
    values = np.full((100, 1000), 3.0, "float32")
    _, layers = apply(GaussianNoise(deviation=0.5).to_keras((Shape((1000,)),)), [values], "node")
    noise = np.asarray(layers[""](values, training=True)) - 3
    assert abs(noise.mean()) < 0.01
    assert abs(noise.std() - 0.5) < 0.01


def test_a_negative_deviation_is_refused() -> None:
    with pytest.raises(ValueError, match="deviation"):
        GaussianNoise(deviation=-0.1)
