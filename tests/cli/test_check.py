"""`archspec check`: several specs, the worst of their statuses, and each form of output."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from archspec.cli import main
from archspec.cli.status import FOUND_ERRORS, OK, WRONG_USAGE

SOUND = "archspec: 1\ninputs: {image: [8, 8, 1]}\nlayers: [flatten]\n"
MISSPELT = "archspec: 1\ninputs: {image: [8, 8, 1]}\nlayers: [flaten]\n"
UNREAD = "archspec: 1\nlet: {twice: 2}\ninputs: {image: [8, 8, 1]}\nlayers: [flatten]\n"

LOADED = """
import sys
from archspec.cli import main
main(["check", {spec!r}, "--format", {form!r}])
print("loaded", *sorted(name for name in sys.modules if name.startswith("archspec.diagnostics.")))
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the command runs, with specs in it."""
    for name, text in (("sound", SOUND), ("misspelt", MISSPELT), ("unread", UNREAD)):
        (tmp_path / f"{name}.yaml").write_text(text)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_each_spec_is_reported_and_the_worst_decides(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "sound.yaml", "misspelt.yaml", "unread.yaml"]) == FOUND_ERRORS
    out, err = capsys.readouterr()
    assert out == "ok: sound.yaml\n"
    assert "misspelt.yaml:3:10" in err
    assert "1 error\n" in err
    assert "unread.yaml:2:7" in err
    assert "1 warning\n" in err


def test_warnings_count_only_where_they_must_not_be(folder: Path) -> None:
    assert main(["check", "sound.yaml", "unread.yaml"]) == OK
    assert main(["check", "--strict", "unread.yaml", "sound.yaml"]) == FOUND_ERRORS


def test_a_file_that_is_not_there_does_not_stop_the_others(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "none.yaml", "misspelt.yaml", "sound.yaml"]) == WRONG_USAGE
    out, err = capsys.readouterr()
    assert out == "ok: sound.yaml\n"
    assert "there is no file and no shipped spec `none.yaml`" in err
    assert "E0305" in err


def test_bytes_that_are_no_text_are_reported_with_the_others(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "bytes.yaml").write_bytes(b"archspec: \xff\n")
    assert main(["check", "bytes.yaml", "sound.yaml"]) == FOUND_ERRORS
    out, err = capsys.readouterr()
    assert "E0102" in err
    assert "ok: sound.yaml" in out


def test_a_wrong_option_is_reported_once(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "sound.yaml", "unread.yaml", "--set", "twice"]) == FOUND_ERRORS
    assert capsys.readouterr().err.count("error[") == 1


def test_json_of_one_spec_is_one_object(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "misspelt.yaml", "--format", "json"]) == FOUND_ERRORS
    report = json.loads(capsys.readouterr().out)
    assert report["spec"] == "misspelt.yaml"
    assert [found["code"] for found in report["diagnostics"]] == ["E0305"]


def test_json_of_several_specs_is_a_list_of_such_objects(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "sound.yaml", "none.yaml", "misspelt.yaml", "--format", "json"]) == WRONG_USAGE
    content = json.loads(capsys.readouterr().out)
    sound, unreadable, misspelt = content["specs"]
    assert sound == {"spec": "sound.yaml", "diagnostics": []}
    assert unreadable["spec"] == "none.yaml"
    assert set(unreadable) == {"spec", "error"}
    assert "none.yaml" in unreadable["error"]
    assert (misspelt["spec"], [found["code"] for found in misspelt["diagnostics"]]) == ("misspelt.yaml", ["E0305"])


def test_json_of_one_spec_that_cannot_be_read_says_so(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "none.yaml", "--format", "json"]) == WRONG_USAGE
    assert set(json.loads(capsys.readouterr().out)) == {"spec", "error"}


def test_a_library_is_checked(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "blocks.yaml").write_text("archspec: 1\nblocks: {unit: {layers: [relu]}}\n")
    assert main(["check", "blocks.yaml"]) == OK
    assert main(["summary", "blocks.yaml"]) == FOUND_ERRORS
    assert "E0218" in capsys.readouterr().err


def test_for_github_each_finding_is_a_line(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "sound.yaml", "misspelt.yaml", "unread.yaml", "--format", "github"]) == FOUND_ERRORS
    error, warning = capsys.readouterr().out.splitlines()
    assert error.startswith("::error file=misspelt.yaml,line=3,col=10,endColumn=16,title=E0305::`flaten` ")
    assert warning.startswith("::warning file=unread.yaml,line=2,")


def test_sarif_is_one_log_of_all_specs(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "sound.yaml", "misspelt.yaml", "unread.yaml", "--format", "sarif"]) == FOUND_ERRORS
    (run,) = json.loads(capsys.readouterr().out)["runs"]
    places = [one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for one in run["results"]]
    assert places == ["misspelt.yaml", "unread.yaml"]
    assert main(["check", "sound.yaml", "--format", "sarif"]) == OK
    assert json.loads(capsys.readouterr().out)["runs"][0]["results"] == []


@pytest.mark.parametrize(
    ("form", "needs"),
    [("text", set()), ("github", {"render_github"}), ("sarif", {"render_sarif", "codes"})],
)
def test_a_form_is_loaded_only_when_asked_for(form: str, needs: set[str], folder: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-c", LOADED.format(spec="misspelt.yaml", form=form)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    loaded = {name.rpartition(".")[2] for name in done.stdout.splitlines()[-1].split()[1:]}
    assert loaded & {"render_github", "render_sarif", "codes"} == needs
