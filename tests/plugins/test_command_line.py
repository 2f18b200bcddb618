"""Plugins on the command line: the options, what is never run by itself, statuses, and what a run records."""

from __future__ import annotations

import gc
import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from archspec.cli import main
from archspec.cli.status import FOUND_ERRORS, INTERNAL_ERROR, OK, WRONG_USAGE
from tests.plugins.files import OP, ROOT, USING, gem_pool, net, written

PLUGIN = ("--plugin", "ops/gem_pool.py")
PROJECT = ("--project", "project.yaml")


@pytest.fixture(autouse=True)
def _a_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder as one has it: a spec, its plugin, a project file that names this."""
    (tmp_path / "ops").mkdir()
    gem_pool(tmp_path / "ops")
    (tmp_path / "net.yaml").write_text(USING)
    (tmp_path / "project.yaml").write_text("plugins: [ops/gem_pool.py]\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ARCHSPEC_PROJECT", raising=False)


def status(*arguments: str) -> int:
    """The exit status of a command in this process, which it keeps from collecting cycles."""
    try:
        return main(arguments)
    finally:
        gc.enable()


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A command in a process of its own."""
    command = [sys.executable, "-m", "archspec", *arguments]
    given = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=given)


@pytest.mark.parametrize("command", ["check", "summary", "emit", "resolve"])
@pytest.mark.parametrize("named", [PLUGIN, PROJECT], ids=["plugin", "project"])
def test_each_command_takes_plugins_and_forgets_them(command: str, named: tuple[str, ...]) -> None:
    assert status(command, "net.yaml", *named) == OK
    assert status(command, "net.yaml") == FOUND_ERRORS


def test_the_environment_may_name_the_project_file_and_the_option_comes_first(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("ARCHSPEC_PROJECT", "project.yaml")
    assert status("check", "net.yaml") == OK
    (tmp_path / "none.yaml").write_text("plugins: []\n")
    assert status("check", "net.yaml", "--project", "none.yaml") == FOUND_ERRORS


def test_nothing_that_lies_beside_a_spec_is_run(tmp_path: Path) -> None:
    traces = "from pathlib import Path\nPath('ran').touch()\n"
    for name in ("gem_pool.py", "conv.py", "archspec_plugins.py", "sitecustom.py", "ops/gem_pool.py"):
        (tmp_path / name).write_text(traces)
    for name in ("archspec.yaml", "archspec.yml", ".archspec.yaml"):
        (tmp_path / name).write_text("plugins: [gem_pool.py]\n")
    for command in ("check", "summary", "emit", "resolve"):
        assert run(command, "net.yaml").returncode == FOUND_ERRORS
    assert not (tmp_path / "ran").exists()
    # That the trace would show: the same file, named.
    assert run("check", "net.yaml", "--plugin", "gem_pool.py").returncode == FOUND_ERRORS
    assert (tmp_path / "ran").exists()


def test_a_spec_cannot_name_a_plugin(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "net.yaml").write_text(USING + "plugins: [ops/gem_pool.py]\n")
    assert status("check", "net.yaml", "--format", "json") == FOUND_ERRORS
    codes = {found["code"] for found in json.loads(capsys.readouterr().out)["diagnostics"]}
    assert codes == {"E0202", "E0305"}


def test_no_framework_is_loaded_by_a_check_with_a_plugin() -> None:
    source = (
        "import sys; from archspec.cli import main; status = main(sys.argv[1:]);"
        "print(status, sorted({'keras', 'tensorflow', 'numpy'} & set(sys.modules)))"
    )
    for command in ("check", "summary", "emit"):
        ran = [sys.executable, "-c", source, command, "net.yaml", *PLUGIN]
        done = subprocess.run(
            ran, capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": str(ROOT)}
        )
        assert done.stdout.splitlines()[-1] == "0 []"


def test_a_check_without_plugins_loads_nothing_of_what_loads_them() -> None:
    source = "import sys; from archspec.cli import main; main(['check', 'vgg16']); "
    source += "print([name for name in sys.modules if name.startswith('archspec.plugins')])"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=True, env=environment)
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_refused_plugin_is_shown_with_its_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    written(tmp_path, "own", OP.replace("def to_keras", "def to_torch"))
    assert status("check", "net.yaml", "--plugin", "own.py") == FOUND_ERRORS
    assert capsys.readouterr().err.splitlines()[:4] == [
        "error[E1004]: `Own` has no rule `to_keras`",
        "   --> own.py:10:1",
        "   |",
        "10 | class Own(Op):",
    ]
    assert status("check", "net.yaml", "--plugin", "own.py", "--format", "json") == FOUND_ERRORS
    assert [one["code"] for one in json.loads(capsys.readouterr().out)["diagnostics"]] == ["E1004"]


def test_a_file_of_the_command_line_that_cannot_be_read_is_wrong_usage_and_one_of_a_project_is_its_mistake(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert status("check", "net.yaml", "--plugin", "none.py") == WRONG_USAGE
    assert capsys.readouterr().err == "archspec: the plugin `none.py` cannot be read: no such file or directory\n"
    assert status("ops", "--project", "none.yaml") == WRONG_USAGE
    (tmp_path / "project.yaml").write_text("plugins: [none.py]\n")
    assert status("check", "net.yaml", *PROJECT) == FOUND_ERRORS
    assert "  --> project.yaml:1:11\n" in capsys.readouterr().err


def test_a_rule_that_fails_names_the_plugin_its_op_and_its_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    written(tmp_path, "own", OP.replace("return inputs", "return 1 / 0"))
    (tmp_path / "net.yaml").write_text(net("own"))
    assert status("check", "net.yaml", "--plugin", "own.py") == INTERNAL_ERROR
    said = capsys.readouterr().err
    assert "the plugin `own.py`: `infer_shapes` of `own` raised ZeroDivisionError: division by zero" in said
    assert f"({tmp_path / 'own.py'}, line 14, in infer_shapes)" in said
    assert "bug in archspec" not in said
    done = run("check", "net.yaml", "--plugin", "own.py", "--debug")
    assert "Traceback" in done.stderr
    assert "return 1 / 0" in done.stderr


def test_a_layer_that_fails_while_keras_builds_it_is_the_plugins(tmp_path: Path) -> None:
    path = tmp_path / "ops" / "gem_pool.py"
    path.write_text(path.read_text().replace("self.p = self.add_weight(", "self.p = [][0]("))
    done = run("build", "net.yaml", *PLUGIN)
    assert done.returncode == INTERNAL_ERROR
    assert "raised IndexError: list index out of range" in done.stderr
    assert "gem_pool.py, line" in done.stderr


def test_a_build_whose_weights_differ_writes_no_model(tmp_path: Path) -> None:
    path = tmp_path / "ops" / "gem_pool.py"
    path.write_text(path.read_text().replace('Weight("p", ())', 'Weight("p", (8,))'))
    done = run("build", "net.yaml", *PLUGIN)
    assert done.returncode == INTERNAL_ERROR
    assert "pooled/p: shape predicted (8,), built ()" in done.stderr
    assert not (tmp_path / "build").exists()


def test_the_words_of_plugins_are_listed_and_explained(capsys: pytest.CaptureFixture[str]) -> None:
    assert status("ops", *PLUGIN) == OK
    assert "  gem_pool               Generalized-mean pooling" in capsys.readouterr().out
    assert status("ops") == OK
    assert "gem_pool" not in capsys.readouterr().out
    assert status("explain", "gem_pool", *PROJECT) == OK
    told = capsys.readouterr().out
    assert told.startswith("gem_pool\n\nGeneralized-mean pooling")
    assert "the exponent before training" in told
    assert status("explain", "conv_bn") == OK
    assert capsys.readouterr().out.startswith("conv_bn\n")
    assert status("schema", *PLUGIN) == OK
    definitions: Any = json.loads(capsys.readouterr().out)["definitions"]
    assert definitions["gem_pool.p"]["exclusiveMinimum"] == 0
    assert "gem_pool.p" in json.dumps(definitions["parameters"])


def test_prove_says_that_it_holds_or_what_does_not(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARCHSPEC_PROJECT", "none.yaml")  # it proves the files that it is given
    assert status("prove", "ops/gem_pool.py") == OK
    assert capsys.readouterr().out == "proven: gem_pool, from ops/gem_pool.py\n"
    written(tmp_path, "own", OP)
    assert status("prove", "own.py") == FOUND_ERRORS
    assert "own.py: `example` is missing: a whole spec that uses the op\n" in capsys.readouterr().out


RECIPE = """training:
  data: {source: digits, range: [0, 1]}
  losses: {end: cross_entropy_of_logits}
  optimizer: {name: adam, learning_rate: 0.01}
  epochs: 1
"""


def test_a_run_records_its_plugins(tmp_path: Path) -> None:
    text = USING.replace("[8, 8, 3]", "[8, 8, 1]") + RECIPE
    (tmp_path / "net.yaml").write_text(text)
    done = run("train", "net.yaml", *PLUGIN, "--run", "run")
    assert done.returncode == OK, done.stderr
    record = json.loads((tmp_path / "run" / "run.json").read_text())
    digest = hashlib.sha256((tmp_path / "ops" / "gem_pool.py").read_bytes()).hexdigest()
    assert record["plugins"] == [{"word": "gem_pool", "path": "ops/gem_pool.py", "sha256": digest}]
    assert status("check", "run/spec.yaml", *PLUGIN) == OK
    assert status("check", "run/spec.yaml") == FOUND_ERRORS
