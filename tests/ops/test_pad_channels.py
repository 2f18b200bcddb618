"""`pad_channels`. Expected values are numpy's."""

from typing import Any

import numpy as np
import pytest

from archspec.ir.op import ShapeError
from archspec.ir.shape import Dim, Shape
from archspec.ops.pad_channels import PadChannels
from tests.op_cases import ANY_RANK, Case, case, with_fields
from tests.ops.running import image, run

CONFORMANCE: dict[str, tuple[Case, ...]] = {
    "pad_channels": (
        *with_fields(ANY_RANK, to=7),
        *with_fields(ANY_RANK, to=8, at="centre"),
        case((8, 7, 4), to=4),
    ),
}


@pytest.mark.parametrize(
    ("to", "at", "amounts"),
    [(16, "end", (0, 13)), (16, "centre", (6, 7)), (5, "centre", (1, 1)), (3, "end", (0, 0)), (3, "centre", (0, 0))],
)
@pytest.mark.parametrize("dims", [(3,), (5, 3), (4, 5, 3), (2, 4, 5, 3)])
def test_values_are_numpys(dims: tuple[int, ...], to: int, at: Any, amounts: tuple[int, int]) -> None:
    values = image(*dims)
    expected = np.pad(values, (*((0, 0),) * len(dims), amounts))
    np.testing.assert_array_equal(run(PadChannels(to=to, at=at), values), expected)
    assert PadChannels(to=to, at=at).infer_shapes((Shape(dims),)) == (Shape((*dims[:-1], to)),)


@pytest.mark.parametrize(("at", "line"), [("end", "channels: 16 + 16 = 32"), ("centre", "channels: 8 + 16 + 8 = 32")])
def test_the_derivation_has_the_numbers_in_it(at: Any, line: str) -> None:
    inputs = (Shape((8, 8, 16)),)
    assert PadChannels(to=32, at=at).derivation(inputs, (Shape((8, 8, 32)),)) == (line,)


@pytest.mark.parametrize(
    ("channels", "field", "message"),
    [(5, "to", "must be at least the input's number of channels, got 4 for 5"), (None, None, "must be known")],
)
def test_what_it_cannot_take(channels: Dim, field: str | None, message: str) -> None:
    with pytest.raises(ShapeError, match=message) as caught:
        PadChannels(to=4).infer_shapes((Shape((8, 8, channels)),))
    assert caught.value.field == field
