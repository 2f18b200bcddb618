"""`group_norm`. Expected weights and epsilon are Keras' own, expected values numpy's."""

import keras
import numpy as np
import pytest

from archspec.ir.op import ShapeError
from archspec.ir.shape import Shape
from archspec.ops.group_norm import GroupNorm
from archspec.ops.instance_norm import InstanceNorm
from tests.op_cases import ANY_RANK, Case, case, with_fields
from tests.ops.running import image, run

CONFORMANCE: dict[str, tuple[Case, ...]] = {
    "group_norm": (
        case((5, 4), groups=2),
        *with_fields(ANY_RANK, groups=1),
        *with_fields(ANY_RANK[1:], groups=2, scale=False),
        case((8, 7, 4), groups=4, center=False),
    ),
}


@pytest.mark.parametrize("groups", [1, 2, 3, 6])
@pytest.mark.parametrize("dims", [(4, 6), (4, 5, 6), (2, 3, 2, 6)])
def test_each_group_is_normalised_over_all_positions(dims: tuple[int, ...], groups: int) -> None:
    values = image(*dims)
    gamma, beta = np.arange(1.0, 7.0), np.arange(6.0)
    parts = values.reshape(2, -1, groups, 6 // groups)
    mean, variance = parts.mean((1, 3), keepdims=True), parts.var((1, 3), keepdims=True)
    normal = ((parts - mean) / np.sqrt(variance + 0.1)).reshape(values.shape)
    result = run(GroupNorm(groups=groups, epsilon=0.1), values, weights={"gamma": gamma, "beta": beta})
    np.testing.assert_allclose(result, gamma * normal + beta, rtol=1e-4, atol=1e-5)


def test_a_group_for_each_channel_is_instance_norm() -> None:
    values = image(4, 5, 6)
    np.testing.assert_array_equal(run(GroupNorm(groups=6), values), run(InstanceNorm(), values))


def test_defaults_are_the_papers_groups_and_keras_epsilon() -> None:
    """Wu, He, 2018, section 4.1: "We set G = 32 for GN by default"."""
    assert GroupNorm() == GroupNorm(groups=32, epsilon=keras.layers.GroupNormalization().epsilon)


@pytest.mark.parametrize("groups", [4, 12])
def test_groups_that_do_not_divide_the_channels_are_refused(groups: int) -> None:
    with pytest.raises(ShapeError) as error:
        GroupNorm(groups=groups).infer_shapes((Shape((4, 4, 6)),))
    assert error.value.field == "groups"
    assert error.value.message == f"`groups` must divide the input's channels, got {groups} for 6"


def test_illegal_numbers_and_open_channels_are_refused() -> None:
    for fields in ({"groups": 0}, {"epsilon": 0.0}):
        with pytest.raises(ValueError, match=next(iter(fields))):
            GroupNorm.model_validate(fields)
    with pytest.raises(ShapeError, match="the number of input channels must be known"):
        GroupNorm().infer_shapes((Shape((4, None)),))
