"""`archspec diff`: what is compared with what, the forms, and the exit status."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

import archspec
from archspec.cli import main
from archspec.cli.status import FOUND_ERRORS, OK, WRONG_USAGE

SPEC = """archspec: 1
name: small
parameters: {width: {type: int, default: 4}}
variants: {wide: {width: 8}}
inputs: {image: [8, 8, 3]}
layers:
  - {conv: {filters: $width, kernel: 3}, name: first}
  - {side: [dense: 2], name: extra, only: training}
  - {dense: 2, name: last}
outputs: [last, extra]
"""


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "net.yaml").write_text(SPEC)
    (tmp_path / "wrong.yaml").write_text(SPEC.replace("kernel", "kernal"))
    monkeypatch.chdir(tmp_path)


def difference_of(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, dict[str, object]]:
    """The fields that differ, by node, of a difference printed as JSON."""
    assert main(["diff", *arguments, "--format", "json"]) == OK
    found = json.loads(capsys.readouterr().out)
    return {node["new"]["path"]: node["fields"] for node in found["nodes"] if node["kind"] == "changed"}


WIDER = {"first": {"filters": {"old": 4, "new": 8}}}


@pytest.mark.parametrize(
    "arguments",
    [
        ("net.yaml", "net.yaml@wide"),
        ("net.yaml", "@wide"),
        ("net.yaml", "--set-right", "width=8"),
        ("net.yaml", "--set", "width=4", "--set-right", "width=8"),
        ("net.yaml@wide", "net.yaml", "--set-left", "width=4", "--set-right", "width=8"),
    ],
)
def test_specs_variants_and_settings_are_compared(
    arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert difference_of(capsys, *arguments) == WIDER


def test_a_file_whose_whole_name_it_is_comes_before_a_variant(capsys: pytest.CaptureFixture[str]) -> None:
    Path("net.yaml@wide").write_text(SPEC.replace("default: 4", "default: 6"))
    assert difference_of(capsys, "net.yaml", "net.yaml@wide") == {"first": {"filters": {"old": 4, "new": 6}}}


def test_standard_input_is_read_once(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(SPEC.encode())))
    assert difference_of(capsys, "-", "@wide") == WIDER


def test_another_input_is_no_edit(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", "net.yaml", "--input-right", "image=16x16x3"]) == OK
    out = capsys.readouterr().out
    assert "~ input image" in out
    assert "2 nodes following" in out


def test_training_only_parts_are_counted_in_when_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    Path("plain.yaml").write_text("".join(line for line in SPEC.splitlines(True) if "extra" not in line))
    assert main(["diff", "net.yaml", "plain.yaml"]) == OK
    assert "no difference" in capsys.readouterr().out
    assert main(["diff", "net.yaml", "plain.yaml", "--training"]) == OK
    assert "- extra/dense_1" in capsys.readouterr().out


def test_the_status_tells_only_when_asked() -> None:
    assert main(["diff", "net.yaml", "net.yaml@wide"]) == OK
    assert main(["diff", "net.yaml", "net.yaml@wide", "--exit-code"]) == FOUND_ERRORS
    assert main(["diff", "net.yaml", "net.yaml", "--exit-code"]) == OK


def test_mistakes_in_either_are_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", "net.yaml", "wrong.yaml"]) == FOUND_ERRORS
    assert "wrong.yaml:7:30" in capsys.readouterr().err
    assert main(["diff", "net.yaml", "net.yaml@wide_"]) == FOUND_ERRORS
    assert "did you mean `wide`?" in capsys.readouterr().err
    assert main(["diff", "net.yaml", "--set-right", "widht=8"]) == FOUND_ERRORS
    assert "--set-right:1:" in capsys.readouterr().err
    assert main(["diff", "net.yaml", "none.yaml"]) == WRONG_USAGE


def test_markdown_and_text_name_both(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", "net.yaml", "--set-right", "width=8", "--format", "markdown"]) == OK
    assert capsys.readouterr().out.startswith("`net.yaml` → `net.yaml width=8`: 1 node edited")
    assert main(["diff", "net.yaml", "net.yaml@wide"]) == OK
    assert capsys.readouterr().out.startswith("--- net.yaml\n+++ net.yaml@wide\n")


def test_python_gets_what_the_command_prints(capsys: pytest.CaptureFixture[str]) -> None:
    found = archspec.difference("net.yaml", right_variant="wide")
    assert main(["diff", "net.yaml", "net.yaml@wide", "--format", "json"]) == OK
    printed = json.loads(capsys.readouterr().out)
    assert {**found, "new": None} == {**printed, "new": None}
    again = archspec.difference("net.yaml", left_parameters={"width": 8}, right_variant="wide")
    assert again["equal"] is True
