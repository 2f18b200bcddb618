"""The arithmetic of windows: counts from papers and prototxts, `same` from TensorFlow's documentation."""

from __future__ import annotations

import itertools

import pytest

from archspec.ir.op import ShapeError
from archspec.ir.shape import is_known
from archspec.ir.size import named_size
from archspec.ops._window import (
    Margins,
    Padding,
    amount_margins,
    check_fill,
    check_reflection,
    explicit_margins,
    per_axis,
    same_margins,
    window_count,
    window_shape,
)


@pytest.mark.parametrize(
    ("size", "kernel", "stride", "margins", "count"),
    [
        (32, 5, 1, (0, 0), 28),  # LeNet-5, C1
        (227, 11, 4, (0, 0), 55),  # AlexNet, conv1
        (224, 7, 2, (3, 3), 112),  # GoogLeNet and ResNet, conv1
        (112, 3, 2, (1, 1), 56),  # ResNet, pool1 in torchvision
        (112, 3, 2, (0, 1), 56),  # what TensorFlow's `same` pads
        (3, 3, 1, (0, 0), 1),
        (2, 3, 1, (0, 0), 0),
    ],
)
def test_rounding_down_counts_as_published(
    size: int, kernel: int, stride: int, margins: tuple[int, int], count: int
) -> None:
    assert window_count(size, kernel, stride, 1, margins) == count


@pytest.mark.parametrize(
    ("size", "kernel", "stride", "margins", "count"),
    [
        (112, 3, 2, (0, 0), 56),  # GoogLeNet, pool1; down it would be 55
        (14, 3, 2, (0, 0), 7),  # GoogLeNet, pool4; down it would be 6
        (14, 5, 3, (0, 0), 4),  # GoogLeNet, loss1/ave_pool
        (32, 3, 2, (0, 0), 16),  # Caffe's cifar10_quick, pool1; down it would be 15
        (55, 3, 2, (0, 0), 27),  # AlexNet, where nothing is rounded
        (4, 2, 2, (1, 1), 3),  # (4 + 2 - 2) / 2 + 1, nothing rounded
        (3, 2, 2, (1, 1), 2),  # ceil gives 3, whose last window would start in the padding: Caffe drops it
        (4, 1, 2, (0, 0), 2),  # ceil gives 3, whose last window would start past the input
    ],
)
def test_rounding_up_counts_as_caffe(size: int, kernel: int, stride: int, margins: tuple[int, int], count: int) -> None:
    assert window_count(size, kernel, stride, 1, margins, up=True) == count


def counted_one_by_one(size: int, kernel: int, stride: int, dilation: int, margins: tuple[int, int], up: bool) -> int:
    """The windows that Caffe's rule keeps, one by one: each starts before the input ends, and fits unless `up`."""
    before, after = margins
    extent = (kernel - 1) * dilation + 1
    if size + before + after < extent:
        return 0
    room = size + before + after - extent
    count = 1
    while count * stride < (room + stride if up else room + 1):
        if up and count * stride >= size + before:
            break
        count += 1
    return count


@pytest.mark.parametrize("up", [False, True])
def test_counts_are_those_of_looking_at_each_window(up: bool) -> None:
    """Numbers and formulas of one rule: every small size, window, step and margin below the window's size."""
    cases = 0
    for kernel, stride, dilation in itertools.product(range(1, 6), range(1, 8), (1, 2)):
        for before, after in itertools.product(range(kernel), repeat=2):
            formula = window_count(named_size("size"), kernel, stride, dilation, (before, after), up=up)
            for size in range(1, 13):
                expected = counted_one_by_one(size, kernel, stride, dilation, (before, after), up)
                found = window_count(size, kernel, stride, dilation, (before, after), up=up)
                assert is_known(found)
                assert max(found, 0) == expected
                if expected:
                    assert not isinstance(formula, int | None)
                    assert formula.at({"size": size}) == expected
                cases += 1
    assert cases == 7 * 2 * 12 * (1 + 4 + 9 + 16 + 25)


def test_same_of_a_formula_is_the_ceiling() -> None:
    found = window_count(named_size("size"), 3, 4, 1, None)
    assert str(found) == "(size + 3)//4"


def test_dilation_spreads_the_window() -> None:
    # Dumoulin and Visin, relationship 15: i = 7, k = 3, d = 2, s = 1, p = 0 gives 3.
    assert window_count(7, 3, 1, 2, (0, 0)) == 3


def test_same_keeps_the_size_divided_by_the_stride() -> None:
    assert [window_count(size, 3, 2, 1, None) for size in (1, 2, 5, 224)] == [1, 1, 3, 112]


def test_an_open_size_gives_an_open_count() -> None:
    assert window_count(None, 3, 2, 1, (1, 1), up=True) is None
    assert window_count(None, 3, 2, 1, None) is None


@pytest.mark.parametrize(
    ("size", "kernel", "stride", "dilation", "pair"),
    [
        (224, 7, 2, 1, (2, 3)),  # the odd row last, as Keras' ResNet avoids with its own ZeroPadding2D
        (225, 7, 2, 1, (3, 3)),
        (112, 3, 2, 1, (0, 1)),
        (5, 2, 1, 1, (0, 1)),
        (5, 3, 1, 2, (2, 2)),
        (4, 1, 3, 1, (0, 0)),
    ],
)
def test_same_in_numbers(size: int, kernel: int, stride: int, dilation: int, pair: tuple[int, int]) -> None:
    assert same_margins((size,), (kernel,), (stride,), (dilation,)) == (pair,)


def test_same_in_numbers_of_an_open_size_needs_a_stride_of_one() -> None:
    assert same_margins((None,), (4,), (1,), (1,)) == ((1, 2),)
    with pytest.raises(ShapeError) as caught:
        same_margins((None,), (4,), (2,), (1,))
    assert caught.value.field == "padding"


@pytest.mark.parametrize(
    ("padding", "margins"),
    [
        ("valid", ((0, 0), (0, 0))),
        ("half", ((2, 2), (2, 2))),  # kernel 3x4, dilation 2x2: (k - 1) // 2 · d
        (((1,),), ((1, 1), (1, 1))),
        (((1,), (2,)), ((1, 1), (2, 2))),
        (((0, 1), (2, 3)), ((0, 1), (2, 3))),
        (((0, 1),), ((0, 1), (0, 1))),
        ("same", None),
    ],
)
def test_padding_in_numbers(padding: Padding, margins: Margins | None) -> None:
    assert explicit_margins(padding, (3, 4), (2, 2)) == margins


@pytest.mark.parametrize("amounts", [(), ((1,), (2,), (3,)), ((1, 2, 3),), ((), ())])
def test_amounts_are_for_all_axes_or_for_each(amounts: tuple[tuple[int, ...], ...]) -> None:
    with pytest.raises(ShapeError, match="`margins` needs one amount") as caught:
        amount_margins(amounts, 2, field="margins")
    assert caught.value.field == "margins"


def test_one_number_serves_all_axes() -> None:
    assert per_axis((3,), 2, "kernel") == (3, 3)
    assert per_axis((3, 5), 2, "kernel") == (3, 5)
    with pytest.raises(ShapeError, match="`kernel` needs 1 or 3 numbers") as caught:
        per_axis((3, 5), 3, "kernel")
    assert caught.value.field == "kernel"


def test_a_window_that_does_not_fit_is_shown_with_the_padded_input() -> None:
    with pytest.raises(ShapeError, match="a window of 7x7 must fit into its input, got 4x9, 6x11 with its") as caught:
        window_shape((4, 9), (7, 7), (1, 1), (1, 1), ((1, 1), (1, 1)), field="kernel")
    assert caught.value.field == "kernel"


def test_a_mirrored_margin_is_below_the_size() -> None:
    check_reflection(((2, 2), (0, 1)), (3, 2), field="margins")
    check_reflection(((9, 9),), (None,), field="margins")
    with pytest.raises(ShapeError, match=r"got \[3, 2\] around 3") as caught:
        check_reflection(((3, 2),), (3,), field="margins")
    assert caught.value.field == "margins"


def test_a_fill_is_checked_against_the_amounts_of_same() -> None:
    axes = ((2,), (6,), (1,), (1,))  # `same` pads 2 and 3
    check_fill("zeros", None, *axes)
    check_fill("edge", None, *axes)
    with pytest.raises(ShapeError, match="mirrored"):
        check_fill("reflect", None, *axes)
