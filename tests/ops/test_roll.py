"""`roll`. Expected values are numpy's."""

from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from archspec.ir.op import ShapeError
from archspec.ir.reach import POINT
from archspec.ir.shape import Shape
from archspec.ops.roll import Roll
from tests.op_cases import Case, case, windows
from tests.ops.running import image, run, run_open

CONFORMANCE: dict[str, tuple[Case, ...]] = {
    "roll": (*windows({}, {"shift": ((1,), (-2,))}), case((8, 7, 4), shift=(3, 0)), case((8, 7, 4), shift=(-9, 20))),
}


@pytest.mark.parametrize("shape", [(5, 3), (4, 5, 3), (2, 4, 5, 3)])
@pytest.mark.parametrize("shift", [1, -2, 0, 13])
def test_values_are_numpys(shape: tuple[int, ...], shift: int) -> None:
    values, axes = image(*shape), tuple(range(1, len(shape)))
    expected = np.roll(values, (shift,) * len(axes), axis=axes)
    np.testing.assert_array_equal(run(Roll(shift=(shift,)), values), expected)
    np.testing.assert_array_equal(run_open(Roll(shift=(shift,)), values), expected)


def test_each_axis_may_have_its_own_shift_and_the_opposite_one_undoes_it() -> None:
    values = image(4, 5, 3)
    once = run(Roll(shift=(1, -2)), values)
    np.testing.assert_array_equal(once, np.roll(values, (1, -2), axis=(1, 2)))
    np.testing.assert_array_equal(run(Roll(shift=(-1, 2)), once), values)


def test_a_shifted_axis_is_seen_as_a_whole() -> None:
    assert Roll(shift=(3, 0)).reach((Shape((8, 8, 4)),)) == (None, POINT)


def test_amounts_for_other_axes_none_and_fractions_are_refused() -> None:
    with pytest.raises(ShapeError, match="`shift` needs 1 or 2 numbers"):
        Roll(shift=(1, 2, 3)).infer_shapes((Shape((8, 8, 4)),))
    with pytest.raises(ShapeError, match="the input must be"):
        Roll(shift=(1,)).infer_shapes((Shape((5,)),))
    for amounts in ((), (0.5,)):
        with pytest.raises(ValidationError, match="shift"):
            Roll.model_validate({"shift": amounts})
