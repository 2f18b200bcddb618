"""`rms_norm`. Expected values are numpy's, the epsilon Keras' own."""

import keras
import numpy as np
import pytest

from archspec.ir.op import ShapeError, Weight
from archspec.ir.shape import Shape
from archspec.ops.rms_norm import RmsNorm
from tests.op_cases import ANY_RANK, Case, case
from tests.ops.running import image, run

CONFORMANCE: dict[str, tuple[Case, ...]] = {
    "rms_norm": (*ANY_RANK, case((8, 7, 4), epsilon=1e-3)),
}


@pytest.mark.parametrize("dims", [(6,), (4, 6), (4, 5, 6), (2, 3, 2, 6)])
def test_each_position_is_divided_by_the_root_of_its_mean_square(dims: tuple[int, ...]) -> None:
    values = image(*dims)
    scale = np.arange(1.0, 7.0)
    expected = scale * values / np.sqrt((values**2).mean(-1, keepdims=True) + 0.1)
    np.testing.assert_allclose(run(RmsNorm(epsilon=0.1), values, weights={"scale": scale}), expected, rtol=1e-4)


def test_three_and_four_have_a_mean_square_of_twelve_and_a_half() -> None:
    result = run(RmsNorm(), np.array([[3.0, 4.0]], "float32"))
    np.testing.assert_allclose(result, [[3 / 12.5**0.5, 4 / 12.5**0.5]], rtol=1e-5)


def test_a_scale_for_each_channel_and_no_offset() -> None:
    assert RmsNorm().weights((Shape((8, 64)),)) == (Weight("scale", (64,)),)
    assert RmsNorm().epsilon == keras.layers.RMSNormalization().epsilon


def test_illegal_numbers_and_open_channels_are_refused() -> None:
    with pytest.raises(ValueError, match="epsilon"):
        RmsNorm(epsilon=0.0)
    with pytest.raises(ShapeError, match="the number of input channels must be known"):
        RmsNorm().infer_shapes((Shape((4, None)),))
