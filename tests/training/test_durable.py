"""Files that are whole or not there."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

import pytest

from archspec.training.durable import append_line, write_text, write_whole


def fail_half_way(file: BinaryIO) -> None:
    file.write(b"half of")
    raise OSError("no space left")


def test_a_write_that_fails_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="no space"):
        write_whole(tmp_path / "new", fail_half_way)
    assert list(tmp_path.iterdir()) == []


def test_a_write_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    write_text(tmp_path / "file", "before")
    with pytest.raises(OSError, match="no space"):
        write_whole(tmp_path / "file", fail_half_way)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
    assert (tmp_path / "file").read_text() == "before"


def test_the_name_holds_the_old_content_until_all_of_the_new_is_written(tmp_path: Path) -> None:
    write_text(tmp_path / "file", "before")

    def look(file: BinaryIO) -> None:
        file.write(b"after")
        assert (tmp_path / "file").read_text() == "before"

    write_whole(tmp_path / "file", look)
    assert (tmp_path / "file").read_text() == "after"


def test_lines_are_added(tmp_path: Path) -> None:
    append_line(tmp_path / "file", "one")
    append_line(tmp_path / "file", "zwei ü")
    assert (tmp_path / "file").read_text(encoding="utf-8") == "one\nzwei ü\n"
