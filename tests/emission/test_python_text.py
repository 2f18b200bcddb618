"""Layout and quoting of Python source; `ast.literal_eval` and ruff are the judges."""

from __future__ import annotations

import ast
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archspec.emission.python_text import WIDTH, Bracketed, docstring, literal, named, quoted, statement
from tests.emission.ruff import formatted

EXAMPLES = settings(max_examples=150, derandomize=True, database=None, deadline=None)
TEXT = st.text(st.characters(), max_size=30) | st.sampled_from(
    ['"""', "\\", '\\"', "'''", "\n", "\u2028", "\ud800", "é"]
)
PLAIN = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT
VALUES = st.recursive(PLAIN, lambda inner: st.lists(inner, max_size=40).map(tuple), max_leaves=60)


@EXAMPLES
@given(TEXT)
def test_a_quoted_text_reads_back(text: str) -> None:
    assert ast.literal_eval(quoted(text)) == text
    quoted(text).encode()  # a lone surrogate, as in a file's name that is no text, can be written


@EXAMPLES
@given(TEXT)
def test_a_docstring_ends_where_it_ends(text: str) -> None:
    tree = ast.parse(docstring(text) + "\n")
    assert len(tree.body) == 1
    assert isinstance(ast.get_docstring(tree), str)
    assert "\n" not in docstring(text)


@EXAMPLES
@given(VALUES)
def test_a_literal_reads_back_from_one_line_and_from_many(value: object) -> None:
    assert ast.literal_eval(str(literal(value))) == value  # type: ignore[arg-type]
    text = statement([Bracketed("x = f(", (named("key", literal(value)),), ")")])  # type: ignore[arg-type]
    assign = ast.parse(text.strip()).body[0]
    assert isinstance(assign, ast.Assign)
    assert isinstance(assign.value, ast.Call)
    assert ast.literal_eval(assign.value.keywords[0].value) == value


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan])
def test_numbers_that_python_has_no_literal_for_are_called(value: float) -> None:
    assert repr(eval(str(literal(value)))) == repr(value)


def test_what_fits_stands_on_one_line() -> None:
    assert (
        statement([Bracketed("x = f(", ("a=1", "b=2"), ")"), Bracketed("(", ("y",), ")")]) == "    x = f(a=1, b=2)(y)"
    )


def test_what_does_not_fit_stands_one_item_a_line() -> None:
    long = "a" * 90
    text = statement([Bracketed("x = f(", (f"a={long}", "b=2"), ")"), Bracketed("(", (long,), ")")])
    assert text.splitlines() == ["    x = f(", f"        a={long},", "        b=2,", f"    )({long})"]


@EXAMPLES
@given(st.lists(st.integers(min_value=-(10**6)), min_size=40, max_size=80))
def test_tables_of_numbers_fill_lines_of_the_width(numbers: list[int]) -> None:
    text = statement([Bracketed("x = f(", (named("rows", literal((tuple(numbers), (1,)))),), ")")])
    assert text.endswith(")  # fmt: skip")
    assert len(text.splitlines()) < 40
    assert all(len(line) <= WIDTH for line in text.splitlines() if len(line.split()) > 1)


@settings(EXAMPLES, max_examples=15)
@given(st.lists(st.tuples(VALUES, st.integers(1, 60), st.booleans()), min_size=1, max_size=8))
def test_statements_are_as_ruff_formats_them(calls: list[tuple[object, int, bool]]) -> None:
    lines = []
    for value, width, several in calls:
        if '"' in repr(value):
            continue  # ruff chooses quotes by their number inside
        first = Bracketed("x = keras.layers.Thing(", (named("key", literal(value)), 'name="name"'), ")")  # type: ignore[arg-type]
        inputs = Bracketed("[", ("y" * width, "z" * width), "]") if several else "y" * width
        lines.append(statement([first, Bracketed("(", (inputs,), ")")]))
    source = "\n".join(["def build():", '    """One."""', *lines]) + "\n"
    assert formatted(source) == source
