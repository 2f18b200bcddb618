"""Formulas of sizes: their one form, held against the same arithmetic on numbers."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from archspec.ir.size import MOST_TERMS, NoFormulaError, Number, Size, named_size

HEIGHT, WIDTH = named_size("height"), named_size("width")

TESTED = settings(max_examples=400, derandomize=True, database=None, deadline=None)

Expression = tuple[Any, ...] | str | int
"""A name, a number, or an operator with its operands."""

WORKINGS: Mapping[str, Callable[..., Any]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "//": operator.floordiv
}  # fmt: skip

LEAVES = st.sampled_from(("height", "width")) | st.integers(-9, 9)


def _inner(operands: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    whole = st.tuples(st.sampled_from(("+", "-")), operands, operands) | st.tuples(st.just("*"), operands, LEAVES)
    return whole | st.tuples(st.just("//"), operands, st.integers(1, 12))


EXPRESSIONS: st.SearchStrategy[Expression] = st.recursive(LEAVES, _inner, max_leaves=8)
SIZES = st.fixed_dictionaries({"height": st.integers(1, 300), "width": st.integers(1, 300)})


def worked_out(expression: Expression, names: Mapping[str, Number]) -> Number:
    """An expression with the names standing for these, by Python's own operators."""
    if isinstance(expression, str):
        return names[expression]
    if isinstance(expression, int):
        return expression
    sign, left, right = expression
    found: Number = WORKINGS[sign](worked_out(left, names), worked_out(right, names))
    return found


def formula(expression: Expression) -> Number:
    """An expression as a formula; examples that are too long are left out."""
    try:
        return worked_out(expression, {"height": HEIGHT, "width": WIDTH})
    except NoFormulaError:
        assume(False)
        raise


def value(found: Number, sizes: Mapping[str, int]) -> int:
    return found.at(sizes) if isinstance(found, Size) else found


@TESTED
@given(EXPRESSIONS, SIZES)
def test_a_formula_has_the_value_of_what_it_was_made_from(expression: Expression, sizes: dict[str, int]) -> None:
    assert value(formula(expression), sizes) == worked_out(expression, sizes)


@TESTED
@given(EXPRESSIONS, SIZES)
def test_its_text_is_python_for_it(expression: Expression, sizes: dict[str, int]) -> None:
    found = formula(expression)
    assert eval(str(found), {"__builtins__": {}}, sizes) == value(found, sizes)


@TESTED
@given(EXPRESSIONS)
def test_read_again_it_is_the_same_formula(expression: Expression) -> None:
    found = formula(expression)
    assume("**" not in str(found))  # powers are written, and never asked for
    again = eval(str(found), {"__builtins__": {}}, {"height": HEIGHT, "width": WIDTH})
    assert (again, hash(again)) == (found, hash(found))


STEPS = st.lists(
    st.tuples(st.just("plus"), st.integers(-6, 6)) | st.tuples(st.just("over"), st.integers(1, 4)), max_size=6
)


@TESTED
@given(STEPS)
def test_a_chain_of_shifts_and_divisions_is_one_division(steps: list[tuple[str, int]]) -> None:
    # A linear map x -> (x + a) // b followed by another is again one, so at most one division is ever needed.
    found: Number = HEIGHT
    for step, amount in steps:
        found = found + amount if step == "plus" else found // amount
    assert str(found).count("//") <= 1


@TESTED
@given(STEPS)
def test_chains_that_are_equal_at_all_sizes_are_equal(steps: list[tuple[str, int]]) -> None:
    shift, divisor = 0, 1  # the chain as floor((height + shift) / divisor), worked out by hand
    found: Number = HEIGHT
    for step, amount in steps:
        if step == "plus":
            found, shift = found + amount, shift + amount * divisor
        else:
            found, divisor = found // amount, divisor * amount
    assert found == (HEIGHT + shift) // divisor


@pytest.mark.parametrize(
    ("found", "text"),
    [
        (HEIGHT, "height"),
        (HEIGHT - 4, "height - 4"),
        (2 * HEIGHT - 4, "2*height - 4"),
        (WIDTH - HEIGHT // 2, "-(height//2) + width"),
        (3 - HEIGHT, "-height + 3"),
        ((HEIGHT + 31) // 32, "(height + 31)//32"),
        (HEIGHT // 2, "height//2"),
        (HEIGHT // 2 + 1, "height//2 + 1"),
        (64 * (HEIGHT // 2), "64*(height//2)"),
        (WIDTH * HEIGHT * 3, "3*height*width"),
        (HEIGHT * HEIGHT, "height**2"),
        ((HEIGHT // 2) * (HEIGHT // 2), "(height//2)**2"),
        ((2 * HEIGHT) // 3, "(2*height)//3"),
        (named_size("image-height") // 2, "(image-height)//2"),
    ],
)
def test_texts_are_short(found: Number, text: str) -> None:
    assert str(found) == text


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ((2 * HEIGHT) // 2, HEIGHT),
        ((2 * HEIGHT + 1) // 2, HEIGHT),
        ((4 * HEIGHT + 9) // 6, (2 * HEIGHT + 1) // 3 + 1),
        ((HEIGHT // 2 + 1) // 2, (HEIGHT + 2) // 4),
        ((2 * (HEIGHT // 2) + 1) // 4, HEIGHT // 4),
        ((HEIGHT // 3 + WIDTH) // 2, (HEIGHT + 3 * WIDTH) // 6),
        ((HEIGHT + 64) // 32, HEIGHT // 32 + 2),
        (HEIGHT + WIDTH - WIDTH, HEIGHT),
    ],
)
def test_what_is_equal_has_one_form(left: Number, right: Number) -> None:
    assert left == right


def test_what_comes_to_a_constant_is_a_plain_number() -> None:
    assert (HEIGHT + 3 - HEIGHT, 0 * HEIGHT, (HEIGHT + 4) // 2 - HEIGHT // 2) == (3, 0, 2)
    assert type(HEIGHT - HEIGHT) is int


def test_equal_forms_of_one_function_may_differ() -> None:
    # Hermite's identity: nothing may be concluded from the inequality.
    assert HEIGHT // 2 + (HEIGHT + 1) // 2 != HEIGHT


@pytest.mark.parametrize(
    "asked",
    [
        lambda: HEIGHT < 3,
        lambda: HEIGHT <= 3,
        lambda: HEIGHT > 3,
        lambda: HEIGHT >= WIDTH,
        lambda: max(HEIGHT, 3),
        lambda: 3 // HEIGHT,
        lambda: HEIGHT // WIDTH,
        lambda: HEIGHT // 0,
        lambda: HEIGHT * (1 << 64),
        lambda: HEIGHT // (1 << 64),
    ],
)
def test_what_no_formula_says_is_refused(asked: Callable[[], object]) -> None:
    with pytest.raises(NoFormulaError):
        asked()


def test_a_formula_is_no_number() -> None:
    assert HEIGHT != 3
    assert HEIGHT != "height"


def test_formulas_do_not_grow_without_end() -> None:
    # Each is nested in the next, twice: a text of 2**n names unless it is stopped.
    found: Number = HEIGHT
    with pytest.raises(NoFormulaError, match="too long"):
        for _ in range(MOST_TERMS):
            found = found + (found // 3) * (found // 5)
    assert len(str(found)) < 20 * MOST_TERMS
