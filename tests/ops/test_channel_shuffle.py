"""`channel_shuffle`. Expected values are written by hand, or made by transposing the groups with numpy."""

from __future__ import annotations

import numpy as np
import pytest

from archspec.ir.op import ShapeError
from archspec.ir.shape import Shape
from archspec.ops.channel_shuffle import ChannelShuffle
from tests.op_cases import ANY_RANK, Case, case, with_fields
from tests.ops.running import image, run, run_open, shape_of

CONFORMANCE: dict[str, tuple[Case, ...]] = {
    "channel_shuffle": (*with_fields(ANY_RANK[1:], groups=2), case((6,), groups=3)),
}


def test_groups_are_dealt_out_in_turn() -> None:
    # Figure 1c: of three groups 0 1, 2 3 and 4 5 the first channels come first.
    values = np.arange(6, dtype="float32")[None]
    assert run(ChannelShuffle(groups=3), values).tolist() == [[0, 2, 4, 1, 3, 5]]
    assert run(ChannelShuffle(groups=2), values).tolist() == [[0, 3, 1, 4, 2, 5]]


@pytest.mark.parametrize("groups", [1, 12])
def test_one_group_and_groups_of_one_channel_change_nothing(groups: int) -> None:
    values = image(3, 2, 12)
    np.testing.assert_array_equal(run(ChannelShuffle(groups=groups), values), values)


@pytest.mark.parametrize("groups", [2, 3, 4])
def test_values_are_those_of_transposed_groups(groups: int) -> None:
    values = image(3, 2, 12)
    expected = np.swapaxes(values.reshape(-1, groups, 12 // groups), 1, 2).reshape(values.shape)
    np.testing.assert_array_equal(run(ChannelShuffle(groups=groups), values), expected)
    np.testing.assert_array_equal(run_open(ChannelShuffle(groups=groups), values), expected)


@pytest.mark.parametrize("groups", [2, 3])
def test_shuffling_with_the_other_factor_undoes_it(groups: int) -> None:
    values = image(4, 5, 6)
    there = run(ChannelShuffle(groups=groups), values)
    np.testing.assert_array_equal(run(ChannelShuffle(groups=6 // groups), there), values)


def test_groups_that_do_not_divide_the_channels_are_refused() -> None:
    with pytest.raises(ShapeError, match="must divide the input's channels, got 4 for 6") as caught:
        ChannelShuffle(groups=4).infer_shapes((shape_of(image(2, 2, 6)),))
    assert caught.value.field == "groups"
    with pytest.raises(ShapeError, match="must be known"):
        ChannelShuffle(groups=4).infer_shapes((Shape((2, 2, None)),))
