"""Every lint is reported where it stands, in its words, and nothing else is: the cases are in `tests/lints/`."""

from __future__ import annotations

from pathlib import Path

import pytest

from archspec.compiler import compile_spec
from archspec.diagnostics import Diagnostic, DiagnosticSink, SourceFile
from archspec.diagnostics.codes import CODES
from archspec.linting import lint
from tests.diagnostic_cases import Case, read_cases
from tests.test_diagnostics import assert_as_written, read_options

CASES = list(read_cases(Path(__file__).with_name("lints")))
LINTS = [code for code in CODES if code.startswith("L")]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_findings_written_in_a_spec_are_reported_and_nothing_else(case: Case) -> None:
    assert_as_written(case, linted(case.text, case.options))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_messages_keep_to_the_style(case: Case) -> None:
    for one in linted(case.text, case.options):
        for text in (one.headline, one.help or "", *one.notes, *(label.text for label in one.labels)):
            assert not text.endswith((".", "!", ",")), text
            assert text[:1] == text[:1].lower() or text.split()[0] in CODES, text
            assert text.count("`") % 2 == 0, text


def test_every_lint_is_shown_by_a_case_and_every_rule_by_one_without_a_finding() -> None:
    assert {finding.code for case in CASES for finding in case.findings} >= set(LINTS)
    assert sum(not case.findings for case in CASES) >= 17


@pytest.mark.parametrize("code", LINTS)
def test_the_wrong_example_of_a_lint_yields_that_lint_alone(code: str) -> None:
    assert [one.code for one in linted(CODES[code].wrong)] == [code]


@pytest.mark.parametrize("code", LINTS)
def test_the_right_example_of_a_lint_is_clean(code: str) -> None:
    assert linted(CODES[code].right) == ()


@pytest.mark.parametrize("code", LINTS)
def test_every_lint_says_what_it_reports_why_and_when_to_keep_it(code: str) -> None:
    entry = CODES[code]
    assert entry.explanation.startswith("Reports")
    assert entry.why
    assert entry.keep


def linted(text: str, options: tuple[str, ...] = ()) -> tuple[Diagnostic, ...]:
    """What `archspec lint` reports on a text, with its options."""
    sink = DiagnosticSink()
    settings = read_options(options, sink)
    return lint(compile_spec(SourceFile("net.yaml", text), settings, sink), settings, lambda _: True).found
