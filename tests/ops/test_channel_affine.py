"""`channel_affine`. Expected values follow from its definition."""

import numpy as np
import pytest

from archspec.ir.op import ShapeError
from archspec.ir.shape import Shape
from archspec.ops.channel_affine import ChannelAffine
from tests.op_cases import ANY_RANK, Case, case
from tests.ops.running import image, run

CONFORMANCE: dict[str, tuple[Case, ...]] = {
    "channel_affine": (
        *ANY_RANK,
        case((8, 7, 4), scale=False),
        case((8, 7, 4), offset=False, initial=0.5),
        case((8, 7, 4), shared=True),
    ),
}


@pytest.mark.parametrize("dims", [(4,), (3, 4), (2, 3, 4), (2, 2, 2, 4)])
def test_each_channel_has_its_factor_and_addend(dims: tuple[int, ...]) -> None:
    values = image(*dims)
    gamma, beta = np.array([1.0, -2.0, 0.0, 3.0]), np.array([0.0, 1.0, 2.0, -1.0])
    weights = {"gamma": gamma, "beta": beta}
    np.testing.assert_allclose(run(ChannelAffine(), values, weights=weights), gamma * values + beta, rtol=1e-5)
    shared = {"gamma": [2.0], "beta": [0.5]}
    np.testing.assert_allclose(run(ChannelAffine(shared=True), values, weights=shared), 2 * values + 0.5, rtol=1e-5)


def test_begins_as_the_identity_or_at_the_number_given() -> None:
    values = image(3, 4)
    np.testing.assert_array_equal(run(ChannelAffine(), values), values)
    np.testing.assert_array_equal(run(ChannelAffine(scale=False), values), values)
    np.testing.assert_array_equal(run(ChannelAffine(shared=True, offset=False, initial=0.0), values), 0 * values)


@pytest.mark.parametrize(
    ("fields", "sizes"),
    [
        ({}, {"gamma": 384, "beta": 384}),  # Touvron et al., 2021, equation 1
        ({"offset": False}, {"gamma": 384}),
        ({"scale": False, "shared": True}, {"beta": 1}),
        ({"shared": True}, {"gamma": 1, "beta": 1}),
    ],
)
def test_how_many_weights_there_are(fields: dict[str, bool], sizes: dict[str, int]) -> None:
    weights = ChannelAffine.model_validate(fields).weights((Shape((196, 384)),))
    assert {weight.name: weight.size for weight in weights} == sizes


def test_nothing_to_train_and_open_channels_are_refused() -> None:
    with pytest.raises(ValueError, match="needs `scale`, `offset` or both"):
        ChannelAffine(scale=False, offset=False)
    with pytest.raises(ShapeError, match="the number of input channels must be known"):
        ChannelAffine().infer_shapes((Shape((4, None)),))
