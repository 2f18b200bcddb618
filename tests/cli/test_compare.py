"""`archspec compare`: a row for each spec, variant and size; one with errors stops no other."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archspec.cli import main
from archspec.cli.status import FOUND_ERRORS, OK, WRONG_USAGE

SPEC = """archspec: 1
name: small
parameters: {width: {type: int, default: 4}}
variants: {wide: {width: 8}, broken: {width: 0}}
inputs: {image: [8, 8, 3]}
layers:
  - conv: {filters: $width, kernel: 3}
  - global_average_pool
"""
POINTS = "archspec: 1\ninputs: {points: [9]}\nlayers: [dense: 2]\n"


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "net.yaml").write_text(SPEC)
    (tmp_path / "points.yaml").write_text(POINTS)
    monkeypatch.chdir(tmp_path)


def rows(capsys: pytest.CaptureFixture[str], *arguments: str, status: int = OK) -> list[dict[str, object]]:
    """The rows of a comparison printed as JSON."""
    assert main(["compare", *arguments, "--format", "json"]) == status
    found: list[dict[str, object]] = json.loads(capsys.readouterr().out)["rows"]
    return found


def test_specs_and_variants_have_a_row_each(capsys: pytest.CaptureFixture[str]) -> None:
    found = rows(capsys, "net.yaml", "net.yaml@wide", "points.yaml")
    # 3·3·3·4 + 4, twice that, 9·2 + 2.
    assert [(row["variant"], row["params"]) for row in found] == [(None, 112), ("wide", 224), (None, 20)]


def test_all_variants_and_what_is_wrong_with_one(capsys: pytest.CaptureFixture[str]) -> None:
    wide, broken, points = rows(capsys, "net.yaml", "points.yaml", "--variants", status=FOUND_ERRORS)
    assert (wide["variant"], wide["params"], wide["error"]) == ("wide", 224, None)
    assert (broken["variant"], broken["params"]) == ("broken", None)
    assert "E0" in str(broken["error"])
    assert (points["variant"], points["params"]) == (None, 20)


def test_sizes_replace_those_of_images(capsys: pytest.CaptureFixture[str]) -> None:
    found = rows(capsys, "net.yaml", "--size", "8,16", "--size", "10x12")
    assert [row["input"] for row in found] == [{"image": [8, 8, 3]}, {"image": [16, 16, 3]}, {"image": [10, 12, 3]}]
    # 3·3·3·4 products at (size - 2)² positions.
    assert [row["macs"] for row in found] == [108 * 36, 108 * 196, 108 * 80]


def test_a_network_without_images_has_no_such_size(capsys: pytest.CaptureFixture[str]) -> None:
    (row,) = rows(capsys, "points.yaml", "--size", "16", status=FOUND_ERRORS)
    assert row["error"] == "no input is an image that can be 16"


def test_a_size_that_a_network_cannot_take_is_its_row_alone(capsys: pytest.CaptureFixture[str]) -> None:
    small, large = rows(capsys, "net.yaml", "--size", "2,9", status=FOUND_ERRORS)
    assert small["error"] is not None
    assert large["error"] is None


def test_a_spec_that_is_not_there_stops_no_other(capsys: pytest.CaptureFixture[str]) -> None:
    none, there = rows(capsys, "none.yaml", "net.yaml", status=WRONG_USAGE)
    assert none["error"] == "there is no file and no shipped spec `none.yaml`"
    assert there["params"] == 112


def test_columns_are_chosen_and_sorted_by(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["net.yaml", "points.yaml", "net.yaml@wide", "--columns", "spec,non-trainable,MACs", "--sort", "macs"]
    found = rows(capsys, *arguments)
    assert list(found[0]) == ["spec", "non_trainable", "macs", "error"]
    assert [row["macs"] for row in found] == [18, 108 * 36, 216 * 36]
    assert [row["macs"] for row in rows(capsys, *arguments, "--reverse")] == [216 * 36, 108 * 36, 18]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--columns", "spec,parmas"), "did you mean `params`?"),
        (("--sort", "speed"), "there is no column `speed`"),
        (("--size", "2.5"), "`--size` takes sizes such as `224` or `224x320`, got `2.5`"),
        (("--size", "-1"), "got `-1`"),
    ],
)
def test_wrong_usage_ends_with_2(arguments: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    try:
        status = main(["compare", "net.yaml", *arguments])
    except SystemExit as end:
        status = int(end.code or 0)
    assert status == WRONG_USAGE
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(("form", "first"), [("text", "spec"), ("csv", "spec,variant"), ("markdown", "| spec |")])
def test_every_form_is_printed(form: str, first: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", "net.yaml", "--format", form]) == OK
    assert capsys.readouterr().out.startswith(first)
