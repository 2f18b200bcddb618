"""`instance_norm`. Expected values are numpy's."""

import numpy as np
import pytest

from archspec.ir.op import ShapeError
from archspec.ir.shape import Shape
from archspec.ops.instance_norm import InstanceNorm
from tests.op_cases import IMAGES, Case, case
from tests.ops.running import image, run

CONFORMANCE: dict[str, tuple[Case, ...]] = {
    "instance_norm": (*map(case, IMAGES), case((8, 7, 4), scale=False, center=False)),
}


@pytest.mark.parametrize("dims", [(4, 6), (4, 5, 6), (2, 3, 2, 6)])
def test_each_channel_of_each_example_is_normalised_over_all_positions(dims: tuple[int, ...]) -> None:
    values = image(*dims)
    axes = tuple(range(1, len(dims)))
    gamma, beta = np.arange(1.0, 7.0), np.arange(6.0)
    mean, variance = values.mean(axes, keepdims=True), values.var(axes, keepdims=True)
    result = run(InstanceNorm(epsilon=0.1), values, weights={"gamma": gamma, "beta": beta})
    np.testing.assert_allclose(result, gamma * (values - mean) / np.sqrt(variance + 0.1) + beta, rtol=1e-4, atol=1e-5)


def test_contrast_and_brightness_of_a_channel_are_removed() -> None:
    values = image(8, 8, 2)
    brighter = values * np.array([3, 0.5], "float32") + np.array([10, -2], "float32")
    np.testing.assert_allclose(
        run(InstanceNorm(epsilon=1e-9), brighter), run(InstanceNorm(epsilon=1e-9), values), atol=1e-3
    )


def test_two_values_for_each_channel() -> None:
    weights = InstanceNorm().weights((Shape((8, 8, 64)),))
    assert [(weight.name, weight.shape) for weight in weights] == [("gamma", (64,)), ("beta", (64,))]


def test_an_input_without_positions_is_refused() -> None:
    # Of one position the variance is 0, and the result beta whatever comes.
    with pytest.raises(ShapeError, match="the input must be"):
        InstanceNorm().infer_shapes((Shape((64,)),))


def test_open_channels_are_refused() -> None:
    with pytest.raises(ShapeError, match="the number of input channels must be known"):
        InstanceNorm().infer_shapes((Shape((4, 4, None)),))
