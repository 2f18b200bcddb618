"""`archspec check --fix` and `--diff`: what is written, printed and exited with."""

from __future__ import annotations

import io
import json
import os
import stat
import sys
from pathlib import Path

import pytest

from archspec.cli import main
from archspec.cli.status import FOUND_ERRORS, OK, WRONG_USAGE
from archspec.diagnostics import SourceFile
from archspec.elaboration.settings import Settings
from archspec.mending import Mended, mend

WRONG = "archspec: 1  # one\ninputs: {image: [8, 8, 1]}\nlayers:\n  - flaten\n  - dense: {unit: 4}\n"
RIGHT = WRONG.replace("flaten", "flatten").replace("unit:", "units:")
LEFT = WRONG + "  - nothing_near\n"


@pytest.fixture
def net(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A spec with two mistakes that can be mended, in the folder where the command runs."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "net.yaml"
    path.write_text(WRONG)
    return path


def give(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a text on standard input."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))


def test_the_file_is_mended_and_each_fix_named(net: Path, capsys: pytest.CaptureFixture[str]) -> None:
    net.chmod(0o640)
    assert main(["check", "--fix", "net.yaml"]) == OK
    assert net.read_bytes() == RIGHT.encode()
    assert stat.S_IMODE(net.stat().st_mode) == 0o640
    assert list(net.parent.iterdir()) == [net]
    out, err = capsys.readouterr()
    assert out.splitlines() == [
        "fixed net.yaml:4:5: E0305: `flaten` -> `flatten`",
        "fixed net.yaml:5:13: E0501: `unit` -> `units`",
        "ok: net.yaml",
    ]
    assert err == ""


def test_an_added_space_is_said_in_words(net: Path, capsys: pytest.CaptureFixture[str]) -> None:
    net.write_text("archspec: 1\ninputs: {image:[8]}\nlayers: [dense: 2]\n")
    assert main(["check", "--fix", "net.yaml"]) == OK
    assert ": E0105: a space added\n" in capsys.readouterr().out


def test_what_is_left_is_reported_and_decides(net: Path, capsys: pytest.CaptureFixture[str]) -> None:
    net.write_text(LEFT)
    assert main(["check", "--fix", "net.yaml"]) == FOUND_ERRORS
    assert net.read_text() == RIGHT + "  - nothing_near\n"
    out, err = capsys.readouterr()
    assert "ok" not in out
    assert err.startswith("error[E0305]: `nothing_near`")
    assert err.endswith("\n1 error\n")


def test_a_sound_file_is_not_touched(net: Path) -> None:
    net.write_text(RIGHT)
    before = net.stat().st_mtime_ns
    assert main(["check", "--fix", "net.yaml"]) == OK
    assert net.stat().st_mtime_ns == before


def test_line_ends_and_byte_order_mark_stay(net: Path) -> None:
    net.write_bytes(b"\xef\xbb\xbf" + WRONG.replace("\n", "\r\n").encode())
    assert main(["check", "--fix", "net.yaml"]) == OK
    assert net.read_bytes() == b"\xef\xbb\xbf" + RIGHT.replace("\n", "\r\n").encode()


def test_through_a_link_the_file_is_mended(net: Path) -> None:
    link = net.with_name("link.yaml")
    link.symlink_to(net)
    assert main(["check", "--fix", "link.yaml"]) == OK
    assert link.is_symlink()
    assert net.read_text() == RIGHT


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write every file")
def test_a_file_that_may_not_be_written_is_not(net: Path, capsys: pytest.CaptureFixture[str]) -> None:
    net.chmod(0o440)
    assert main(["check", "--fix", "net.yaml"]) == WRONG_USAGE
    assert net.read_text() == WRONG
    assert "cannot be written: permission denied" in capsys.readouterr().err


def test_a_file_that_changes_meanwhile_is_not_written(
    net: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def meanwhile(source: SourceFile, settings: Settings) -> Mended:
        net.write_text("another text")
        return mend(source, settings)

    monkeypatch.setattr("archspec.cli.fix.mend", meanwhile)
    assert main(["check", "--fix", "net.yaml"]) == WRONG_USAGE
    assert net.read_text() == "another text"
    assert "has changed while it was being checked" in capsys.readouterr().err


def test_diff_shows_what_would_change_and_writes_nothing(net: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--diff", "net.yaml"]) == FOUND_ERRORS  # the file has its mistakes still
    assert net.read_text() == WRONG
    out, err = capsys.readouterr()
    assert out.startswith("--- net.yaml\n+++ net.yaml (fixed)\n")
    assert "-  - flaten\n-  - dense: {unit: 4}\n+  - flatten\n+  - dense: {units: 4}\n" in out
    assert err.startswith("would fix net.yaml:4:5: E0305: `flaten` -> `flatten`\n")


def test_diff_of_a_sound_file_is_empty(net: Path, capsys: pytest.CaptureFixture[str]) -> None:
    net.write_text(RIGHT)
    assert main(["check", "--diff", "net.yaml"]) == OK
    assert capsys.readouterr() == ("", "")


def test_standard_input_is_printed_mended(
    capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    give(WRONG.replace("\n", "\r\n"), monkeypatch)
    assert main(["check", "--fix", "-"]) == OK
    out, err = capsysbinary.readouterr()
    assert out == RIGHT.replace("\n", "\r\n").encode()
    assert err.startswith(b"fixed <stdin>:4:5: E0305")


def test_standard_input_without_mistakes_is_printed_as_it_is(
    capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    give(RIGHT, monkeypatch)
    assert main(["check", "--fix", "-"]) == OK
    assert capsysbinary.readouterr() == (RIGHT.encode(), b"")


@pytest.mark.parametrize("arguments", [("--fix", "-", "--format", "json"), ("--diff", "net.yaml", "--format", "sarif")])
def test_two_texts_for_standard_output_are_refused(
    arguments: tuple[str, ...], net: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        main(["check", *arguments])
    assert end.value.code == WRONG_USAGE
    assert "cannot go with `--format" in capsys.readouterr().err


def test_a_shipped_spec_is_not_written(net: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--fix", "vgg16", "net.yaml"]) == WRONG_USAGE
    assert net.read_text() == RIGHT  # one that cannot be does not stop the others
    err = capsys.readouterr().err
    assert "`vgg16` is a shipped spec, which `--fix` does not write" in err
    assert "archspec zoo show vgg16 > vgg16.yaml" in err
    assert main(["check", "--diff", "vgg16"]) == OK


def test_mistakes_in_options_and_standard_blocks_are_not_mended(net: Path) -> None:
    net.write_text(RIGHT.replace("dense: {units: 4}", "conv_bn: {filters: 4, kernel: 3, activation: $act}"))
    net.write_text("parameters: {act: conv.activation}\n" + net.read_text())
    before = net.read_text()
    assert main(["check", "--fix", "net.yaml", "--set", "act=ReLU"]) == FOUND_ERRORS
    assert net.read_text() == before


def test_json_has_the_fix_of_each_finding(net: Path, capsys: pytest.CaptureFixture[str]) -> None:
    net.write_text(LEFT)
    main(["check", "net.yaml", "--format", "json"])
    first, second, third = json.loads(capsys.readouterr().out)["diagnostics"]
    edit = {"line": 4, "column": 5, "end_line": 4, "end_column": 11, "text": "flatten"}
    assert first["fix"] == {"edits": [edit]}
    assert second["fix"]["edits"][0]["text"] == "units"
    assert third["fix"] is None


def test_json_after_fixing_has_what_was_mended_and_what_is_left(net: Path, capsys: pytest.CaptureFixture[str]) -> None:
    net.write_text(LEFT)
    main(["check", "--fix", "net.yaml", "--format", "json"])
    content = json.loads(capsys.readouterr().out)
    assert list(content) == ["spec", "fixed", "diagnostics"]
    assert [one["code"] for one in content["fixed"]] == ["E0305", "E0501"]
    assert [one["message"] for one in content["diagnostics"]] == ["`nothing_near` is neither an op nor a block"]


def test_sarif_has_the_edits(net: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["check", "net.yaml", "--format", "sarif"])
    (fix,) = json.loads(capsys.readouterr().out)["runs"][0]["results"][0]["fixes"]
    (change,) = fix["artifactChanges"]
    assert change["artifactLocation"] == {"uri": "net.yaml"}
    region = {"startLine": 4, "startColumn": 5, "endLine": 4, "endColumn": 11}
    assert change["replacements"] == [{"deletedRegion": region, "insertedContent": {"text": "flatten"}}]


def test_the_summary_counts_what_can_be_mended(net: Path, capsys: pytest.CaptureFixture[str]) -> None:
    net.write_text(LEFT)
    main(["check", "net.yaml"])
    assert capsys.readouterr().err.endswith("\n3 errors\n2 can be mended with `archspec check --fix`\n")


@pytest.mark.parametrize("code", ["E0412", "e412", "E412", "412"])
def test_a_code_is_explained_however_it_is_written(code: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", code]) == OK
    assert capsys.readouterr().out.startswith("E0412: ")


def test_a_code_that_is_not_the_only_one_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "301"]) == WRONG_USAGE
    assert "did you mean `E0301` or `W0301`?" in capsys.readouterr().err
