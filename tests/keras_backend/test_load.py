"""Opening a saved model in a process that has made none of its layers."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

import archspec
from archspec.keras_backend.build import resolve
from archspec.keras_backend.load import register_layers
from archspec.keras_backend.save import save_model
from archspec.ops import find, words
from tests.op_cases import cases

FRESH = """
import sys
import numpy as np
import keras

try:
    keras.saving.load_model(sys.argv[1])
except Exception:
    pass
else:
    sys.exit("Keras alone opened the file: this test shows nothing")
import archspec

model = archspec.load_model(sys.argv[1])
np.save(sys.argv[3], model(np.load(sys.argv[2])))
"""


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Any]:
    """LeNet-5's outputs for two images: here, and in a fresh process that opened the saved file."""
    folder = tmp_path_factory.mktemp("saved")
    model = archspec.build_model("lenet5")
    images = np.random.default_rng(0).normal(size=(2, 32, 32, 1)).astype("float32")
    save_model(model, folder / "lenet5.keras")
    np.save(folder / "images.npy", images)
    (folder / "fresh.py").write_text(FRESH)
    files = [str(folder / name) for name in ("lenet5.keras", "images.npy", "outputs.npy")]
    command = [sys.executable, str(folder / "fresh.py"), *files]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr[-2000:]
    return np.asarray(model(images)), np.load(files[-1])


def test_a_fresh_process_gives_the_same_values(opened: tuple[Any, Any]) -> None:
    here, there = opened
    assert here.shape == (2, 10)
    np.testing.assert_array_equal(here, there)


def test_every_layer_that_keras_lacks_is_registered() -> None:
    register_layers()
    registered = set(keras.saving.get_custom_objects())
    used = set()
    for word in words():
        op = find(word)
        assert op is not None
        for case in cases(word):
            lowering = op(**case.fields).to_keras(case.inputs)
            used |= {layer.target for layer in lowering.layers.values() if ":" in layer.target}
    names = {f"archspec>{resolve(target).__name__}" for target in used}
    assert len(names) == len(used) >= 8, "two layers of one name would be taken for each other in a file"
    assert names <= registered


def test_what_is_no_model_is_refused(tmp_path: Path) -> None:
    (tmp_path / "net.keras").write_text("no model")
    with pytest.raises(Exception, match=r"net\.keras|zip"):
        archspec.load_model(tmp_path / "net.keras")
