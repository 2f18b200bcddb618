"""`position_encoding`. Expected values are numpy's, by the paper's formula."""

import numpy as np
import pytest

from archspec.ir.op import ShapeError
from archspec.ir.shape import Shape
from archspec.ops.position_encoding import PositionEncoding
from tests.op_cases import Case, case
from tests.ops.running import image, run, run_open

CONFORMANCE: dict[str, tuple[Case, ...]] = {
    "position_encoding": (case((5, 4)), case((5, 3), period=100.0), case((None, 4))),
}


@pytest.mark.parametrize("channels", [8, 5])
@pytest.mark.parametrize("period", [10000.0, 50.0])
def test_sines_and_cosines_take_turns(channels: int, period: float) -> None:
    values, expected = image(7, channels), np.zeros((7, channels))
    for position in range(7):
        for channel in range(channels):
            angle = position / period ** (2 * (channel // 2) / channels)
            expected[position, channel] = np.cos(angle) if channel % 2 else np.sin(angle)
    for result in (run(PositionEncoding(period=period), values), run_open(PositionEncoding(period=period), values)):
        np.testing.assert_allclose(result, values + expected, atol=1e-5)


@pytest.mark.parametrize("dims", [(4,), (3, 3, 4), (3, None)])
def test_what_is_no_sequence_is_refused(dims: tuple[int, ...]) -> None:
    with pytest.raises(ShapeError, match=r"sequence|channels must be known"):
        PositionEncoding().infer_shapes((Shape(dims),))


def test_a_period_is_positive() -> None:
    with pytest.raises(ValueError, match="period"):
        PositionEncoding(period=0.0)
