"""Weighted average pooling: the course's image by hand, binomials, and values against convolution by loops."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archspec.ir.op import ShapeError
from archspec.ir.shape import Shape
from archspec.ops.weighted_average_pool import WeightedAveragePool
from tests.op_cases import Case, case, windows
from tests.ops.by_hand import convolve, same_pairs, surround
from tests.ops.running import course, image, run, run_open, shape_of

CONFORMANCE: dict[str, tuple[Case, ...]] = {
    "weighted_average_pool": (
        *windows({"size": (3,)}, {"padding": ("valid", "half", "same"), "stride": (None, (1,), (2,))}),
        case((8, 7, None), size=(3,)),
        case((8, 7, 4), size=(2,), coefficients=((1, 2), (3, 4)), fill="reflect", padding="half"),
    ),
}


def by_convolution(values: Any, numbers: Any, stride: tuple[int, ...]) -> Any:
    """Each channel on its own, convolved with `numbers`."""
    maps = [convolve(values[..., c : c + 1], numbers[..., None, None], stride, (1,) * numbers.ndim) for c in range(2)]
    return np.concatenate(maps, axis=-1)


def test_the_courses_image_with_given_numbers() -> None:
    # By hand: (1·0 + 2·5 + 3·8 + 4·2) / 10 = 4.2, (1·4 + 2·3 + 0 + 0) / 10 = 1, (0 + 0 + 3·6 + 4·9) / 10 = 5.4, …
    op = WeightedAveragePool(size=(2,), coefficients=((1, 2), (3, 4)))
    expected = [[4.2, 1.0, 5.4], [5.7, 4.4, 5.5], [3.2, 5.8, 6.2]]
    np.testing.assert_allclose(run(op, course())[0, :, :, 0], expected, rtol=1e-6)


def test_without_numbers_the_weights_are_binomials() -> None:
    # The weights of a window are its value over an image with a single 1: 1 2 1 in both axes, over 16.
    point = np.zeros((1, 3, 3, 1), dtype="float32")
    weights = np.zeros((3, 3))
    for row in range(3):
        for column in range(3):
            point[:] = 0
            point[0, row, column, 0] = 1
            weights[row, column] = run(WeightedAveragePool(size=(3,)), point).item()
    np.testing.assert_allclose(weights * 16, [[1, 2, 1], [2, 4, 2], [1, 2, 1]])


def test_numbers_not_in_rows_run_along_every_axis() -> None:
    values = image(6, 6, 2)
    flat = WeightedAveragePool(size=(3,), stride=(1,), coefficients=((1,), (2,), (1,)))
    rows = WeightedAveragePool(size=(3,), stride=(1,), coefficients=((1, 2, 1), (2, 4, 2), (1, 2, 1)))
    default = WeightedAveragePool(size=(3,), stride=(1,))
    np.testing.assert_allclose(run(flat, values), run(rows, values), atol=1e-6)
    np.testing.assert_allclose(run(flat, values), run(default, values), atol=1e-6)


@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_values_follow_the_definition(data: st.DataObject) -> None:
    rank = data.draw(st.sampled_from([1, 2, 3]))
    size, stride = (tuple(data.draw(st.integers(1, 3)) for _ in range(rank)) for _ in range(2))
    spatial = tuple(data.draw(st.integers(3, 5)) for _ in range(rank))
    numbers = np.random.default_rng(2).uniform(0.1, 1, size=size)
    padding: Any = data.draw(st.sampled_from(["valid", "same", "half"]))
    fill: Any = data.draw(st.sampled_from(["zeros", "reflect"]))
    rows = tuple(tuple(row) for row in numbers.reshape(-1, size[-1]).tolist())
    op = WeightedAveragePool(size=size, stride=stride, coefficients=rows, padding=padding, fill=fill)
    margins = {
        "valid": ((0, 0),) * rank,
        "same": same_pairs(spatial, size, stride),
        "half": tuple(((extent - 1) // 2,) * 2 for extent in size),
    }[padding]
    values = image(*spatial, 2)
    padded = surround(values.astype("float64"), margins, fill)
    result = run(op, values)
    np.testing.assert_allclose(result, by_convolution(padded, numbers / numbers.sum(), stride), atol=1e-5)
    assert op.infer_shapes((shape_of(values),))[0].dims == result.shape[1:]


@pytest.mark.parametrize(("stride", "padding"), [((1, 2), "valid"), ((1, 3), "same"), ((2, 1), "valid")])
def test_unequal_strides_are_right_where_tensorflows_own_convolution_is_not(
    stride: tuple[int, int], padding: Any
) -> None:
    # One channel (each goes on its own), stride on the last axis alone, one column out: TensorFlow 2.21 errs on CPUs.
    values = image(4, 3, 2)
    op = WeightedAveragePool(size=(1, 2), stride=stride, coefficients=((1, 3),), padding=padding)
    margins = same_pairs((4, 3), (1, 2), stride) if padding == "same" else ((0, 0), (0, 0))
    padded = surround(values.astype("float64"), margins, "zeros")
    np.testing.assert_allclose(run(op, values), by_convolution(padded, np.array([[0.25, 0.75]]), stride), atol=1e-6)


def test_open_sizes_and_channels_give_the_known_sizes_value() -> None:
    values = image(6, 7, 2)
    op = WeightedAveragePool(size=(3,), stride=(2,), padding="same")
    np.testing.assert_allclose(run_open(op, values, (0, 1, 2)), run(op, values), atol=1e-6)


def test_it_owns_no_weight() -> None:
    assert WeightedAveragePool(size=(3,)).weights((Shape((9, 9, 3)),)) == ()


@pytest.mark.parametrize(
    ("fields", "given", "field", "message"),
    [
        ({"size": (7,)}, (5, 5, 3), "size", "a window of 7x7 must fit"),
        (
            {"size": (3,), "coefficients": ((1, 2), (3, 4))},
            (5, 5, 3),
            "coefficients",
            r"3x3 numbers .*, got rows of 2, 2",
        ),
        ({"size": (2, 3), "coefficients": ((1, 2), (3, 4), (5, 6))}, (5, 5, 3), "coefficients", "2x3 numbers"),
        ({"size": (2,), "coefficients": ((0,), (0,))}, (5, 3), "coefficients", "sum above 0"),
        ({"size": (7,), "padding": "half", "fill": "reflect"}, (3, 9, 3), "padding", "mirrored values"),
    ],
)
def test_what_it_cannot_take(fields: dict[str, Any], given: tuple[int, ...], field: str, message: str) -> None:
    with pytest.raises(ShapeError, match=message) as caught:
        WeightedAveragePool(**fields).infer_shapes((Shape(given),))
    assert caught.value.field == field


def test_a_window_of_too_many_numbers_is_refused_before_they_are_made() -> None:
    op = WeightedAveragePool(size=(100_000,))
    with pytest.raises(ShapeError, match="10,000 numbers, got 100000x100000") as caught:
        op.infer_shapes((Shape((None, None, 3)),))
    assert caught.value.field == "size"
