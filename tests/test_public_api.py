"""What `import archspec` offers: these names and no others, documented, loaded when asked for."""

from __future__ import annotations

import inspect
import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

import archspec

NAMES = [
    "__version__", "build_model", "check", "compile_spec", "difference", "emit", "load_model", "members", "open_spec",
    "prove_plugin", "summary",
]  # fmt: skip
FUNCTIONS = NAMES[1:]

LAZY = """
import json, sys
import archspec
before = sorted(name for name in sys.modules if name.startswith("archspec."))
archspec.{name}
after = sorted(name for name in sys.modules if name.startswith("archspec."))
print(json.dumps([before, after]))
"""


def loaded_by(name: str) -> tuple[list[str], list[str]]:
    """The package's modules that stand loaded before and after a name is asked for."""
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    command = [sys.executable, "-c", LAZY.format(name=name)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    before, after = json.loads(done.stdout)
    return before, after


def test_the_names_are_these() -> None:
    assert sorted(archspec.__all__) == sorted(NAMES)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_each_is_a_documented_and_typed_function(name: str) -> None:
    function = getattr(archspec, name)
    assert callable(function)
    assert inspect.getdoc(function)
    signature = inspect.signature(function)
    assert signature.return_annotation is not inspect.Signature.empty
    assert all(one.annotation is not inspect.Parameter.empty for one in signature.parameters.values())


def test_the_version_is_the_distributions() -> None:
    project: Any = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text())["project"]
    assert archspec.__version__ == project["version"]


def test_importing_the_package_loads_nothing_of_it() -> None:
    before, after = loaded_by("__version__")
    assert before == after == []


def test_a_name_loads_what_it_needs() -> None:
    # That the check above can fail.
    before, after = loaded_by("check")
    assert before == []
    assert "archspec.compiler" in after
    assert "archspec.keras_backend" not in after


def test_another_name_is_refused_as_python_does() -> None:
    with pytest.raises(AttributeError, match="module 'archspec' has no attribute 'buidl_model'"):
        _ = archspec.buidl_model
