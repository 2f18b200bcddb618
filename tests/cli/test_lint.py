"""`archspec lint`: which findings it chooses, its forms of output, its statuses."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import archspec
from archspec.cli import main
from archspec.cli.status import FOUND_ERRORS, OK, WRONG_USAGE
from tests.plugins.files import USING, gem_pool

BORDER = "archspec: 1\ninputs: {image: [13, 13, 3]}\nlayers:\n  - max_pool: 2\n"
UNREAD = BORDER.replace("archspec: 1\n", "archspec: 1\nlet: {twice: 2}\n")
ALLOWED = UNREAD.replace("2}\n", "2}  # archspec: allow W0302 for later\n", 1).replace(
    "max_pool: 2", "max_pool: 2  # archspec: allow L1202 as published"
)
BIAS = """\
archspec: 1
inputs: {image: [32, 32, 3]}
layers:
  - conv: {filters: 8, kernel: 3, bias: true}
  - batch_norm
  - relu
"""

LOADED = """
import sys
from archspec.cli import main
main([{command!r}, "border.yaml"])
print("loaded", *sorted(sys.modules))
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the command runs, with specs in it."""
    for name, text in (("border", BORDER), ("unread", UNREAD), ("allowed", ALLOWED), ("bias", BIAS)):
        (tmp_path / f"{name}.yaml").write_text(text)
    (tmp_path / "wrong.yaml").write_text("archspec: 1\ninputs: {image: [8, 8, 1]}\nlayers: [flaten]\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def codes(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    """The codes that a command reports."""
    main([*arguments, "--format", "json"])
    return [one["code"] for one in json.loads(capsys.readouterr().out)["diagnostics"]]


def test_lint_reports_lints_beside_what_check_reports(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert codes(capsys, "check", "unread.yaml") == ["W0302"]
    assert codes(capsys, "lint", "unread.yaml") == ["W0302", "L1202"]


def test_codes_are_selected_and_ignored_by_their_beginnings(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert codes(capsys, "lint", "unread.yaml", "--select", "L12") == ["L1202"]
    assert codes(capsys, "lint", "unread.yaml", "--select", "l1101,w") == ["W0302"]
    assert codes(capsys, "lint", "unread.yaml", "--ignore", "L", "--ignore", "W0301") == ["W0302"]
    assert codes(capsys, "lint", "unread.yaml", "--select", "L12", "--ignore", "L1202") == []


def test_errors_are_reported_whatever_is_selected(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert codes(capsys, "lint", "wrong.yaml", "--select", "L12") == ["E0305"]
    assert main(["lint", "wrong.yaml", "--select", "L12"]) == FOUND_ERRORS


@pytest.mark.parametrize("given", ["L19", "E0412", "L12,,L13", "nothing"])
def test_codes_that_do_not_exist_are_wrong_usage(given: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["lint", "border.yaml", "--select", given])
    assert stopped.value.code == WRONG_USAGE
    assert "no lint or warning is called" in capsys.readouterr().err


def test_findings_count_only_where_they_must_not_be(folder: Path) -> None:
    assert main(["lint", "border.yaml"]) == OK
    assert main(["lint", "--strict", "border.yaml"]) == FOUND_ERRORS
    assert main(["lint", "--strict", "allowed.yaml"]) == OK
    assert main(["check", "--strict", "allowed.yaml"]) == OK


def test_what_is_suppressed_is_counted(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["lint", "allowed.yaml"])
    assert capsys.readouterr().out == "ok: allowed.yaml (2 suppressed)\n"
    main(["check", "allowed.yaml"])
    assert capsys.readouterr().out == "ok: allowed.yaml (1 suppressed)\n"
    (folder / "allowed.yaml").write_text(ALLOWED.replace("  # archspec: allow L1202 as published", ""))
    main(["lint", "allowed.yaml"])
    assert capsys.readouterr().err.endswith("\n1 warning, 1 suppressed\n")


def test_json_has_what_is_suppressed_with_its_reason(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["lint", "allowed.yaml", "--format", "json"])
    content = json.loads(capsys.readouterr().out)
    assert content["diagnostics"] == []
    assert [(one["code"], one["reason"]) for one in content["suppressed"]] == [
        ("W0302", "for later"), ("L1202", "as published"),
    ]  # fmt: skip


def test_sarif_has_what_is_suppressed_marked(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["lint", "allowed.yaml", "border.yaml", "--format", "sarif"])
    (run,) = json.loads(capsys.readouterr().out)["runs"]
    reasons = [[one["justification"] for one in result.get("suppressions", [])] for result in run["results"]]
    assert reasons == [[], ["for later"], ["as published"]]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["L1202", "W0302"]


def test_for_github_a_lint_is_a_warning(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["lint", "border.yaml", "--format", "github"])
    assert capsys.readouterr().out.startswith("::warning file=border.yaml,line=4,col=5,endColumn=13,title=L1202::")


def test_an_edit_is_offered_and_not_promised_to_be_a_fix(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["lint", "bias.yaml", "--format", "json"])
    (found,) = json.loads(capsys.readouterr().out)["diagnostics"]
    assert found["fix"] == {"edits": [{"line": 4, "column": 41, "end_line": 4, "end_column": 45, "text": "false"}]}
    main(["lint", "bias.yaml"])
    assert "--fix" not in capsys.readouterr().err
    main(["check", "--fix", "bias.yaml"])
    assert (folder / "bias.yaml").read_text() == BIAS


def test_a_comment_in_an_imported_file_allows_what_stands_there(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "blocks.yaml").write_text(
        "archspec: 1\nblocks:\n  shrink:\n    layers:\n      - max_pool: 2  # archspec: allow L1202 any size\n"
    )
    (folder / "user.yaml").write_text(
        "archspec: 1\ninputs: {image: [13, 13, 3]}\nblocks: {shrink: blocks.yaml}\nlayers: [shrink, flatten]\n"
    )
    main(["lint", "user.yaml"])
    assert capsys.readouterr().out == "ok: user.yaml (1 suppressed)\n"
    main(["lint", "blocks.yaml"])
    assert capsys.readouterr().out == "ok: blocks.yaml\n"


def test_a_comment_for_codes_that_were_left_out_is_not_judged(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "border.yaml").write_text(
        BORDER.replace("13, 13", "14, 14").replace("2\n", "2  # archspec: allow L1202 x\n")
    )
    assert codes(capsys, "lint", "border.yaml") == ["L1401"]
    assert codes(capsys, "lint", "border.yaml", "--ignore", "L1202") == []
    assert codes(capsys, "lint", "border.yaml", "--ignore", "L14") == []
    assert codes(capsys, "lint", "border.yaml", "--input", "image=16x16x3") == []


@pytest.mark.parametrize(("command", "is_loaded"), [("check", False), ("lint", True)])
def test_check_loads_no_lints(command: str, is_loaded: bool, folder: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    run = [sys.executable, "-c", LOADED.format(command=command)]
    done = subprocess.run(run, capture_output=True, text=True, check=True, env=environment)
    loaded = done.stdout.splitlines()[-1].split()
    for module in ("archspec.analysis.lints", "archspec.syntax.allowances"):
        assert (module in loaded) == is_loaded


def test_of_a_plugins_op_that_declares_no_facts_nothing_is_said(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "use.yaml").write_text(USING)  # a convolution, the op, a dense layer: linear, if the op were
    assert main(["lint", "use.yaml", "--plugin", str(gem_pool(folder))]) == OK
    assert capsys.readouterr().out == "ok: use.yaml\n"


def test_warnings_beside_a_result_are_suppressed_too(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["summary", "unread.yaml"])
    assert "W0302" in capsys.readouterr().err
    main(["summary", "allowed.yaml"])
    assert capsys.readouterr().err == ""
    assert [one.code for one in archspec.check("unread.yaml")] == ["W0302"]
    assert archspec.check("allowed.yaml") == ()
