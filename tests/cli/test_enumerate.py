"""`archspec enumerate`: what it prints in each form, and what it says beside it."""

from __future__ import annotations

import csv
import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import archspec
from archspec.analysis.figures import FIGURES
from archspec.cli import main
from archspec.cli.options import make_parser

SPEC = """
archspec: 1
parameters:
  width: {type: int, default: 4, search: {from: 2, to: 6, step: 2}}
  sizes: {type: ints, default: [1], search: [[1, 2], [3]]}
  act: {type: word, default: relu, search: [relu]}
inputs: {vector: [3]}
layers:
  - for: {units: $sizes}
    layers: [dense: $units]
  - dense: {units: $width, activation: $act}
"""
# Parameters: 3 to 1, 1 to 2 and 2 to `width` units, or 3 to 3 and 3 to `width`, with a bias each.
PARAMS = {(2, "[1, 2]"): 14, (2, "[3]"): 20, (4, "[1, 2]"): 20, (4, "[3]"): 28, (6, "[1, 2]"): 26, (6, "[3]"): 36}


@pytest.fixture
def spec(tmp_path: Path) -> str:
    path = tmp_path / "net.yaml"
    path.write_text(SPEC)
    return str(path)


def listed(capsys: pytest.CaptureFixture[str], *arguments: str, status: int = 0) -> tuple[list[str], str]:
    """The lines of a run, and what it said on standard error."""
    assert main(["enumerate", *arguments]) == status
    out, err = capsys.readouterr()
    return out.splitlines(), err


def test_a_table_with_each_member_on_a_line(spec: str, capsys: pytest.CaptureFixture[str]) -> None:
    lines, said = listed(capsys, spec, "--where", "params <= 20 and width < 6")
    assert lines[0].split() == ["width", "sizes", "act", "params", "trainable", "macs", "depth"]
    assert [line.split()[-4] for line in lines[1:]] == ["14", "20", "20"]
    assert said == "6 members, 3 meet the budget\n"


def test_csv_holds_all_figures(spec: str, capsys: pytest.CaptureFixture[str]) -> None:
    rows = list(csv.DictReader(listed(capsys, spec, "--format", "csv")[0]))
    assert {(int(row["width"]), row["sizes"]): int(row["params"]) for row in rows} == PARAMS
    assert set(FIGURES) < set(rows[0])


@pytest.mark.parametrize("form", ["json", "jsonl"])
def test_json_holds_what_build_model_takes(spec: str, form: str, capsys: pytest.CaptureFixture[str]) -> None:
    lines, _ = listed(capsys, spec, "--format", form, "--set", "width=4")
    members = json.loads("\n".join(lines))["members"] if form == "json" else list(map(json.loads, lines))
    assert [member["parameters"] for member in members] == [
        {"sizes": [1, 2], "act": "relu"},
        {"sizes": [3], "act": "relu"},
    ]
    totals = archspec.summary(spec, width=4, **members[1]["parameters"])["totals"]
    assert isinstance(totals, dict)
    assert totals["params"] == members[1]["figures"]["params"] == 28


def test_json_of_no_member_is_a_document(spec: str, capsys: pytest.CaptureFixture[str]) -> None:
    lines, said = listed(capsys, spec, "--format", "json", "--where", "params < 1")
    assert json.loads("\n".join(lines)) == {"members": [], "tried": 6, "met": 0, "not_legal": 0}
    assert said == "6 members, 0 meet the budget\n"


def test_sets_are_options_that_give_the_member_back(spec: str, capsys: pytest.CaptureFixture[str]) -> None:
    lines, _ = listed(capsys, spec, "--format", "sets")
    assert lines[0] == "--set width=2 --set 'sizes=[1, 2]' --set act=relu"
    for line, params in zip(lines, PARAMS.values(), strict=True):
        assert main(["summary", spec, "--format", "json", *shlex.split(line)]) == 0
        assert json.loads(capsys.readouterr().out)["totals"]["params"] == params


def test_sets_feed_a_loop_of_a_shell(spec: str) -> None:
    script = f"{sys.executable} -m archspec enumerate {spec} --format sets "
    script += "--set width=2 | while read -r line; do eval \"printf '%s.' $line\"; echo; done"
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True, env=environment)
    assert done.stdout.splitlines()[0] == "--set.sizes=[1, 2].--set.act=relu."


def test_sorted_and_limited(spec: str, capsys: pytest.CaptureFixture[str]) -> None:
    lines, _ = listed(capsys, spec, "--format", "jsonl", "--sort", "params", "--reverse", "--limit", "2")
    assert [json.loads(line)["figures"]["params"] for line in lines] == [36, 28]
    lines, said = listed(capsys, spec, "--limit", "2", "--format", "sets")
    assert (len(lines), said) == (2, "2 of 6 members tried\n")
    lines, said = listed(capsys, spec, "--sort", "macs", "--format", "jsonl")
    macs = [json.loads(line)["figures"]["macs"] for line in lines]
    assert macs == sorted(macs)


def test_members_that_are_not_legal_are_told_once_and_counted(spec: str, capsys: pytest.CaptureFixture[str]) -> None:
    lines, said = listed(capsys, spec, "--search", "sizes=[[1], [0], [0, 0]]", "--format", "sets")
    assert len(lines) == 3
    assert said.count("error[E0502]") == 1
    assert "not legal: --set width=2 --set 'sizes=[0]' --set act=relu\n" in said
    assert said.endswith("9 members, 6 not legal\n")
    assert listed(capsys, spec, "--search", "sizes=[[0]]", status=1)[0][1:] == []


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--where", "parms < 3"], "E0602"),
        (["--search", "widht=[3]"], "E0221"),
        (["--search", "width=3"], "E0510"),
        (["--search", "width"], "E0219"),
        (["--set", "width=wide"], "E0502"),
        (["--variant", "wide"], "E0220"),
        (["--set", "width=2", "--set", "sizes=[1]", "--set", "act=relu"], "E0227"),
    ],
)
def test_what_is_wrong_with_the_options_ends_it(
    arguments: list[str], code: str, spec: str, capsys: pytest.CaptureFixture[str]
) -> None:
    lines, said = listed(capsys, spec, *arguments, status=1)
    assert lines == []
    assert said.startswith(f"error[{code}]")


def test_an_open_figure_is_shown_and_not_sorted_by(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "open.yaml"
    path.write_text(SPEC.replace("vector: [3]", "vector: [length, 3]"))
    assert "14*length" not in listed(capsys, str(path), "--limit", "1")[0][1]
    assert "9*length" in listed(capsys, str(path), "--limit", "1")[0][1]  # 3·1 + 1·2 + 2·2
    _, said = listed(capsys, str(path), "--sort", "macs", status=2)
    assert "state the size with `--input`" in said
    assert len(listed(capsys, str(path), "--sort", "macs", "--input", "vector=5x3")[0]) == 7


def test_the_figures_to_sort_by_are_those_there_are() -> None:
    parser = make_parser()
    for figure in FIGURES:
        assert parser.parse_args(["enumerate", "net", "--sort", figure]).sort == figure
