"""`global_response_norm`. Expected values are the paper's algorithm 1 in numpy."""

import numpy as np
import pytest
import tensorflow as tf

from archspec.ir.op import ShapeError
from archspec.ir.shape import Shape
from archspec.keras_backend.build import apply
from archspec.ops.global_response_norm import GlobalResponseNorm
from tests.op_cases import IMAGES, Case, case
from tests.ops.running import image, run

CONFORMANCE: dict[str, tuple[Case, ...]] = {
    "global_response_norm": (*map(case, IMAGES), case((8, 7, 4), epsilon=1e-3)),
}


@pytest.mark.parametrize("dims", [(4, 6), (4, 5, 6), (2, 3, 2, 6)])
def test_agrees_with_the_papers_algorithm(dims: tuple[int, ...]) -> None:
    """gx = torch.norm(X, p=2, dim=(1, 2)); nx = gx / (gx.mean(-1) + 1e-6); gamma * (X * nx) + beta + X."""
    values = image(*dims)
    gamma, beta = np.arange(1.0, 7.0), np.arange(6.0)
    gx = np.sqrt((values**2).sum(tuple(range(1, len(dims))), keepdims=True))
    nx = gx / (gx.mean(-1, keepdims=True) + 1e-6)
    result = run(GlobalResponseNorm(), values, weights={"gamma": gamma, "beta": beta})
    np.testing.assert_allclose(result, gamma * (values * nx) + beta + values, rtol=1e-4, atol=1e-5)


def test_begins_as_the_identity() -> None:
    values = image(4, 5, 6)
    np.testing.assert_array_equal(run(GlobalResponseNorm(), values), values)


def test_two_values_for_each_channel() -> None:
    weights = GlobalResponseNorm().weights((Shape((14, 14, 384)),))
    assert [(weight.name, weight.shape) for weight in weights] == [("gamma", (384,)), ("beta", (384,))]


def test_a_channel_of_zeros_has_a_gradient() -> None:
    values = tf.constant(np.zeros((1, 2, 2, 3), "float32"))
    _, layers = apply(GlobalResponseNorm().to_keras((Shape((2, 2, 3)),)), [values], "node")
    layers[""].gamma.assign(np.ones(3))
    with tf.GradientTape() as tape:
        tape.watch(values)
        result = layers[""](values)
    np.testing.assert_array_equal(tape.gradient(result, values), np.ones((1, 2, 2, 3)))


def test_wrong_ranks_open_channels_and_illegal_numbers_are_refused() -> None:
    with pytest.raises(ShapeError, match="the input must be"):
        GlobalResponseNorm().infer_shapes((Shape((64,)),))
    with pytest.raises(ShapeError, match="the number of input channels must be known"):
        GlobalResponseNorm().infer_shapes((Shape((4, 4, None)),))
    with pytest.raises(ValueError, match="epsilon"):
        GlobalResponseNorm(epsilon=0.0)
