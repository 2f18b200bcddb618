"""Published weights through Keras' own files: local ones of its formats stand for those that it downloads."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from keras.src.legacy.saving.legacy_h5_format import save_weights_to_hdf5_group
from keras.src.utils import file_utils

import archspec
from archspec.cli import main
from archspec.keras_backend.published import WeightsError, take_weights
from tests.zoo.equality import application

SPEC = "keras/mobilenetv3small"
FORM = "keras.applications.MobileNetV3Small"


@pytest.fixture(autouse=True)
def _collect_again() -> Iterator[None]:
    yield
    gc.enable()  # a command turns it off


@pytest.fixture(scope="module")
def source() -> Iterator[Any]:
    yield application("mobilenetv3small", seed=3)
    keras.backend.clear_session()


def published_file(model: Any, path: Path) -> Path:
    """A file in the format of those that keras.applications downloads."""
    import h5py  # type: ignore[import-untyped]  # it ships no types

    with h5py.File(path, "w") as file:
        save_weights_to_hdf5_group(file, model)
    return path


def image(model: Any) -> Any:
    return np.random.default_rng(1).uniform(0, 255, size=(1, *model.input_shape[1:])).astype("float32")


@pytest.mark.parametrize("ending", ["published.h5", "saved.weights.h5", "model.keras"])
def test_a_file_of_each_format_fills_the_model(source: Any, ending: str, tmp_path: Path) -> None:
    path = tmp_path / ending
    if ending.startswith("published"):
        published_file(source, path)
    elif ending.startswith("saved"):
        source.save_weights(path)
    else:
        source.save(path)
    model = archspec.build_model(SPEC)
    taken = take_weights(model, str(path), FORM)
    np.testing.assert_array_equal(archspec.build_model(SPEC, weights=path)(image(source)), model(image(source)))
    assert taken.layers == sum(bool(layer.weights) for layer in source.layers)
    assert taken.largest <= 1e-5
    np.testing.assert_allclose(model(image(source)), source(image(source)), rtol=1e-4, atol=1e-6)


def test_imagenet_is_built_as_keras_builds_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # With these weights Keras scales the image once more; the spec's variant of their name does so too.
    network = application("efficientnetb0", seed=4)
    path = published_file(network, tmp_path / "efficientnetb0.h5")
    monkeypatch.setattr(file_utils, "get_file", lambda *_, **__: str(path))
    output = tmp_path / "model.keras"
    assert main(["build", "keras/efficientnetb0", "--weights", "imagenet", "-o", str(output)]) == 0
    said = capsys.readouterr().out
    assert "building the variant `imagenet`, which these weights are for" in said
    assert "took the weights of 132 layers from imagenet" in said
    expected = keras.applications.EfficientNetB0(weights="imagenet")(image(network))
    np.testing.assert_allclose(archspec.load_model(output)(image(network)), expected, rtol=1e-4, atol=1e-6)
    assert main(["build", "keras/efficientnetb0", "--weights", str(path), "-o", str(output)]) == 0
    assert main(["build", "keras/efficientnetb0", "--variant", "imagenet", "--weights", str(path)]) == 2
    assert "the weights fit, but the network computes something else" in capsys.readouterr().err


def test_weights_of_another_number_of_classes_are_taken_from_a_file(source: Any, tmp_path: Path) -> None:
    other = keras.applications.MobileNetV3Small(weights=None, input_shape=(96, 96, 3), classes=7)
    other.save_weights(tmp_path / "seven.weights.h5")
    model = archspec.build_model(SPEC, classes=7)
    assert take_weights(model, str(tmp_path / "seven.weights.h5"), FORM).largest <= 1e-5


def test_weights_that_do_not_fit_are_refused_by_the_first_layer_that_does_not(tmp_path: Path) -> None:
    inner = keras.Sequential([keras.Input((28, 28, 1)), keras.layers.Conv2D(7, 3, name="odd"), keras.layers.Flatten()])
    inner.save(tmp_path / "other.keras")
    with pytest.raises(
        WeightsError, match=r"`odd` of the source \(kernel \(3, 3, 1, 7\), bias \(7,\)\) has no"
    ) as error:
        take_weights(archspec.build_model(SPEC), str(tmp_path / "other.keras"), FORM)
    assert error.value.cure is not None and "number of classes" in error.value.cure


def test_a_network_that_computes_something_else_is_refused(tmp_path: Path) -> None:
    def made(activation: str) -> Any:
        return keras.Sequential([keras.Input((8, 8, 3)), keras.layers.Conv2D(4, 3, activation=activation, name="c")])

    made("tanh").save(tmp_path / "other.keras")
    with pytest.raises(WeightsError, match="1 values differ, the first is that of `c`"):
        take_weights(made("relu"), str(tmp_path / "other.keras"), "")


@pytest.mark.parametrize(
    ("weights", "form", "message"),
    [
        ("imagenet", "", "`imagenet` needs a spec whose `reference` has `form: keras.applications.NAME`"),
        ("imagenet", "keras.applications.Nothing", "`imagenet` needs a spec"),
        ("nowhere.h5", FORM, "there is no file `nowhere.h5`"),
        ("nowhere.h5", "", "there is no file `nowhere.h5`"),
        ("nowhere.keras", "", "there is no file `nowhere.keras`"),
        ("weights.pth", FORM, "`weights.pth` is none of Keras' formats"),
    ],
)
def test_what_cannot_be_had_is_said(weights: str, form: str, message: str) -> None:
    with pytest.raises(WeightsError) as error:
        take_weights(keras.Sequential([keras.Input((8, 8, 3)), keras.layers.Flatten()]), weights, form)
    assert error.value.message.startswith(message)


def test_a_file_that_is_no_model_is_said_to_be_none(tmp_path: Path) -> None:
    (tmp_path / "text.keras").write_text("no archive")
    with pytest.raises(WeightsError, match="is no model that Keras saved"):
        take_weights(keras.Sequential([keras.Input((8, 8, 3))]), str(tmp_path / "text.keras"), "")


def test_a_download_that_fails_is_said_in_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> str:
        raise Exception("URL fetch failure on somewhere\nand more")

    monkeypatch.setattr(file_utils, "get_file", fail)
    with pytest.raises(WeightsError) as error:
        take_weights(archspec.build_model(SPEC), "imagenet", FORM)
    assert error.value.message == f"Keras could not load `imagenet` into {FORM}: URL fetch failure on somewhere"
