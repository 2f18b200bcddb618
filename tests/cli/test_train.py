"""`archspec train` from end to end, in processes of its own: what it leaves, that it repeats, how it refuses."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import archspec
from archspec import zoo

SPEC = """archspec: 1
name: small
inputs: {image: [8, 8, 1]}
layers:
  - conv: {filters: 8, kernel: 3, activation: relu}
  - dropout: 0.2
  - flatten
  - {dense: {units: 10, activation: softmax}, name: digit}
training:
  data: {source: digits, range: [0, 1]}
  augment: {shift: 1}
  losses: {digit: cross_entropy_of_probabilities}
  optimizer: {name: adam, learning_rate: 0.01}
  epochs: 3
"""


def train(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """One run of the command in a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(Path(zoo.__file__).parents[1])}
    command = [sys.executable, "-m", "archspec", "train", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("train")
    (folder / "small.yaml").write_text(SPEC)
    done = train("small.yaml", "--seed", "7", folder=folder)
    assert done.returncode == 0, done.stderr
    assert "test accuracy 0." in done.stdout
    assert "Traceback" not in done.stderr
    return folder / "runs" / "small-1"


def metrics(run: Path) -> dict[str, object]:
    content: dict[str, object] = json.loads((run / "metrics.json").read_text())
    return content


def test_a_run_leaves_its_records_its_spec_and_the_trained_model(run: Path) -> None:
    test = metrics(run)["test"]
    assert isinstance(test, dict)
    assert 0.5 < test["accuracy"] <= 1
    assert len((run / "metrics.jsonl").read_text().splitlines()) == 3
    assert json.loads((run / "run.json").read_text())["seed"] == 7
    assert {path.name for path in (run / "checkpoints").iterdir()} == {"best.npz", "last.npz"}
    assert archspec.load_model(run / "model.keras").count_params() == 8 * 9 + 8 + 6 * 6 * 8 * 10 + 10
    assert archspec.check(run / "spec.yaml") == ()


def test_the_spec_of_a_run_repeats_it_bit_for_bit(run: Path) -> None:
    again = train(str(run / "spec.yaml"), "--run", str(run.parent / "again"), folder=run.parent)
    assert again.returncode == 0, again.stderr
    assert metrics(run.parent / "again")["weights_sha256"] == metrics(run)["weights_sha256"]


def test_a_directory_that_holds_a_run_and_a_missing_data_file_are_refused(run: Path) -> None:
    spec = str(run / "spec.yaml")
    held = train(spec, "--run", str(run), folder=run.parent)
    missing = train(spec, "--data", "none.npz", "--run", "other", folder=run.parent)
    assert (held.returncode, missing.returncode) == (1, 1)
    assert "already holds one" in held.stderr
    assert "none.npz: no such file" in missing.stderr
    assert not (run.parent / "other").exists()
