"""Emitted files run where archspec cannot be imported: every op's example, a use of every block, and two networks.

What they build has the predicted parameters, and saves and loads where a layer of archspec's own is in it. The whole
zoo is run by `python -m tools.prove_zoo`, which takes long.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from archspec.analysis.cost import total_of
from archspec.compiler import lower_graph
from archspec.elaboration.modules import standard_words
from archspec.emission.keras_source import emit
from archspec.ir.graph import Graph
from archspec.ops import find, words
from tests.compiled import graph_of
from tests.goldens import use_of
from tests.networks import compile_network

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

for file in map(Path, sys.argv[1:]):
    spec = importlib.util.spec_from_file_location(file.stem, file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    model = module.build_model()
    found[file.stem] = {"params": model.count_params(), "name": model.name}
    if "class " in file.read_text(encoding="utf-8"):
        saved = file.with_suffix(".keras")
        model.save(saved)
        rng = np.random.default_rng(0)
        shapes = [(2, *(size or 16 for size in one.shape[1:])) for one in model.inputs]
        given = [rng.uniform(size=shape).astype("float32") for shape in shapes]
        loaded = keras.saving.load_model(saved)
        outputs = [keras.tree.flatten(one(given if len(given) > 1 else given[0])) for one in (model, loaded)]
        found[file.stem]["equal"] = all(np.array_equal(*pair) for pair in zip(*outputs, strict=True))
        saved.unlink()
    keras.backend.clear_session()
print(json.dumps(found))
"""

NETWORKS = ("lenet5", "googlenet")
"""One with a layer of connections of its own, and one whose training graph is larger."""


def graphs() -> dict[str, Graph]:
    """The graphs to emit, by the names of their files."""
    examples = {f"op_{word}": graph_of(op.example) for word in sorted(words()) if (op := find(word))}
    uses = {f"block_{word}": use_of(word) for word in sorted(standard_words())}
    networks = {name: compile_network(name).require_graph() for name in NETWORKS}
    return {**examples, **uses, **networks}


GRAPHS = graphs()


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What a process without archspec found in the emitted files."""
    folder = tmp_path_factory.mktemp("emitted")
    files = [folder / f"{name}.py" for name in GRAPHS]
    for file, graph in zip(files, GRAPHS.values(), strict=True):
        file.write_text(emit(lower_graph(graph, training=True)), encoding="utf-8")
    script = folder / "alone.py"
    script.write_text(ALONE)
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    command = [sys.executable, str(script), *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder, env=environment)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


def test_archspec_was_not_there(found: Any) -> None:
    assert found["archspec"] == "absent"


def test_every_op_and_every_block_is_there() -> None:
    assert len(GRAPHS) == len(words()) + len(standard_words()) + len(NETWORKS)


@pytest.mark.parametrize("name", GRAPHS)
def test_the_file_builds_with_the_predicted_parameters(name: str, found: Any) -> None:
    assert found[name]["params"] == total_of(GRAPHS[name].nodes).params
    assert found[name]["name"] == GRAPHS[name].name


@pytest.mark.parametrize("name", GRAPHS)
def test_what_it_builds_saves_and_loads(name: str, found: Any) -> None:
    assert found[name].get("equal", True)


def test_layers_of_its_own_were_saved(found: Any) -> None:
    assert len([name for name in GRAPHS if "equal" in found[name]]) > 5
