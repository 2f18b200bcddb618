"""VGG-16 and ResNet-50 against `keras.applications`: all weights carried across, every node compared.

With fresh weights a VGG-16 with average pools differs at the output by some 3e-6 only, and such a test would prove
nothing; so all weights are randomised, and the last test shows that this net is caught.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import keras
import pytest

import archspec
from archspec import zoo
from tests.zoo.weights import TOLERANCE, carry, largest_differences, randomise, without_softmax

VGG16 = {
    **{
        f"block{stage}_conv{place}": f"conv{stage}_{place}"
        for stage, depth in enumerate((2, 2, 3, 3, 3), 1)
        for place in range(1, depth + 1)
    },
    **{f"block{stage}_pool": f"max_pool_{stage}" for stage in range(1, 6)},
    "flatten": "flatten_1",
    "fc1": "fc6",
    "fc2": "fc7",
    "predictions": "fc8",
}

PARTS = {"conv": "conv", "bn": "bn", "relu": "relu"}


@pytest.fixture(scope="module")
def vgg16() -> Any:
    reference = keras.applications.VGG16(weights=None)
    randomise(reference, seed=16)
    yield reference
    keras.backend.clear_session()


@pytest.fixture(scope="module")
def resnet50() -> Any:
    reference = keras.applications.ResNet50(weights=None)
    randomise(reference, seed=50)
    yield reference
    keras.backend.clear_session()


def resnet_layers(reference: Any) -> dict[str, str]:
    """Keras' layer names to ours, by the structure that both names spell out."""
    layers = {
        "conv1_conv": "conv1.conv",
        "conv1_bn": "conv1.bn",
        "conv1_relu": "conv1.relu",
        "pool1_pool": "max_pool_1",
    }
    layers |= {"avg_pool": "global_average_pool_1", "predictions": "predictions"}
    for layer in reference.layers:
        found = re.fullmatch(r"conv(\d)_block(\d)_(?:(\d)_)?(conv|bn|relu|add|out)", layer.name)
        if not found:
            continue
        stage, block, place, part = found.groups()
        prefix = f"conv{stage}.block{block}"
        if part in ("add", "out"):
            layers[layer.name] = f"{prefix}.{'add_1' if part == 'add' else 'relu_1'}"
        elif place == "0":
            layers[layer.name] = f"{prefix}.shortcut.conv_bn_1.{PARTS[part]}"
        else:
            use = f"conv_bn_relu_{place}" if place in ("1", "2") else "conv_bn_1"
            layers[layer.name] = f"{prefix}.main.{use}.{PARTS[part]}"
    return layers


def assert_equal_at_every_node(reference: Any, ours: Any, layers: dict[str, str]) -> None:
    carry(reference, ours, layers)
    differences = largest_differences(reference, ours, layers)
    assert max(differences.values()) <= TOLERANCE, differences
    last = list(layers)[-1]
    before = largest_differences(without_softmax(reference), without_softmax(ours), {last: layers[last]})
    assert before[last] <= TOLERANCE


def test_vgg16_equals_keras_at_every_node_and_before_the_softmax(vgg16: Any) -> None:
    assert_equal_at_every_node(vgg16, archspec.build_model("vgg16"), VGG16)


def test_resnet50_equals_keras_at_every_node_and_before_the_softmax(resnet50: Any) -> None:
    layers = resnet_layers(resnet50)
    assert len(layers) == len(resnet50.layers) - 3  # all but the input and the two paddings
    layers["predictions"] = layers.pop("predictions")  # last: it is the one compared before its softmax
    assert_equal_at_every_node(resnet50, archspec.build_model("keras/resnet50"), layers)


def test_a_vgg16_with_average_pools_is_caught(vgg16: Any, tmp_path: Path) -> None:
    text = (zoo.folder() / "vgg16.yaml").read_text().replace("max_pool", "average_pool")
    spec = tmp_path / "average.yaml"
    spec.write_text(text)
    ours = archspec.build_model(spec)
    layers = {name: layer.replace("max_pool", "average_pool") for name, layer in VGG16.items()}
    carry(vgg16, ours, layers)
    differences = largest_differences(vgg16, ours, layers)
    assert differences["block1_conv2"] <= TOLERANCE < differences["block1_pool"]
    assert differences["predictions"] > 100 * TOLERANCE
