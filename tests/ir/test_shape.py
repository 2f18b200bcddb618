"""Sizes that may be open: what is said of them where some are numbers, some formulas, and some neither."""

from __future__ import annotations

import pytest

from archspec.ir.shape import Dim, Shape, agree, is_known, map_dims, merge, product, total
from archspec.ir.size import named_size

HEIGHT, WIDTH = named_size("height"), named_size("width")


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        (3, 3, True),
        (3, 4, False),
        (None, 4, True),
        (HEIGHT, None, True),
        (HEIGHT, 4, True),
        (HEIGHT, WIDTH, True),
        (HEIGHT, HEIGHT, True),
        (HEIGHT, HEIGHT - 2, False),
        (HEIGHT // 2, HEIGHT // 2 + 1, False),
        (2 * ((HEIGHT + 1) // 2), HEIGHT, True),  # equal for an even height
    ],
)
def test_sizes_disagree_only_where_no_height_makes_them_equal(left: Dim, right: Dim, expected: bool) -> None:
    assert agree(left, right) is agree(right, left) is expected


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [(None, 4, 4), (HEIGHT, 4, 4), (HEIGHT, None, HEIGHT), (None, None, None), (HEIGHT, WIDTH, HEIGHT), (4, 4, 4)],
)
def test_the_known_size_stands_for_both_then_the_formula(left: Dim, right: Dim, expected: Dim) -> None:
    assert merge(left, right) == expected


def test_the_first_of_two_numbers_stands_for_both() -> None:
    assert merge(1, 2) == 1


def test_a_rule_that_compares_leaves_a_formula_open() -> None:
    assert map_dims(lambda known: max(known, 3), HEIGHT) is None
    assert map_dims(lambda known: max(known, 3), 5) == 5


def test_a_mistake_in_a_rule_is_no_open_size() -> None:
    with pytest.raises(TypeError, match="unsupported operand"):
        map_dims(lambda known: known + "3", 5)


def test_products_and_totals() -> None:
    assert (product((2, 3)), product(()), product((2, None))) == (6, 1, None)
    assert (total((2, 3)), total(()), total((2, None))) == (5, 0, None)
    assert (product((2, HEIGHT, 3)), total((2, HEIGHT, 3))) == (6 * HEIGHT, HEIGHT + 5)


def test_a_shape_shows_formulas_and_tells_keras_none() -> None:
    shape = Shape((HEIGHT // 2, None, 3))
    assert str(shape) == "(height//2, ?, 3)"
    assert shape.static_dims == (None, None, 3)
    assert [is_known(dim) for dim in shape.dims] == [False, False, True]
