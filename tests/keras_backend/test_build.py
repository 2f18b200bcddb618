"""From Keras calls as data to a model: its boundary, its names, and settings of Keras that must not change it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from archspec.compiler import lower_graph
from archspec.keras_backend.build import build
from archspec.keras_backend.proof import prove
from tests.compiled import graph_of, lowered_from, net

TWO_IN = """
- concat
- {dense: 3, name: wide}
- {side: [dense: 2], name: tap}
- {dense: 1, name: last}
"""
VECTORS = "{left: [4], right: [2]}"


def model_of(text: str) -> Any:
    """The proven model of a spec."""
    lowered = lowered_from(text)
    built = build(lowered)
    assert prove(lowered, built).differences == ()
    return built.model


def saved_and_loaded(model: Any, folder: Path) -> Any:
    model.save(folder / "model.keras")
    return keras.saving.load_model(folder / "model.keras")


@pytest.fixture
def channels_first() -> Iterator[None]:
    """Keras as a user of channels-first images has set it."""
    keras.config.set_image_data_format("channels_first")
    yield
    keras.config.set_image_data_format("channels_last")


def test_one_input_and_output_are_tensors() -> None:
    model = model_of(net("- dense: 2", inputs="{given: [3]}"))
    assert model(np.zeros((5, 3))).shape == (5, 2)


def test_an_open_size_is_any_size_whether_it_has_a_name_or_not() -> None:
    model = model_of(net("- conv: {filters: 2, kernel: 3, stride: 2}", inputs="{image: [height, '?', 1]}"))
    assert model.input_shape == (None, None, None, 1)
    assert model(np.zeros((1, 9, 7, 1))).shape == (1, 4, 3, 2)


def test_several_inputs_and_outputs_are_dictionaries_by_name(tmp_path: Path) -> None:
    model = model_of(net(TWO_IN, inputs=VECTORS, rest="outputs: [tap, last, wide]"))
    given = {"left": np.ones((5, 4)), "right": np.ones((5, 2))}
    for one in (model, saved_and_loaded(model, tmp_path)):
        assert {name: tuple(value.shape) for name, value in one(given).items()} == {
            "tap": (5, 2), "last": (5, 1), "wide": (5, 3),
        }  # fmt: skip


def test_an_output_may_be_an_input(tmp_path: Path) -> None:
    model = model_of(net("- {dense: 2, name: last}", inputs="{given: [3]}", rest="outputs: [given, last]"))
    ones = np.ones((5, 3))
    for one in (model, saved_and_loaded(model, tmp_path)):
        np.testing.assert_array_equal(one(ones)["given"], ones)


def test_an_input_that_reaches_no_output_stays_an_input(tmp_path: Path) -> None:
    # What a caller has to give does not change with what the network does with it.
    model = model_of(net("- {dense: 2, from: left}", inputs=VECTORS))
    given = {"left": np.ones((5, 4)), "right": np.ones((5, 2))}
    for one in (model, saved_and_loaded(model, tmp_path)):
        assert one(given).shape == (5, 2)
        assert set(one.input) == {"left", "right"}


def test_a_value_of_several_is_an_output_under_its_place() -> None:
    model = model_of(net("- {split: [1, 2], name: half}", inputs="{given: [3]}", rest="outputs: [half/2, half/1]"))
    values = model(np.array([[1.0, 2.0, 3.0]]))
    assert {name: np.asarray(value).tolist() for name, value in values.items()} == {
        "half/2": [[2.0, 3.0]], "half/1": [[1.0]],
    }  # fmt: skip


def test_names_are_paths_with_dots_and_survive_saving(tmp_path: Path) -> None:
    model = model_of(net("- {conv_bn_relu: {filters: 2, kernel: 3}, name: first-unit}"))
    names = [layer.name for layer in saved_and_loaded(model, tmp_path).layers]
    assert names == ["image", "first-unit.conv", "first-unit.bn", "first-unit.relu"]


def test_weights_of_equal_layers_are_not_mixed_up_by_saving(tmp_path: Path) -> None:
    model = model_of(net("- repeat: 3\n  layers: [{dense: 4}]", inputs="{given: [4]}"))
    random = np.random.default_rng(0)
    model.set_weights([random.normal(size=weight.shape) for weight in model.weights])
    given = random.normal(size=(2, 4))
    np.testing.assert_array_equal(saved_and_loaded(model, tmp_path)(given), model(given))


IMAGE = """
- conv: {filters: 3, kernel: 3, padding: half}
- batch_norm
- depthwise_conv: {kernel: 3}
- pad: 1
- max_pool: 2
- average_pool: {size: 3, stride: 2, padding: 1}
- {split: [1, 2], name: parts}
- concat
- flatten
- dense: 2
"""


@pytest.mark.usefixtures("channels_first")
def test_a_channels_first_setting_changes_nothing(tmp_path: Path) -> None:
    # Made under the setting: convolutions would take the rows for channels, and flatten would transpose.
    model = model_of(net(IMAGE))
    assert keras.config.image_data_format() == "channels_first"
    random = np.random.default_rng(0)
    weights = [random.uniform(size=weight.shape) for weight in model.weights]
    model.set_weights(weights)
    given = random.normal(size=(2, 8, 8, 4))
    loaded = saved_and_loaded(model, tmp_path)
    keras.config.set_image_data_format("channels_last")
    plain = model_of(net(IMAGE))
    plain.set_weights(weights)
    np.testing.assert_array_equal(model(given), plain(given))
    np.testing.assert_array_equal(loaded(given), plain(given))


@pytest.mark.usefixtures("channels_first")
def test_an_error_while_building_leaves_the_setting_alone() -> None:
    lowered = lowered_from(net("- relu"))
    layers = tuple(type(one)("", one.layer) for one in lowered.layers)
    with pytest.raises(KeyError):
        build(type(lowered)(lowered.name, lowered.inputs, layers, lowered.calls, lowered.outputs, (), ()))
    assert keras.config.image_data_format() == "channels_first"


def test_what_training_alone_uses_is_not_built_for_inference() -> None:
    # `tap` is unmarked, and only the training-only head reads it: its weights would be in no model.
    text = net(
        """
        - {side: [dense: 3], name: tap}
        - {dense: 4, name: trunk}
        - {side: [{dense: 2, from: tap}], name: head, only: training}
        """,
        inputs="{given: [4]}",
        rest="outputs: [trunk, head]",
    )
    graph = graph_of(text)
    inference, training = (lower_graph(graph, training=flag) for flag in (False, True))
    for lowered in (inference, training):
        assert prove(lowered, build(lowered)).differences == ()
    assert [layer.name for layer in inference.layers] == ["trunk"]
    assert len(training.layers) == 3
