"""Workflow commands, held against the escapes of GitHub's own toolkit (`packages/core/src/command.ts`)."""

from __future__ import annotations

import re

from archspec.diagnostics import Diagnostic, Label, Severity, SourceFile, Span
from archspec.diagnostics.render_github import render_github

SOURCE = SourceFile("nets/a,b: 5%.yaml", "layers:\n  - relu\n")


def at(line: int, column: int, end_line: int, end_column: int) -> Span:
    """A place in the source."""
    return Span(SOURCE, line, column, end_line, end_column)


def unescaped(text: str) -> str:
    """What GitHub makes of an escaped text."""
    return re.sub("%(25|0D|0A|3A|2C)", lambda code: chr(int(code.group(1), 16)), text)


def test_the_place_and_the_code_are_properties() -> None:
    found = Diagnostic("W0302", "it is: so, 100%", Label(at(2, 5, 2, 9)), severity=Severity.WARNING)
    assert render_github([found]) == (
        "::warning file=nets/a%2Cb%3A 5%25.yaml,line=2,col=5,endColumn=9,title=W0302::it is: so, 100%25"
    )


def test_several_lines_have_no_columns() -> None:
    found = Diagnostic("E0201", "no", Label(at(1, 1, 2, 9)))
    assert ",line=1,endLine=2,title=E0201::no" in render_github([found])


def test_without_a_place_there_is_the_code_alone() -> None:
    assert render_github([Diagnostic("E0903", "no", None)]) == "::error title=E0903::no"


def test_other_places_notes_and_help_are_lines_of_the_message() -> None:
    labels = (Label(at(1, 1, 1, 7), "first here"), Label(at(2, 3, 2, 4)))
    found = Diagnostic("E0111", "twice", Label(at(2, 5, 2, 9)), labels, ("a note\r", "another"), "remove one")
    line = render_github([found])
    assert "\n" not in line
    assert "\r" not in line
    assert unescaped(line.rpartition("::")[2]).split("\n") == [
        "twice",
        "nets/a,b: 5%.yaml:1:1: first here",
        "nets/a,b: 5%.yaml:2:3",
        "note: a note\r",
        "note: another",
        "help: remove one",
    ]


def test_each_finding_has_a_line() -> None:
    found = Diagnostic("E0903", "one\n::error::two", None)
    assert render_github([]) == ""
    lines = render_github([found, found]).split("\n")
    assert [line.startswith("::error title=E0903::one%0A") for line in lines] == [True, True]
