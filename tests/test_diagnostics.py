"""Every mistake is reported at its place, in its words, and nothing else is: the cases are in `tests/diagnostics/`."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import archspec
from archspec.compiler import check_variants, compile_spec
from archspec.diagnostics import Diagnostic, DiagnosticSink, SourceFile
from archspec.diagnostics.codes import CODES, Code, explain
from archspec.elaboration.settings import Settings, read_setting, read_shape
from archspec.ops import words
from tests.diagnostic_cases import Case, Finding, read_cases

CASES = list(read_cases())
SHOWN = [code for code, entry in CODES.items() if not entry.unshown and not code.startswith("L")]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_mistakes_written_in_a_spec_are_reported_and_nothing_else(case: Case) -> None:
    assert_as_written(case, check(case.text, case.options))


def assert_as_written(case: Case, found: tuple[Diagnostic, ...]) -> None:
    """The findings are those that stand in the case's comments, with their help and notes, and no others."""
    assert [as_finding(one) for one in found] == sorted(case.findings, key=place_of), [one.headline for one in found]
    for one in found:
        finding = as_finding(one)
        assert case.helps.get(finding, one.help) == one.help
        assert set(case.notes.get(finding, ())) <= set(one.notes)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_messages_keep_to_the_style(case: Case) -> None:
    for one in check(case.text, case.options):
        for text in (one.headline, one.help or "", *(label.text for label in one.labels)):
            assert not text.endswith((".", "!", ",")), text
            assert "illegal" not in text.lower(), text
            first = text[:1]
            assert first == first.lower() or text.split()[0].strip(",") in ("YAML",), text
            assert len(re.findall("`", re.sub("``", "", text))) % 2 == 0, text


def test_every_code_is_shown_by_a_case_unless_no_spec_can_show_it() -> None:
    # A raw tab, and a file that holds nothing, cannot stand among the cases: tests/syntax/test_reader.py has them.
    assert {finding.code for case in CASES for finding in case.findings} >= set(SHOWN) - {"E0103", "E0104"}


def test_a_case_with_the_wrong_line_column_code_or_text_fails() -> None:
    (case,) = [case for case in CASES if case.name == "fields: a misspelt field"]
    (right,) = case.findings
    (found,) = check(case.text, case.options)
    assert as_finding(found) == right
    for wrong in (
        Finding("", right.line + 1, right.column, right.severity, right.code, right.headline),
        Finding("", right.line, right.column + 1, right.severity, right.code, right.headline),
        Finding("", right.line, right.column, right.severity, "E0502", right.headline),
        Finding("", right.line, right.column, right.severity, right.code, "another"),
    ):
        assert as_finding(found) != wrong


@pytest.mark.parametrize("code", SHOWN)
def test_the_wrong_example_of_a_code_yields_that_code_alone(code: str) -> None:
    entry = CODES[code]
    assert {one.code for one in check(entry.wrong, entry.wrong_options)} == {code}


@pytest.mark.parametrize("code", SHOWN)
def test_the_right_example_of_a_code_is_clean(code: str) -> None:
    entry = CODES[code]
    assert check(entry.right, entry.right_options) == ()


def test_every_entry_has_its_examples_or_the_reason_why_not() -> None:
    for code, entry in CODES.items():
        assert bool(entry.unshown) == (not entry.wrong) == (not entry.right), code
        assert entry.title
        assert entry.explanation
        assert not entry.title.endswith("."), code


def test_codes_used_in_the_package_are_those_in_the_catalogue() -> None:
    package = Path(archspec.__file__).parent
    used = {
        code
        for path in package.rglob("*.py")
        if path.name != "codes.py"
        for code in re.findall(r"""["']([ELW]\d{4})["']""", path.read_text(encoding="utf-8"))
    }
    assert used == set(CODES)


def test_explaining_a_code_shows_title_text_and_both_examples() -> None:
    text = explain("E0501")
    assert text.startswith("E0501: an unknown field\n")
    assert "Wrong:" in text
    assert "Right:" in text
    assert "    archspec: 1" in text


def test_explaining_a_code_that_no_spec_shows_says_why() -> None:
    assert "No example: it would take a file of a megabyte." in explain("E0101")


def test_codes_named_in_the_ops_docstrings_exist() -> None:
    folder = Path(archspec.__file__).parent / "ops"
    named = {code for path in folder.rglob("*.py") for code in re.findall(r"\bE\d{4}\b", path.read_text("utf-8"))}
    assert named
    assert words()
    assert named <= set(CODES)


def check(text: str, options: tuple[str, ...] = ()) -> tuple[Diagnostic, ...]:
    """What `archspec check` reports on a text, with its options."""
    sink = DiagnosticSink()
    settings = read_options(options, sink)
    if sink.errors:
        return sink.sorted()
    compilation = compile_spec(SourceFile("net.yaml", text), settings, sink)
    return (*compilation.diagnostics, *check_variants(compilation, settings))


def read_options(options: tuple[str, ...], sink: DiagnosticSink) -> Settings:
    variant = None
    parameters = []
    inputs = []
    for option, value in zip(options[::2], options[1::2], strict=True):
        if option == "--variant":
            variant = value
        elif option == "--set":
            parameters.append(read_setting(option, value, sink))
        else:
            inputs.append(read_shape(option, value, sink))
    return Settings(variant, dict(filter(None, parameters)), dict(filter(None, inputs)))


def as_finding(found: Diagnostic) -> Finding:
    file = found.primary.span.source.name if found.primary else ""
    line, column = found.position
    return Finding("" if file == "net.yaml" else file, line, column, found.severity.value, found.code, found.headline)


def place_of(finding: Finding) -> tuple[bool, int, int]:
    return (not finding.file, finding.line, finding.column)


def test_an_entry_is_read_with_its_options() -> None:
    assert CODES["E0219"] == Code(
        title=CODES["E0219"].title,
        explanation=CODES["E0219"].explanation,
        wrong=CODES["E0219"].wrong,
        right=CODES["E0219"].right,
        wrong_options=("--set", "width"),
        right_options=("--set", "width=8"),
    )
