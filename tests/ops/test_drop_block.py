"""`drop_block`. Expected values follow from the paper's algorithm 1."""

import keras
import numpy as np
import pytest

from archspec.ir.op import ShapeError
from archspec.ir.shape import Shape
from archspec.keras_backend.build import apply
from archspec.ops.drop_block import DropBlock
from tests.op_cases import Case, case
from tests.ops.running import image, run

CONFORMANCE: dict[str, tuple[Case, ...]] = {
    "drop_block": (
        case((8, 7, 4), rate=0.5, size=3),
        case((None, 7, 4), rate=0.1),
        case((None, None, None), rate=0.1, size=1),
    ),
}


def in_training(op: DropBlock, *dims: int) -> np.ndarray:
    values = np.ones(dims, "float32")
    _, layers = apply(op.to_keras((Shape(dims[1:]),)), [values], "node")
    return np.asarray(layers[""](values, training=True))


def test_hands_its_input_through_outside_training() -> None:
    values = image(8, 8, 3)
    np.testing.assert_array_equal(run(DropBlock(rate=0.5), values), values)


def test_training_zeroes_whole_blocks_and_keeps_the_mean() -> None:
    result = in_training(DropBlock(rate=0.1, size=3), 8, 20, 20, 16)
    np.testing.assert_allclose(result.mean(), 1.0, rtol=1e-4)
    zeros = result == 0
    assert len(np.unique(result)) == 2
    windows = np.lib.stride_tricks.sliding_window_view(zeros, (3, 3), axis=(1, 2)).all((-1, -2))
    covered = np.zeros_like(zeros)
    for row in range(3):
        for column in range(3):
            covered[:, row : row + 18, column : column + 18] |= windows
    np.testing.assert_array_equal(covered, zeros)  # every zero lies in a block of zeros that is in the map
    assert (zeros[..., 0] != zeros[..., 1]).any()


def test_a_small_rate_is_the_part_that_is_zeroed() -> None:
    """With few blocks hardly any overlap, and equation 1 makes their area the rate: 9 · p / 9."""
    assert 0.008 < np.mean(in_training(DropBlock(rate=0.01, size=3), 16, 32, 32, 16) == 0) < 0.012


def test_a_block_of_one_position_is_dropout() -> None:
    assert 0.45 < np.mean(in_training(DropBlock(rate=0.5, size=1), 4, 16, 16, 8) == 0) < 0.55


def test_open_sizes_are_blocked_too() -> None:
    given = keras.Input((None, None, 2))
    (result,), _ = apply(DropBlock(rate=0.3, size=3).to_keras((Shape((None, None, 2)),)), [given], "node")
    drawn = np.asarray(keras.Model(given, result)(np.ones((4, 12, 9, 2), "float32"), training=True))
    assert 0.05 < np.mean(drawn == 0) < 0.5


def test_a_rate_of_zero_keeps_all() -> None:
    np.testing.assert_array_equal(in_training(DropBlock(rate=0.0), 2, 8, 8, 2), np.ones((2, 8, 8, 2)))


def test_blocks_larger_than_the_map_and_other_ranks_are_refused() -> None:
    with pytest.raises(ShapeError) as error:
        DropBlock(rate=0.1).infer_shapes((Shape((8, 6, 4)),))
    assert (error.value.field, error.value.message) == (
        "size",
        "`size` must be at most the input's, got 7 for (8, 6, 4)",
    )
    with pytest.raises(ShapeError, match=r"the input must be \(height, width, channels\)"):
        DropBlock(rate=0.1).infer_shapes((Shape((8, 4)),))
    for fields in ({"rate": 1.0}, {"rate": 0.1, "size": 0}):
        with pytest.raises(ValueError, match=list(fields)[-1]):
            DropBlock.model_validate(fields)
