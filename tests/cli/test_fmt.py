"""`archspec fmt`: what it writes, prints and exits with."""

from __future__ import annotations

import io
import stat
import sys
from pathlib import Path

import pytest

from archspec.cli import main
from archspec.cli.status import FOUND_ERRORS, INTERNAL_ERROR, OK, WRONG_USAGE
from archspec.syntax import formatter

LOOSE = "archspec: 1\nlayers:\n- {conv: 3,name: a} #first\n"
TIDY = "archspec: 1\nlayers:\n  - {conv: 3, name: a} # first\n"


@pytest.fixture
def loose(tmp_path: Path) -> Path:
    """A file to format."""
    path = tmp_path / "net.yaml"
    path.write_text(LOOSE)
    return path


def give(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a text on standard input."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))


def test_a_file_is_rewritten_and_named(loose: Path, capsys: pytest.CaptureFixture[str]) -> None:
    loose.chmod(0o640)
    assert main(["fmt", str(loose)]) == OK
    assert loose.read_bytes() == TIDY.encode()
    assert stat.S_IMODE(loose.stat().st_mode) == 0o640
    assert capsys.readouterr().out == f"formatted {loose}\n"
    assert list(loose.parent.iterdir()) == [loose]


def test_a_formatted_file_is_left_alone(loose: Path, capsys: pytest.CaptureFixture[str]) -> None:
    loose.write_text(TIDY)
    before = loose.stat().st_mtime_ns
    assert main(["fmt", str(loose)]) == OK
    assert loose.stat().st_mtime_ns == before
    assert capsys.readouterr().out == ""


def test_line_ends_are_written_as_they_are(loose: Path) -> None:
    loose.write_bytes(TIDY.replace("\n", "\r\n").encode())
    assert main(["fmt", str(loose)]) == OK
    assert loose.read_bytes() == TIDY.encode()


def test_through_a_link_the_file_is_rewritten(loose: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.yaml"
    link.symlink_to(loose)
    assert main(["fmt", str(link)]) == OK
    assert link.is_symlink()
    assert loose.read_text() == TIDY


def test_check_lists_and_writes_nothing(loose: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tidy = tmp_path / "tidy.yaml"
    tidy.write_text(TIDY)
    assert main(["fmt", "--check", str(tidy), str(loose)]) == FOUND_ERRORS
    assert capsys.readouterr().out == f"would format {loose}\n"
    assert loose.read_text() == LOOSE
    assert main(["fmt", "--check", str(tidy)]) == OK


def test_diff_shows_and_writes_nothing(loose: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fmt", "--diff", str(loose)]) == OK
    shown = capsys.readouterr().out
    assert "\n-- {conv: 3,name: a} #first\n+  - {conv: 3, name: a} # first\n" in shown
    assert loose.read_text() == LOOSE
    assert main(["fmt", "--diff", "--check", str(loose)]) == FOUND_ERRORS


def test_a_diff_says_where_the_last_line_has_no_end(loose: Path, capsys: pytest.CaptureFixture[str]) -> None:
    loose.write_text(TIDY.rstrip("\n"))
    main(["fmt", "--diff", str(loose)])
    assert "\n\\ No newline at end of file\n+" in capsys.readouterr().out


def test_standard_input_goes_to_standard_output(
    monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    give(LOOSE.replace("first", "größer"), monkeypatch)
    assert main(["fmt", "-"]) == OK
    assert capsysbinary.readouterr().out == TIDY.replace("first", "größer").encode()


def test_standard_input_that_cannot_be_read_gives_no_output(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    give("a: {\n", monkeypatch)
    assert main(["fmt", "-"]) == FOUND_ERRORS
    out, err = capsys.readouterr()
    assert out == ""
    assert "error[E0105]" in err
    assert "<stdin>:1:" in err


def test_a_file_that_cannot_be_read_does_not_stop_the_others(
    loose: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text("a: {\n")
    assert main(["fmt", str(broken), str(loose)]) == FOUND_ERRORS
    assert broken.read_text() == "a: {\n"
    assert loose.read_text() == TIDY
    assert main(["fmt", str(tmp_path / "none.yaml"), str(broken), str(tmp_path)]) == WRONG_USAGE
    err = capsys.readouterr().err
    assert f"there is no file `{tmp_path / 'none.yaml'}`" in err
    assert "is a directory" in err


def test_a_shipped_specs_name_is_no_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fmt", "vgg16"]) == WRONG_USAGE
    assert "there is no file `vgg16`" in capsys.readouterr().err


def test_a_formatter_that_would_change_the_meaning_writes_nothing(
    loose: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(formatter, "lay_out", lambda found: TIDY.replace("3", "4"))
    assert main(["fmt", str(loose)]) == INTERNAL_ERROR
    assert loose.read_text() == LOOSE
    assert "internal error" in capsys.readouterr().err
