"""The forms of a contract's figure, by hand."""

from __future__ import annotations

import time
from fractions import Fraction

import pytest

from archspec.analysis.bounds import read_bounds


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("60000", 60_000, 60_000),
        (" 60000 ", 60_000, 60_000),
        ("60,000", 60_000, 60_000),
        ("60_000", 60_000, 60_000),
        ("6e4", 60_000, 60_000),
        ("1.5K", 1_500, 1_500),
        ("5M", 5_000_000, 5_000_000),
        ("3.6G", 3_600_000_000, 3_600_000_000),
        ("2T", 2 * 10**12, 2 * 10**12),
        ("<= 5M", 0, 5_000_000),
        ("<=5M", 0, 5_000_000),
        ("< 5M", 0, 4_999_999),
        ("< 5.5", 0, 5),
        ("5M .. 6M", 5_000_000, 6_000_000),
        ("5..6", 5, 6),
        ("1.5 .. 2.5", Fraction(3, 2), Fraction(5, 2)),
        ("200 +- 1%", 198, 202),
        ("200 +- 3", 197, 203),
        ("1M +- 1K", 999_000, 1_001_000),
        ("10 +- 2.5%", Fraction(39, 4), Fraction(41, 4)),
    ],
)
def test_what_is_written_is_what_is_admitted(text: str, low: Fraction, high: Fraction) -> None:
    bounds = read_bounds(text)
    assert bounds is not None
    assert (bounds.low, bounds.high) == (low, high)


@pytest.mark.parametrize(
    "text",
    [
        "", "about 5", "5 M", "5m", "-5", "+5", "> 5", ">= 5", "5 ..", ".. 5", "6 .. 5", "5 +-", "0x10", "1e-3", "²",
        "٣", "NaN", ".5", "5%", "5 .. 6 .. 7", "$params", "1e100", "9" * 41, "0." + "9" * 41,
    ],
)  # fmt: skip
def test_anything_else_is_no_figure(text: str) -> None:
    assert read_bounds(text) is None


@pytest.mark.parametrize("text", ["1e999999999", "9" * 1_000_000, "1 .. 1e999999999", "5 +- 1e999999999%"])
def test_a_number_without_end_takes_no_time(text: str) -> None:
    start = time.process_time()
    assert read_bounds(text) is None
    assert time.process_time() - start < 60  # no measurement: an end to what would go on for ever


def test_both_ends_are_admitted() -> None:
    bounds = read_bounds("5 .. 7")
    assert bounds is not None
    assert [value for value in range(10) if bounds.admit(value)] == [5, 6, 7]
