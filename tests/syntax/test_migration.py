"""Old specs brought to the present version, their comments kept. The steps here are made up: version 1 is the first."""

from __future__ import annotations

import pytest

from archspec.diagnostics import Diagnostic, DiagnosticSink, Edit, SourceFile
from archspec.diagnostics.fixes import apply
from archspec.syntax import tree
from archspec.syntax.migration import STEPS, Step, rename_key
from archspec.syntax.reader import read
from archspec.syntax.version import VERSION, check_version


def to_layers(root: tree.Mapping) -> tuple[Edit, ...]:
    return rename_key(root, "lines", "layers")


def to_inputs(root: tree.Mapping) -> tuple[Edit, ...]:
    return (*rename_key(root, "input", "inputs"), *rename_key(root, "layers", "network"))


STEPS_HERE = (Step("`lines` is now `layers`", to_layers), Step("`input` is now `inputs`", to_inputs))

OLD = """\
# a file of years ago
archspec: 1   # the first
input: {image: [8]}  # one image

lines:   # top to bottom
  - dense: 4   # the only one
"""

NEW = """\
# a file of years ago
archspec: 3   # the first
inputs: {image: [8]}  # one image

network:   # top to bottom
  - dense: 4   # the only one
"""


def checked(text: str) -> tuple[bool, tuple[Diagnostic, ...], SourceFile]:
    source, sink = SourceFile("net.yaml", text), DiagnosticSink()
    root = read(source, sink)
    assert isinstance(root, tree.Mapping)
    return check_version(root, sink, STEPS_HERE), sink.sorted(), source


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_an_old_spec_is_brought_over_all_versions_with_its_comments(line_end: str) -> None:
    goes_on, (found,), source = checked(OLD.replace("\n", line_end))
    assert not goes_on
    assert found.code == "E0204"
    assert found.headline == "this archspec reads version 3 of the language, got `1`"
    assert found.help == (
        "`archspec check --fix` brings the file to version 3: `lines` is now `layers`; `input` is now `inputs`"
    )
    assert apply(source, [found.fix]) == NEW.replace("\n", line_end)


def test_a_last_line_without_an_end_is_changed_too() -> None:
    _, (found,), source = checked("archspec: 1\nlines: [relu]\ninput: {x: [3]}")
    assert apply(source, [found.fix]) == "archspec: 3\nnetwork: [relu]\ninputs: {x: [3]}"


def test_a_spec_between_takes_the_steps_that_are_left() -> None:
    _, (found,), source = checked(OLD.replace("archspec: 1", "archspec: 2").replace("lines:", "layers:"))
    assert apply(source, [found.fix]) == NEW


def test_a_spec_of_the_present_version_is_as_it_is() -> None:
    assert checked(NEW)[:2] == (True, ())


def test_a_later_version_is_not_guessed_at() -> None:
    goes_on, (found,), _ = checked(NEW.replace("archspec: 3", "archspec: 4"))
    assert (goes_on, found.fix, found.help) == (True, (), "a later archspec reads it")


@pytest.mark.parametrize("version", ["0", "old", "-1", "1.5"])
def test_what_is_no_version_has_no_migration(version: str) -> None:
    _, (found,), _ = checked(NEW.replace("archspec: 3", f"archspec: {version}"))
    assert (found.code, found.fix) == ("E0204", ())


def test_the_version_counts_the_steps() -> None:
    assert len(STEPS) + 1 == VERSION
