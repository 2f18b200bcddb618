"""Comments that allow warnings: which are read, and what they take out of what was found."""

from __future__ import annotations

import pytest

from archspec.diagnostics import Diagnostic, Label, Severity, SourceFile, Span
from archspec.syntax import lexemes
from archspec.syntax.allowances import allowances, sift
from archspec.syntax.formatter import format_spec


def source(text: str) -> SourceFile:
    return SourceFile("net.yaml", text)


def found_at(place: SourceFile, line: int, code: str = "W0301", severity: Severity = Severity.WARNING) -> Diagnostic:
    return Diagnostic(code, "found", Label(Span(place, line, 1, line, 2)), severity=severity)


@pytest.mark.parametrize(
    ("comment", "codes", "reason"),
    [
        ("# archspec: allow L1101 as in the paper", ("L1101",), "as in the paper"),
        ("#archspec: allow L1101, W0301 both", ("L1101", "W0301"), "both"),
        ("## archspec:allow l1101 W0301: both", ("L1101", "W0301"), "both"),
        ("# Table 2  # archspec: allow L1101 - as there", ("L1101",), "as there"),
        ("# archspec: allow L1101 (4 of 9 are read)", ("L1101",), "4 of 9 are read"),
        ("# archspec: allow L1101", ("L1101",), ""),
        ("# archspec: allow the bias", (), "the bias"),
    ],
)
def test_a_comment_has_codes_and_a_reason(comment: str, codes: tuple[str, ...], reason: str) -> None:
    (one,) = allowances(source(f"a: 1\nb: 2  {comment}"))
    assert (one.codes, one.reason) == (codes, reason)
    assert (one.place.line, one.place.end_column) == (2, len(f"b: 2  {comment}") + 1)


def test_the_place_of_a_comment_counts_characters_and_begins_at_its_sign() -> None:
    (one,) = allowances(source("größe: 𝔸  # eins  # archspec: allow L1101 ja\r\n"))
    assert (one.place.line, one.place.column, one.place.text) == (1, 19, "# archspec: allow L1101 ja")


@pytest.mark.parametrize(
    "text",
    [
        'a: "b # archspec: allow L1101 no"',
        "a: |\n  b # archspec: allow L1101 no\n",
        "a: b#archspec: allow L1101 no",
        "a: 1  # archspec: allowed to be read",
        "a: 1  # as `# archspec: allow L1101 no` says",
        "a: 1  # an archspec: allow L1101 in a sentence",
        'a: 1  # archspec: allow L1101 a text that cannot be read\nb: "',
    ],
)
def test_what_is_no_such_comment_is_not_taken_for_one(text: str) -> None:
    assert allowances(source(text)) == ()


def test_a_text_without_the_sign_is_not_read_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: str) -> None:
        raise AssertionError("the text was read")

    monkeypatch.setattr(lexemes, "lexemes", fail)
    plain = source("a: 1  # a comment")
    assert sift((found_at(plain, 1),)) == ((found_at(plain, 1),), ())
    with pytest.raises(AssertionError, match="was read"):
        allowances(source("a: 1  # archspec: allow L1101 no"))


def test_a_warning_on_the_line_is_suppressed_and_others_stand() -> None:
    place = source("a: 1  # archspec: allow W0301 read elsewhere\nb: 2\n")
    allowed, other_line, other_code = found_at(place, 1), found_at(place, 2), found_at(place, 1, "W0302")
    standing, suppressed = sift((allowed, other_line, other_code))
    assert standing == (other_line, other_code)
    assert [(one.diagnostic, one.reason) for one in suppressed] == [(allowed, "read elsewhere")]


def test_an_error_stands_whatever_a_comment_says() -> None:
    error = found_at(source("a: 1  # archspec: allow E0412 why\n"), 1, "E0412", Severity.ERROR)
    assert sift((error,)) == ((error,), ())


def test_without_a_reason_the_warning_stands_and_says_so() -> None:
    (one,), suppressed = sift((found_at(source("a: 1  # archspec: allow W0301\n"), 1),))
    assert one.notes == ("the comment on this line gives no reason to allow it",)
    assert suppressed == ()


def test_each_file_speaks_for_its_own_lines() -> None:
    one = SourceFile("one.yaml", "a: 1  # archspec: allow W0301 here alone\n")
    other = SourceFile("other.yaml", "a: 1\n")
    standing, suppressed = sift((found_at(one, 1), found_at(other, 1)))
    assert [found.primary.span.source for found in standing if found.primary] == [other]
    assert len(suppressed) == 1


def test_formatting_keeps_the_comment_on_its_line() -> None:
    text = format_spec(source("layers:\n- {max_pool: 2,name: a} #archspec: allow L1202 as published\n"))
    assert text == "layers:\n  - {max_pool: 2, name: a} # archspec: allow L1202 as published\n"


def test_another_word_before_a_code_is_remembered_and_allows_nothing() -> None:
    (one,) = allowances(source("a: 1  # archspec: ignore L1101 no"))
    assert (one.codes, one.verb) == (("L1101",), "ignore")
