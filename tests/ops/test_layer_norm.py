"""`layer_norm`. Expected weights and defaults are Keras' own, expected values numpy's."""

import keras
import numpy as np
import pytest

from archspec.ir.op import ShapeError
from archspec.ir.shape import Shape
from archspec.keras_backend.build import apply
from archspec.ops.layer_norm import LayerNorm
from tests.op_cases import ANY_RANK, Case, case
from tests.ops.running import image, run

CONFORMANCE: dict[str, tuple[Case, ...]] = {
    "layer_norm": (
        *ANY_RANK,
        case((8, 7, 4), scale=False),
        case((8, 7, 4), center=False, epsilon=1e-6),
        case((5,), scale=False, center=False),
    ),
}


@pytest.mark.parametrize("dims", [(6,), (4, 6), (4, 5, 6), (2, 3, 2, 6)])
def test_each_position_is_normalised_over_its_channels(dims: tuple[int, ...]) -> None:
    values = image(*dims)
    gamma, beta = np.arange(1.0, 7.0), np.arange(6.0)
    mean, variance = values.mean(-1, keepdims=True), values.var(-1, keepdims=True)
    result = run(LayerNorm(epsilon=0.1), values, weights={"gamma": gamma, "beta": beta})
    np.testing.assert_allclose(result, gamma * (values - mean) / np.sqrt(variance + 0.1) + beta, rtol=1e-4, atol=1e-5)


def test_positions_do_not_mix_and_training_computes_the_same() -> None:
    values = image(3, 3, 4)
    _, layers = apply(LayerNorm().to_keras((Shape((3, 3, 4)),)), [values], "node")
    alone = run(LayerNorm(), values[:1, :1, :1])
    np.testing.assert_allclose(layers[""](values, training=True)[:1, :1, :1], alone, rtol=1e-5, atol=1e-6)


def test_a_convnext_stem_norm_has_two_values_for_each_channel() -> None:
    """Liu et al., 2022: ConvNeXt-T's first stage is 96 wide; gamma and beta."""
    weights = LayerNorm(epsilon=1e-6).weights((Shape((56, 56, 96)),))
    assert [(weight.name, weight.size, weight.trainable) for weight in weights] == [
        ("gamma", 96, True),
        ("beta", 96, True),
    ]


def test_defaults_are_keras_own() -> None:
    _, layers = apply(LayerNorm().to_keras((Shape((3,)),)), [np.zeros((2, 3), "float32")], "node")
    ours, theirs = layers[""].get_config(), keras.layers.LayerNormalization().get_config()
    for argument in ("epsilon", "center", "scale"):
        assert ours[argument] == theirs[argument]


@pytest.mark.parametrize("dims", [(4, 4, None), ()])
def test_open_channels_are_refused(dims: tuple[int | None, ...]) -> None:
    with pytest.raises(ShapeError, match="the number of input channels must be known"):
        LayerNorm().infer_shapes((Shape(dims),))


def test_an_epsilon_of_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="epsilon"):
        LayerNorm(epsilon=0.0)
