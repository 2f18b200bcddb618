"""Whole texts, reviewed once and compared ever since: expanded graphs, summaries, one emitted file."""

from __future__ import annotations

from pathlib import Path

import pytest

from archspec.elaboration.modules import standard_words
from tests.goldens import FOLDER, STANDARD_BLOCKS, UPDATE, contents

FOUND = contents()


@pytest.mark.parametrize("path", FOUND, ids=str)
def test_the_text_is_the_reviewed_one(path: Path) -> None:
    kept = FOLDER / path
    assert kept.exists(), f"{kept} is missing: run `{UPDATE}` and review it"
    assert FOUND[path] == kept.read_text(encoding="utf-8"), f"if this change is wanted, run `{UPDATE}` and review it"


def test_no_file_is_left_over() -> None:
    assert {path.relative_to(FOLDER) for path in FOLDER.rglob("*.*")} == set(FOUND), f"run `{UPDATE}`"


def test_every_standard_block_has_one() -> None:
    assert set(standard_words()) == set(STANDARD_BLOCKS)


def test_texts_do_not_depend_on_the_run() -> None:
    assert contents() == FOUND
