"""Fixes chosen and applied, and words that can be meant by others."""

from __future__ import annotations

import pytest

from archspec.diagnostics import Diagnostic, DiagnosticSink, Edit, Label, SourceFile, Span
from archspec.diagnostics.fixes import apply, choose, moved, respell
from archspec.diagnostics.suggest import certain, did_you_mean

SOURCE = SourceFile("net.yaml", "first: 1\r\nsecond: 'two'\r\nthird: *two")


def span(line: int, column: int, end: int) -> Span:
    return Span(SOURCE, line, column, line, end)


def finding(*edits: Edit) -> Diagnostic:
    return Diagnostic("E0501", "wrong", Label(edits[0].span), fix=edits)


def test_edits_are_made_at_their_places_and_nothing_else_changes() -> None:
    one, two = (Edit(span(1, 1, 6), "begin"),), (Edit(span(3, 12, 12), "\nlast"), Edit(span(2, 9, 14), "2"))
    assert apply(SOURCE, [two, one]) == "begin: 1\r\nsecond: 2\r\nthird: *two\r\nlast"


def test_an_edit_may_take_whole_lines() -> None:
    assert apply(SOURCE, [(Edit(Span(SOURCE, 1, 1, 2, 1), ""),)]) == "second: 'two'\r\nthird: *two"


def test_a_place_behind_an_edit_moves_with_it_and_one_at_its_start_stays() -> None:
    fixes = [(Edit(span(1, 1, 1), "zeroth: 0\n"), Edit(span(2, 1, 7), "2"))]
    assert apply(SOURCE, fixes)[moved(SOURCE, fixes, span(2, 9, 14)) :].startswith("'two'")
    assert apply(SOURCE, fixes)[moved(SOURCE, fixes, span(2, 1, 7)) :].startswith("2: ")


def test_of_fixes_that_overlap_the_first_is_chosen() -> None:
    first, second, third = (finding(Edit(span(1, start, end), "x")) for start, end in ((1, 6), (3, 8), (8, 9)))
    assert choose([third, second, first]) == [first, third]


def test_a_fix_shared_by_two_findings_is_applied_once() -> None:
    one, same = finding(Edit(span(1, 1, 1), "x")), finding(Edit(span(1, 1, 1), "x"))
    assert choose([one, same]) == [one]


def test_of_different_texts_for_one_place_none_is_chosen() -> None:
    assert choose([finding(Edit(span(1, 1, 6), "x")), finding(Edit(span(1, 1, 6), "y"))]) == []


def test_a_fix_is_applied_whole_or_not_at_all() -> None:
    whole = finding(Edit(span(1, 1, 6), "x"), Edit(span(2, 1, 7), "y"))
    assert choose([whole, finding(Edit(span(2, 2, 3), "z"))]) == [whole]


@pytest.mark.parametrize(
    ("place", "old", "expected"),
    [
        (span(1, 1, 6), "first", "new"),
        (span(2, 9, 14), "two", "new"),  # with its quotes
        (span(3, 8, 12), "two", None),  # an alias: the text stands elsewhere
        (Span(SOURCE, 1, 1, 2, 3), "first", None),
    ],
)
def test_a_text_is_respelt_where_it_stands(place: Span, old: str, expected: str | None) -> None:
    assert respell(place, old, "new") == ((Edit(place, expected),) if expected else ())


def test_one_place_reported_with_two_fixes_has_none() -> None:
    sink = DiagnosticSink()
    sink.report(finding(Edit(span(1, 1, 6), "x")))
    sink.report(finding(Edit(span(1, 1, 6), "y")))
    (kept,) = sink.sorted()
    assert kept.fix == ()


@pytest.mark.parametrize(
    ("word", "known", "expected"),
    [
        ("Same", ["same", "half"], "same"),  # the case
        ("max-pool", ["max_pool", "lp_pool"], "max_pool"),  # the signs
        ("strde", ["stride", "size"], "stride"),  # a letter missing
        ("flitres", ["filters"], None),  # two swapped, twice, in a short word
        ("deprhwise_conb", ["depthwise_conv"], "depthwise_conv"),  # two of many
        ("deconv", ["conv"], None),
        ("unflatten", ["flatten"], None),
        ("no_bias", ["bias"], None),
        ("Minimum", ["maximum"], None),
        ("min_pool", ["max_pool"], None),
        ("batch_renorm", ["batch_norm"], None),
        ("PReLU", ["relu"], None),
        ("pool", ["lp_pool"], None),  # two letters of four
        ("relu7", ["relu6", "relu"], None),  # a number is no slip
        ("branch_a", ["branch_b"], None),
        ("convs", ["conv", "conv2"], "conv"),
        ("batt", ["bath", "batt2", "bats"], None),  # two as near
        ("conv", ["conv", "convs"], None),  # right as it is
        ("up", ["us"], None),
    ],
)
def test_a_slip_has_one_word_that_can_be_meant(word: str, known: list[str], expected: str | None) -> None:
    assert certain(word, known) == expected


def test_a_near_word_that_is_no_certain_one_is_only_named() -> None:
    cure = did_you_mean("poolings", ["pooling_2"])
    assert (cure.near, cure.instead) == ("pooling_2", None)


def test_a_word_that_is_taken_is_named_and_not_written() -> None:
    cure = did_you_mean("kernal", ["kernel"], taken={"kernel"})
    assert (cure.help, cure.instead) == ("did you mean `kernel`?", None)
