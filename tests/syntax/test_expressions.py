"""The expression language: what each form gives, exactly, and where each mistake is."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archspec.syntax.evaluation import UNKNOWN, Value, evaluate, expand, written
from archspec.syntax.expression_tree import Channels, ExpressionError, Name, TooMuchWorkError
from archspec.syntax.expressions import FUNCTIONS, parse_template
from archspec.syntax.limits import MAX_DIGITS, MAX_EXPRESSION, MAX_EXPRESSION_DEPTH, MAX_LIST


@dataclass
class Names:
    """An environment of fixed names."""

    values: dict[str, Value] = field(default_factory=dict)
    work: int = 10**9

    def value_of(self, name: Name) -> Value:
        if name.name not in self.values:
            raise ExpressionError("unknown", name.start, name.end)
        return self.values[name.name]

    def channels_of(self, node: Channels) -> Value:
        return {"in": 64, "stem": 32}[node.node]

    def charge(self, operations: int) -> None:
        self.work -= operations
        if self.work < 0:
            raise TooMuchWorkError


def give(text: str, **values: Value) -> Value:
    return expand(parse_template(text), Names(values))


def mistake(text: str, **values: Value) -> ExpressionError:
    with pytest.raises(ExpressionError) as raised:
        give(text, **values)
    return raised.value


# Values


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$(1 + 2 * 3)", 7),
        ("$((1 + 2) * 3)", 9),
        ("$(2 ** 3 ** 2)", 512),  # to the right: 2 ** 9
        ("$(-2 ** 2)", -4),
        ("$(2 ** -1)", Fraction(1, 2)),
        ("$(7 // 2)", 3),
        ("$(-7 // 2)", -4),
        ("$(7 % 3)", 1),
        ("$(7 / 2)", Fraction(7, 2)),
        ("$(6 / 2)", 3),
        ("$(1 - 2 - 3)", -4),
        ("$(8 / 2 / 2)", 2),
        ("$(1.4)", Fraction(7, 5)),
        ("$(1e3)", 1000),
        ("$(1 < 2)", True),
        ("$(1 == 1.0)", True),
        ("$('a' != 'b')", True),
        ("$(not 1 == 2)", True),
        ("$(true or false and false)", True),
        ("$(not false and false)", False),
        ("$(1 if true else 2)", 1),
        ("$(1 if false else 2 if false else 3)", 3),
        ("$('halving' if true else 'width')", "halving"),
        ("$(min(3, 1, 2))", 1),
        ("$(max(xs))", 30),
        ("$(sum(xs))", 60),
        ("$(len(xs))", 3),
        ("$(xs[1])", 10),
        ("$(xs[len(xs)])", 30),
        ("$(range(3))", (1, 2, 3)),
        ("$(range(2, 4))", (2, 3, 4)),
        ("$(range(0))", ()),
        ("$(take(xs, 2))", (10, 20)),
        ("$(xs[1] * 2)", 20),
        ("$(xs * 2)", (20, 40, 60)),
        ("$(xs / 20)", (Fraction(1, 2), 1, Fraction(3, 2))),
        ("$(xs + xs)", (20, 40, 60)),
        ("$(ceil(xs / 20))", (1, 1, 2)),
        ("$(-xs)", (-10, -20, -30)),
        ("$(floor(-1 / 2))", -1),
        ("$(ceil(-1 / 2))", 0),
        ("$(round(5 / 2))", 3),  # half away from zero, as people round
        ("$(round(-5 / 2))", -3),
        ("$(make_divisible(66))", 64),
        ("$(make_divisible(9))", 16),  # 8 would be below nine tenths of 9
        ("$(make_divisible(1))", 8),
        ("$(make_divisible(33, 4))", 32),
        ("$in.channels", 64),
        ("$(4 * stem.channels)", 128),
        ("$xs", (10, 20, 30)),
        ("stage$n", "stage4"),
        ("y$(n - 1)", "y3"),
        ("$n/$n", "4/4"),
        ("a$(1 / 2)", "a1/2"),
        ("plain", "plain"),
        ("$(')')", ")"),
    ],
)
def test_an_expression_gives_its_value_exactly(text: str, expected: Value) -> None:
    found = give(text, xs=(10, 20, 30), n=4)
    assert found == expected
    assert type(found) is type(expected)


def test_a_scalar_that_is_one_expression_keeps_its_type_and_another_is_a_word() -> None:
    assert give("$n", n=4) == 4
    assert give("x$n", n=4) == "x4"


def test_a_fraction_is_not_rounded_on_the_way() -> None:
    assert give("$(0.1 + 0.2)") == Fraction(3, 10)
    assert give("$(1 / 3 * 3)") == 1


def test_efficientnet_widths_and_depths_come_out_as_published() -> None:
    # Tan, Le, arXiv:1905.11946: B0's table scaled by B4's width 1.4 and depth 1.8, as Keras' EfficientNetB4 has it.
    widths = (32, 16, 24, 40, 80, 112, 192, 320, 1280)
    repeats = (1, 2, 2, 3, 3, 4, 1)
    scaled = tuple(give("$(make_divisible(1.4 * width))", width=width) for width in widths)
    assert scaled == (48, 24, 32, 56, 112, 160, 272, 448, 1792)
    assert give("$(ceil(1.8 * repeats))", repeats=repeats) == (2, 4, 4, 6, 6, 8, 2)


def test_only_the_side_that_is_needed_is_evaluated() -> None:
    assert give("$(1 if true else 1 / 0)") == 1
    assert give("$(false and 1 / 0 == 1)") is False
    assert give("$(true or 1 / 0 == 1)") is True


@pytest.mark.parametrize(
    "text", ["$(a + 1)", "$(a if true else 1)", "x$a", "$(min(a, 1))", "$(1 if a else 2)", "$(not a)"]
)
def test_what_depends_on_an_unknown_is_unknown(text: str) -> None:
    assert give(text, a=UNKNOWN) is UNKNOWN


@given(
    st.integers(-(10**6), 10**6), st.integers(-(10**6), 10**6), st.sampled_from(["+", "-", "*", "//", "%", "<", "=="])
)
def test_whole_numbers_compute_as_in_python(left: int, right: int, sign: str) -> None:
    if sign in ("//", "%") and not right:
        return
    assert give(f"$(a {sign} b)", a=left, b=right) == eval(
        f"left {sign} right"
    )  # the oracle of a test, never of a spec


@given(
    st.recursive(st.integers(0, 99) | st.booleans(), lambda inner: st.lists(inner, min_size=1, max_size=3).map(tuple))
)
def test_a_value_is_written_as_it_stands_in_a_spec(value: Value) -> None:
    text = written(value)
    assert text.count("[") == text.count("]")
    assert "'" not in text
    assert "True" not in text


# Mistakes


@pytest.mark.parametrize(
    ("text", "start", "end", "words"),
    [
        ("$(1 +)", 5, 6, "ends too early"),
        ("$()", 2, 3, "ends too early"),
        ("$(2 a)", 4, 5, "an operator or the end"),
        ("$(a ? 1 : 2)", 4, 5, "`?` is not part"),
        ("$(1 < 2 < 3)", 4, 5, "cannot be chained"),
        ("$(foo(1))", 2, 5, "`foo` is not a function"),
        ("$(a.height)", 3, 10, "only `.channels`"),
        ("$a.height", 2, 9, "only `.channels`"),
        ("$(1", 0, 3, "is not closed"),
        ("$(min(1, 2)", 0, 11, "is not closed"),
        ("x$", 1, 3, "needs a name"),
        ("${a}", 0, 4, "needs a name"),
        ("$$a", 0, 2, "needs a name"),
        ("$1", 0, 2, "needs a name"),
        ("$(a = 1)", 4, 5, "`=` is not part"),
        ("$(if)", 2, 4, "a value must stand here"),
        ("$(min(1 2))", 8, 9, "`,` must stand here"),
        ("$(xs[1)", 6, 7, "`]` must stand here"),
        ("$(1 if true)", 11, 12, "`else` must stand here"),
        ("$('a)", 0, 5, "is not closed"),
        ('$("a")', 2, 3, '`"` is not part'),
        ("$(1 / 0)", 2, 7, "division by zero"),
        ("$(1 + 2 / 0)", 6, 11, "division by zero"),
        ("$(xs[0])", 2, 7, "places 1 to 3"),
        ("$(xs[4])", 2, 7, "places 1 to 3"),
        ("$(xs[-1])", 2, 8, "places 1 to 3"),
        ("$(take(xs, 4))", 2, 13, "a count of 0 to 3"),
        ("$(1 + 'a')", 2, 9, "`+` needs numbers"),
        ("$(true + 1)", 2, 10, "`+` needs numbers"),
        ("$(1 == 'a')", 2, 10, "two values of one kind"),
        ("$(1 if 2 else 3)", 7, 8, "needs true or false"),
        ("$(1 and true)", 2, 3, "needs true or false"),
        ("$(not 1)", 2, 7, "needs true or false"),
        ("$(xs * range(2))", 2, 15, "equally long"),
        ("$(min())", 2, 7, "at least one number"),
        ("$(floor(1, 2))", 2, 13, "does not take 2 arguments"),
        ("$(range(1.5))", 2, 12, "needs whole numbers"),
        ("$(2 ** 0.5)", 2, 10, "needs whole numbers"),
        ("$(0 ** -1)", 2, 9, "beyond"),
        ("$(make_divisible(8, 0))", 2, 22, "divisor of at least 1"),
        ("$(nowhere)", 2, 9, "unknown"),
    ],
)
def test_a_mistake_is_at_its_characters(text: str, start: int, end: int, words: str) -> None:
    found = mistake(text, xs=(10, 20, 30), a=1)
    assert words in found.message
    assert (found.start, found.end) == (start, end)


def test_an_index_of_0_says_that_counting_is_from_1() -> None:
    assert mistake("$(xs[0])", xs=(1,)).cure == "counting is from 1"


# Hostile texts


@pytest.mark.parametrize(
    "text",
    [
        "$(" + "(" * 100 + "1" + ")" * 100 + ")",
        "$(" + "- " * 120 + "1)",
        "$(" + "not " * 60 + "true)",
        "$(" + "2 ** " * 60 + "1)",
        "$(" + "1 if true else " * 16 + "1)",
        "$(" + "min(" * 60 + "1" + ")" * 60 + ")",
        "$(" + "a[" * 80 + "1" + "]" * 80 + ")",
        "$(" + "1 + " * 100_000 + "1)",
        "$(" + "9" * 1_000_000 + ")",
        "$" * 1_000_000,
        "$(" * 300_000,
        "x" * 1_000_000 + "$(1 +)",
    ],
    ids=lambda text: f"{text[:12]}… {len(text)}",
)
def test_a_hostile_text_ends_in_a_mistake_or_a_value_in_no_time(text: str) -> None:
    started = time.perf_counter()
    try:
        give(text, a=(1,))
    except ExpressionError as error:
        assert error.start <= error.end
    assert time.perf_counter() - started < 1


@pytest.mark.parametrize(
    "text",
    ["$(9**9**9)", "$(2 ** 1000000000)", "$(10 ** 39 * 10 ** 39)", "$(1e999)", "$(" + "9" * 41 + ")", "$(1 / 3 ** 99)"],
)
def test_a_number_has_a_bound_on_its_digits(text: str) -> None:
    started = time.perf_counter()
    assert f"{MAX_DIGITS} digits" in mistake(text).message
    assert time.perf_counter() - started < 0.1


def test_a_list_has_a_bound_on_its_length() -> None:
    assert "10,000 values" in mistake("$(range(1, 10 ** 12))").message
    assert len(give(f"$(range({MAX_LIST}))")) == MAX_LIST  # type: ignore[arg-type]


def test_expressions_have_a_bound_on_length_and_depth() -> None:
    fits = "1" + "+1" * ((MAX_EXPRESSION - 1) // 2)
    assert give(f"$({fits})") == 1 + (MAX_EXPRESSION - 1) // 2
    assert f"{MAX_EXPRESSION} characters" in mistake(f"$({fits}++1)").message
    assert f"{MAX_EXPRESSION_DEPTH} deep" in mistake("$(" + "(" * 30 + "1" + ")" * 30 + ")").message


def test_work_is_accounted_for_by_operations_and_values() -> None:
    names = Names({"xs": tuple(range(1000))}, work=2_500)
    (expression,) = parse_template("$(xs + 1)").parts
    assert not isinstance(expression, str)
    evaluate(expression, names)
    assert names.work == 2_500 - 1 - 1000 - 1000
    with pytest.raises(TooMuchWorkError):
        evaluate(expression, names)


@pytest.mark.parametrize(
    "text",
    [
        "$(__import__('os'))",
        "$(open('x'))",
        "$(eval('1'))",
        "$((1).real)",
        "$(a.__class__)",
        "$(lambda: 1)",
        "$([x for x in a])",
        "$(f'{a}')",
        "$(a := 1)",
        "$(print)",
        "$(globals())",
        "$(1 .__class__)",
        "$(a; a)",
        "$(0x10)",
        "$(1j)",
        "$(True)",
        "$(None)",
    ],
)
def test_python_is_never_reached(text: str) -> None:
    mistake(text, a=1)


@given(st.text(alphabet="$()[]{}.,+-*/%<>=!'\" 019abie_\n", max_size=40))
def test_any_text_gives_a_value_or_a_mistake_within_it(text: str) -> None:
    try:
        give(text, a=1, b=(1, 2), i=True, e="e")
    except ExpressionError as error:
        assert 0 <= error.start <= error.end <= len(text) + 1


def test_the_functions_are_those_of_the_language() -> None:
    assert FUNCTIONS == ("min", "max", "ceil", "floor", "round", "make_divisible", "len", "sum", "range", "take")
