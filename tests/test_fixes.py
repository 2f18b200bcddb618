"""Fixes as a user sees them: `tests/fixes/NAME.before.yaml` becomes `NAME.after.yaml`, byte for byte.

A pair says in its comments what a check of the first finds, and what one of the second still finds, if anything:

    # found: E0501 6:25, E0305 7:5
    # left: E0305 7:5
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from archspec.diagnostics import Diagnostic, SourceFile
from archspec.elaboration.settings import Settings
from archspec.mending import check, mend
from tests.mutations import mutant, try_fixes

FOLDER = Path(__file__).with_name("fixes")
PAIRS = sorted(path.name.removesuffix(".before.yaml") for path in FOLDER.glob("*.before.yaml"))
COUNT = 180
PARTS = 6


@pytest.mark.parametrize("name", PAIRS)
def test_a_file_becomes_what_stands_beside_it(name: str) -> None:
    before, after = (SourceFile("net.yaml", text_of(name, form)) for form in ("before", "after"))
    found = check(before, Settings()).found
    assert places(found) == stated(before.text, "found")
    mended = mend(before, Settings())
    assert mended.source.text == after.text
    assert places(mended.found) == stated(before.text, "left")


@pytest.mark.parametrize("name", PAIRS)
def test_what_has_been_mended_is_left_alone(name: str) -> None:
    after = SourceFile("net.yaml", text_of(name, "after"))
    mended = mend(after, Settings())
    assert mended.source.text == after.text
    assert not mended.fixed


@pytest.mark.parametrize("line_end", ["\r\n", "\r"])
@pytest.mark.parametrize("name", PAIRS)
def test_line_ends_stay_as_they_are(name: str, line_end: str) -> None:
    before, after = (text_of(name, form).replace("\n", line_end) for form in ("before", "after"))
    assert mend(SourceFile("net.yaml", before), Settings()).source.text == after


def test_characters_that_no_editor_shows_go_and_odd_spaces_become_plain_ones() -> None:
    text = "archspec: 1\ninputs:\u00a0{image:\u2003[4]}\nlayers: [de\ufeff\ufeff\u0007nse: 2]\n"
    mended = mend(SourceFile("net.yaml", text), Settings())
    assert mended.source.text == "archspec: 1\ninputs: {image: [4]}\nlayers: [dense: 2]\n"


def test_a_directive_goes_with_its_line() -> None:
    text = "# first\n%YAML 1.2\n---\narchspec: 1\ninputs: {image: [4]}\nlayers: [dense: 2]\n"
    assert mend(SourceFile("net.yaml", text), Settings()).source.text == text.replace("%YAML 1.2\n", "")


def test_every_file_has_its_pair() -> None:
    assert len(PAIRS) >= 10
    assert {path.name for path in FOLDER.iterdir()} == {
        f"{name}.{form}.yaml" for name in PAIRS for form in ("before", "after")
    }


@pytest.mark.parametrize("part", range(PARTS))
def test_random_edits_are_mended_or_left_alone(part: int) -> None:
    each = COUNT // PARTS
    for seed in range(part * each, (part + 1) * each):
        outcome = try_fixes(mutant(seed))
        assert outcome.failure is None, (seed, outcome.failure)


def test_random_edits_are_mended_now_and_then() -> None:
    fixed = {code for seed in range(COUNT // 2) for code in try_fixes(mutant(seed)).codes}
    assert len(fixed) >= 3


def test_a_comment_that_goes_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "archspec.mending.apply", lambda source, _: source.text.replace("# one", "").replace("t:", "ts:")
    )
    outcome = try_fixes(b"archspec: 1 # one\ninputs: {image: [8]}\nlayers: [dense: {unit: 3}]\n")
    assert outcome.failure == "AssertionError: a comment is not what it was"


def text_of(name: str, form: str) -> str:
    return (FOLDER / f"{name}.{form}.yaml").read_text(encoding="utf-8")


def places(found: tuple[Diagnostic, ...]) -> list[str]:
    return [f"{one.code} {one.position[0]}:{one.position[1]}" for one in found]


def stated(text: str, what: str) -> list[str]:
    found = re.search(rf"^# {what}: (.*)$", text, re.MULTILINE)
    return found[1].split(", ") if found else []
