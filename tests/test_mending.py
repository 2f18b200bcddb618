"""The rounds of `mend`: which fixes stand together, and which rounds are dropped."""

from __future__ import annotations

import pytest

from archspec import mending
from archspec.diagnostics import Diagnostic, Edit, Label, Severity, SourceFile, Span
from archspec.elaboration.settings import Settings
from archspec.mending import Checked, mend

SOURCE = SourceFile("net.yaml", "one two three\n")


def at(column: int, end: int, source: SourceFile = SOURCE) -> Span:
    return Span(source, 1, column, 1, end)


def finding(code: str, place: Span, *edits: Edit, severity: Severity = Severity.ERROR) -> Diagnostic:
    return Diagnostic(code, f"{code} at {place}", Label(place), fix=edits, severity=severity)


def rename(code: str, old: str, new: str, source: SourceFile) -> Diagnostic:
    """A finding about a word, whose fix writes another."""
    column = source.text.index(old) + 1
    place = at(column, column + len(old), source)
    return finding(code, place, Edit(place, new))


def use_checks(monkeypatch: pytest.MonkeyPatch, found: dict[str, list[tuple[str, str, str]]]) -> None:
    """Checks that find in each text what is stated: (code, the wrong word, the right one)."""

    def check(source: SourceFile, settings: Settings) -> Checked:
        ones = [rename(code, old, new, source) for code, old, new in found.get(source.text, [])]
        return Checked(source, tuple(ones), "unreadable" not in source.text)

    monkeypatch.setattr(mending, "check", check)


def test_fixes_follow_one_another_until_none_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    use_checks(
        monkeypatch,
        {"one two three\n": [("E0305", "one", "1")], "1 two three\n": [("E0305", "two", "2"), ("E0501", "three", "3")]},
    )
    mended = mend(SOURCE, Settings())
    assert mended.source.text == "1 2 3\n"
    assert [one.code for one in mended.fixed] == ["E0305", "E0305", "E0501"]
    assert mended.found == ()


def test_a_round_after_which_the_text_cannot_be_read_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    use_checks(monkeypatch, {"one two three\n": [("E0305", "one", "unreadable")]})
    mended = mend(SOURCE, Settings())
    assert mended.source.text == SOURCE.text
    assert [one.code for one in mended.found] == ["E0305"]


def test_of_a_round_that_does_harm_each_fix_that_does_none_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    use_checks(
        monkeypatch,
        {
            "one two three\n": [("E0305", "one", "unreadable"), ("E0305", "two", "2")],
            "one 2 three\n": [("E0305", "one", "unreadable")],
        },
    )
    assert mend(SOURCE, Settings()).source.text == "one 2 three\n"


def test_a_round_that_adds_a_mistake_of_reading_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    use_checks(monkeypatch, {"one two three\n": [("E0305", "one", "1")], "1 two three\n": [("E0111", "two", "2")]})
    assert mend(SOURCE, Settings()).source.text == SOURCE.text


def test_mistakes_that_were_hidden_are_no_harm(monkeypatch: pytest.MonkeyPatch) -> None:
    use_checks(
        monkeypatch,
        {
            "one two three\n": [("E0305", "one", "1")],
            "1 two three\n": [("E0501", "two", "2"), ("E0502", "three", "3")],
        },
    )
    assert mend(SOURCE, Settings()).source.text == "1 2 3\n"


def test_a_fix_that_leaves_its_mistake_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    use_checks(monkeypatch, {"one two three\n": [("E0305", "one", "1")], "1 two three\n": [("E0305", "1", "2")]})
    assert mend(SOURCE, Settings()).source.text == SOURCE.text


def test_a_warning_is_not_mended_at_the_price_of_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def check(source: SourceFile, settings: Settings) -> Checked:
        if source.text == SOURCE.text:
            place = at(1, 4, source)
            return Checked(source, (finding("W0302", place, Edit(place, "1"), severity=Severity.WARNING),), True)
        return Checked(source, (finding("E0501", at(3, 6, source)),), True)

    monkeypatch.setattr(mending, "check", check)
    assert mend(SOURCE, Settings()).source.text == SOURCE.text


def test_the_rounds_end_where_every_fix_brings_another(monkeypatch: pytest.MonkeyPatch) -> None:
    def check(source: SourceFile, settings: Settings) -> Checked:
        end = len(source.text.rstrip("\n"))
        return Checked(
            source, (finding("E0305", at(end, end + 1, source), Edit(at(end, end + 1, source), "ab")),), True
        )

    monkeypatch.setattr(mending, "check", check)
    assert len(mend(SOURCE, Settings()).fixed) == mending.MOST_CHECKS
