"""The order of the packages, and that nothing before `keras_backend` loads Keras; each check is shown to fail."""

from __future__ import annotations

import configparser
import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from importlinter.cli import lint_imports

ROOT = Path(__file__).parents[1]
LINTER: Any = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
LAYERS, SYNTAX, KERAS = LINTER["contracts"]

PACKAGES = (
    "diagnostics", "ir", "ops", "syntax", "inference", "elaboration", "plugins", "analysis", "report",
    "lowering", "emission",
)  # fmt: skip
"""Those before `keras_backend`, in their order."""

BEFORE_KERAS = """
import importlib, json, pkgutil, sys

import archspec
import archspec.ops

{prelude}
for name in {packages}:
    package = importlib.import_module("archspec." + name)
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        importlib.import_module(module.name)
for name in ("api", "cli", "compiler", "doctor", "zoo"):
    importlib.import_module("archspec." + name)
from archspec import ops, zoo
from archspec.cli import main

words = [word for word in ops.words() if ops.find(word)]
for spec in zoo.names():
    archspec.check(spec), archspec.summary(spec), archspec.emit(spec)
statuses = [main([command, "lenet5"]) for command in ("check", "summary", "emit")]
loaded = sorted({{name.partition(".")[0] for name in sys.modules}} & {{"keras", "tensorflow", "numpy", "matplotlib"}})
print(json.dumps({{"loaded": loaded, "words": len(words), "statuses": statuses}}))
"""


def contract(kind: dict[str, Any], folder: Path, **changes: Any) -> int:
    """The linter's status, 0 for kept, for one contract with changes, in a file of its own."""
    made = configparser.ConfigParser()
    made["importlinter"] = {"root_package": "archspec", "include_external_packages": "True"}
    fields = {**kind, **changes}
    made["importlinter:contract:one"] = {
        name: "\n" + "\n".join(value) if isinstance(value, list) else str(value) for name, value in fields.items()
    }
    path = folder / "contract.ini"
    with path.open("w") as file:
        made.write(file)
    return int(lint_imports(config_filename=str(path), no_cache=True, no_logo=True))


def test_the_contracts_hold() -> None:
    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True, no_logo=True) == 0


def test_the_layers_are_those_of_the_architecture_in_its_order() -> None:
    order = [*PACKAGES, "keras_backend", "training"]
    # `zoo` is a module: elaboration finds the specs that others extend in it.
    layers = [layer for layer in reversed(LAYERS["layers"]) if layer != "zoo"]
    assert layers[: len(order)] == order
    # `stdlib` is YAML, which nothing imports.
    assert not list((ROOT / "archspec" / "stdlib").glob("*.py"))


SWAPS = [("ir", "ops"), ("lowering", "keras_backend"), ("inference", "elaboration")]


@pytest.mark.parametrize(("lower", "higher"), SWAPS)
def test_layers_in_another_order_are_caught(lower: str, higher: str, tmp_path: Path) -> None:
    swapped = {lower: higher, higher: lower}
    layers = [swapped.get(layer, layer) for layer in LAYERS["layers"]]
    assert contract(LAYERS, tmp_path) == 0
    assert contract(LAYERS, tmp_path, layers=layers) == 1


def test_a_package_without_a_layer_is_caught(tmp_path: Path) -> None:
    layers = [layer for layer in LAYERS["layers"] if layer != "report"]
    assert contract(LAYERS, tmp_path, layers=layers) == 1


def test_a_syntax_that_knows_ops_would_be_caught(tmp_path: Path) -> None:
    assert contract(SYNTAX, tmp_path) == 0
    assert contract(SYNTAX, tmp_path, source_modules=["archspec.elaboration"]) == 1


def test_an_import_of_keras_would_be_caught(tmp_path: Path) -> None:
    assert contract(KERAS, tmp_path) == 0
    assert contract(KERAS, tmp_path, source_modules=["archspec.keras_backend"]) == 1
    assert contract(KERAS, tmp_path, ignore_imports=[]) == 1, "the ops' own layers import it in their functions"


def run_before_keras(prelude: str = "", path: Sequence[Path] = ()) -> Any:
    """What a process has loaded that has done everything that needs no Keras."""
    source = BEFORE_KERAS.format(packages=PACKAGES, prelude=prelude)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (ROOT, *path)))}
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


def test_everything_before_keras_backend_runs_without_keras() -> None:
    found = run_before_keras()
    assert found["loaded"] == []
    assert found["words"] > 40
    assert found["statuses"] == [0, 0, 0]


def test_an_op_that_imports_keras_when_it_loads_is_seen(tmp_path: Path) -> None:
    (tmp_path / "keras.py").touch()  # a stand-in: the real one takes seconds
    prelude = f"archspec.ops.families.__path__.append({str(tmp_path / 'more')!r})"
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "greedy.py").write_text(GREEDY)
    assert run_before_keras(prelude=prelude, path=[tmp_path])["loaded"] == ["keras"]


GREEDY = """
import keras


def words():
    return ()
"""
"""A family of ops that loads Keras with its file."""
