"""Every shipped spec's emitted file, run where archspec cannot be imported: it builds, saves and loads."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest

import archspec
from archspec import zoo

SMALL_ENOUGH_TO_SAVE = 30_000_000

ALONE = """
import importlib.util, json, sys
from importlib.abc import MetaPathFinder
from pathlib import Path


class Absent(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "archspec":
            raise ImportError("archspec is not here")


sys.meta_path.insert(0, Absent())
try:
    import archspec
except ImportError:
    found = {"archspec": "absent"}
else:
    found = {"archspec": "present"}

import keras
import numpy as np

for file in map(Path, sys.argv[2:]):
    spec = importlib.util.spec_from_file_location(file.stem, file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    model = module.build_model()
    found[file.stem] = {"params": model.count_params(), "name": model.name}
    if model.count_params() <= int(sys.argv[1]):
        saved = file.with_suffix(".keras")
        model.save(saved)
        image = np.random.default_rng(0).normal(size=(1, *model.input_shape[1:])).astype("float32")
        loaded = keras.saving.load_model(saved)
        outputs = [keras.tree.flatten(one(image)) for one in (model, loaded)]
        found[file.stem]["equal"] = all(np.array_equal(*pair) for pair in zip(*outputs, strict=True))
        saved.unlink()
    keras.backend.clear_session()
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What a process without archspec found in the emitted files of all shipped specs."""
    folder = tmp_path_factory.mktemp("emitted")
    files = []
    for name in zoo.names():
        files.append(folder / f"{name.replace('/', '_')}.py")
        files[-1].write_text(archspec.emit(name, training=name == "googlenet"), encoding="utf-8")
    script = folder / "alone.py"
    script.write_text(ALONE)
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    command = [sys.executable, str(script), str(SMALL_ENOUGH_TO_SAVE), *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder, env=environment)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


def test_archspec_was_not_there(found: Any) -> None:
    assert found["archspec"] == "absent"


@pytest.mark.parametrize("name", zoo.names())
def test_the_file_builds_with_the_predicted_parameters(name: str, found: Any) -> None:
    totals: Any = archspec.summary(name, training=name == "googlenet")["totals"]
    built = found[name.replace("/", "_")]
    assert built["params"] == totals["params"]
    assert built["name"] == archspec.summary(name)["name"]


@pytest.mark.parametrize("name", zoo.names())
def test_what_it_builds_saves_and_loads(name: str, found: Any) -> None:
    built = found[name.replace("/", "_")]
    assert built.get("equal", True)
    assert ("equal" in built) == (built["params"] <= SMALL_ENOUGH_TO_SAVE)
