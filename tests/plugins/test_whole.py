"""Two plugins from end to end: their values by hand, built, printed, saved and opened where nothing is loaded yet."""

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
from archspec.diagnostics import SpecError
from archspec.keras_backend.save import save_model
from tests.emission.running import run_source
from tests.plugins.files import OP, ROOT, SHUFFLE, USING, gem_pool, net, written


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the plugin of the docs and a spec that uses it."""
    made = tmp_path_factory.mktemp("plugins")
    gem_pool(made)
    (made / "net.yaml").write_text(USING)
    return made


@pytest.fixture(scope="module")
def model(folder: Path) -> Any:
    return archspec.build_model(folder / "net.yaml", plugins=[folder / "gem_pool.py"])


def images() -> Any:
    return np.random.default_rng(0).normal(size=(2, 8, 8, 3)).astype("float32")


def in_a_fresh_process(source: str, *arguments: Path, path: Path = ROOT) -> str:
    """What a process prints that runs the source."""
    command = [sys.executable, "-c", source, *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": str(path)}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.strip()


def test_the_one_that_no_page_shows_is_proven() -> None:
    assert archspec.prove_plugin(SHUFFLE) == ()


def test_the_p_mean_by_hand(folder: Path, tmp_path: Path) -> None:
    # Of 1, 2, 3 and 0: with p = 1 the mean 1.5, with p = 3 the root of (1 + 8 + 27 + 0) / 4 = 9; below 0 counts as 0.
    values = np.array([[1, 2], [3, -5]], dtype="float32")[None, :, :, None]
    for p, expected in ((1, 1.5), (3, 9 ** (1 / 3))):
        (tmp_path / "net.yaml").write_text(net(f"gem_pool: {p}").replace("[4, 4, 2]", "[2, 2, 1]"))
        built = archspec.build_model(tmp_path / "net.yaml", plugins=[folder / "gem_pool.py"])
        np.testing.assert_allclose(np.asarray(built(values)), [[expected]], rtol=1e-5)


def test_the_shuffle_by_hand(tmp_path: Path) -> None:
    # ShuffleNet's figure 1: of two groups of three, first each group's first channel, then each one's second, …
    (tmp_path / "net.yaml").write_text(net("shuffle_groups: 2").replace("[4, 4, 2]", "[height, 2, 6]"))
    built = archspec.build_model(tmp_path / "net.yaml", plugins=[SHUFFLE])
    values = np.broadcast_to(np.arange(6, dtype="float32"), (1, 5, 2, 6))
    np.testing.assert_array_equal(np.asarray(built(values))[0, 4, 1], [0, 3, 1, 4, 2, 5])
    (tmp_path / "net.yaml").write_text(net("shuffle_groups: 3"))
    (found,) = archspec.check(tmp_path / "net.yaml", plugins=[SHUFFLE])
    assert (found.code, found.headline) == ("E0402", "`shuffle_groups`: the groups must divide 2 channels, got 3")


def test_a_plugin_meets_no_formula(tmp_path: Path) -> None:
    # As its page says: an open size is `None`, also where the spec has a word for it.
    (tmp_path / "net.yaml").write_text(net("shuffle_groups: 2").replace("[4, 4, 2]", "[height, width, 6]"))
    (found,) = archspec.check(tmp_path / "net.yaml", plugins=[SHUFFLE])
    assert found.headline == "`shuffle_groups`: at most one size may be open, got (?, ?, 6)"


def test_a_join_and_an_op_of_several_outputs_may_be_plugins(tmp_path: Path) -> None:
    joining = OP.replace("return inputs", "return inputs[:1]").replace(
        "    def infer",
        "    inputs: ClassVar[int | None] = None\n    is_join: ClassVar[bool] = True\n\n    def infer",
        1,
    )
    joining = joining.replace('"keras.layers.Rescaling", {"scale": 2.0})', '"keras.layers.Subtract"), inputs=2')
    parting = OP.replace("return inputs", "return inputs * 2").replace(
        'return lower_to(KerasLayer("keras.layers.Rescaling", {"scale": 2.0}))',
        'whole = lower_to(KerasLayer("keras.layers.Rescaling", {"scale": 2.0}))\n'
        '        return whole._replace(outputs=("out", "in/1"))',
    )
    plugins = [written(tmp_path, "minus", joining), written(tmp_path, "twin", parting)]
    (tmp_path / "net.yaml").write_text(net("twin\n  - minus"))
    given = images()[:, :4, :4, :2]
    # Twice the input, less the input.
    np.testing.assert_allclose(
        np.asarray(archspec.build_model(tmp_path / "net.yaml", plugins=plugins)(given)), given, rtol=1e-6
    )
    (tmp_path / "net.yaml").write_text(net("minus: {left: [dense: 2], right: []}"))
    assert archspec.check(tmp_path / "net.yaml", plugins=plugins) == ()


def test_the_facts_are_those_that_follow_from_the_declaration(folder: Path) -> None:
    facts: Any = archspec.summary(folder / "net.yaml", plugins=[folder / "gem_pool.py"])
    assert facts["totals"]["trainable"] == 3 * 3 * 3 * 4 + 4 + 1 + 4 * 10 + 10
    assert [node["op"] for node in facts["layers"]] == ["conv", "gem_pool", "dense"]


def test_the_exponent_is_trained(model: Any) -> None:
    (exponent,) = model.get_layer("pooled").trainable_weights
    assert float(exponent.value) == 2
    model_again = keras.models.clone_model(model)
    model_again.compile("sgd", "mse")
    model_again.fit(images(), np.ones((2, 10)), verbose=0)
    assert float(model_again.get_layer("pooled").trainable_weights[0].value) != 2


def test_the_emitted_file_runs_without_archspec_and_without_the_plugin(model: Any, folder: Path) -> None:
    source = archspec.emit(folder / "net.yaml", plugins=[folder / "gem_pool.py"])
    assert "archspec" not in source.partition("\n")[2]
    (folder / "alone").mkdir()
    (folder / "alone" / "printed.py").write_text(source)
    run = "import sys; import printed; m = printed.build_model(); print(m.count_params(), 'archspec' in sys.modules)"
    assert in_a_fresh_process(run, path=folder / "alone").splitlines()[-1] == "163 False"
    again = run_source(source)
    again.set_weights(model.get_weights())
    np.testing.assert_array_equal(np.asarray(model(images())), np.asarray(again(images())))


FRESH = """
import sys
import numpy as np
import keras
import archspec

try:
    archspec.load_model(sys.argv[1])
except TypeError as error:
    assert "holds `GemPool`" in str(error) and str(error).endswith('name its file, as `plugins=["gem_pool.py"]`'), error
    assert "Could not locate class" in str(error.__cause__), error
else:
    sys.exit("the file was opened without the plugin: this test shows nothing")
model = archspec.load_model(sys.argv[1], plugins=[sys.argv[2]])
np.save(sys.argv[4], model(np.load(sys.argv[3])))
"""


def test_a_saved_model_opens_in_a_fresh_process_that_names_the_plugin(model: Any, folder: Path) -> None:
    save_model(model, folder / "net.keras")
    np.save(folder / "images.npy", images())
    in_a_fresh_process(FRESH, *(folder / name for name in ("net.keras", "gem_pool.py", "images.npy", "outputs.npy")))
    np.testing.assert_array_equal(np.asarray(model(images())), np.load(folder / "outputs.npy"))


def test_a_plugin_that_cannot_be_taken_is_a_spec_error(folder: Path) -> None:
    with pytest.raises(SpecError, match=r"\[E1001\]"):
        archspec.load_model(folder / "net.keras", plugins=[folder / "none.py"])
    with pytest.raises(SpecError, match=r"\[E1001\]"):
        archspec.build_model(folder / "net.yaml", plugins=[folder / "none.py"])
    with pytest.raises(SpecError, match=r"\[E1001\]"):
        archspec.prove_plugin(folder / "none.py")
