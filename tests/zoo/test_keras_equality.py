"""`keras/*` against `keras.applications`: all weights carried across by structure, every value compared.

With fresh weights a VGG-16 with average pools differs at the output by some 3e-6 only, and such a test would prove
nothing; so all weights and statistics are random, and the last test shows that this net is caught. A member of each
family stands here; `python -m tools.prove_zoo` compares all 40.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import keras
import pytest

import archspec
from archspec import zoo
from archspec.keras_backend.carry import TOLERANCE
from tests.zoo.equality import APPLICATIONS, application, compare, compare_with_keras

FAMILIES = (
    "convnexttiny", "densenet121", "efficientnetb0", "efficientnetv2b0", "inceptionresnetv2", "inceptionv3",
    "mobilenet", "mobilenetv2", "mobilenetv3large", "mobilenetv3small", "nasnetmobile", "resnet50", "resnet50v2",
    "vgg16", "xception",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    yield
    keras.backend.clear_session()


def test_every_model_of_keras_has_its_spec() -> None:
    shipped = {name.removeprefix("keras/") for name in zoo.names() if name.startswith("keras/")}
    assert shipped == set(APPLICATIONS)
    assert len(shipped) == 40


@pytest.mark.parametrize("name", FAMILIES)
def test_it_computes_what_keras_does_at_every_node(name: str) -> None:
    found = compare_with_keras(name)
    assert found.layers == found.weighted
    assert found.params[0] == found.params[1]
    assert found.largest <= TOLERANCE
    assert len(found.compared) > 0.75 * len(found.deviations)
    assert found.deviations[-1].share is not None, "the output, before the softmax"


def test_a_vgg16_with_average_pools_is_caught(tmp_path: Path) -> None:
    text = (zoo.folder() / "vgg16.yaml").read_text().replace("max_pool", "average_pool")
    spec = tmp_path / "average.yaml"
    spec.write_text(text)
    found = compare(application("vgg16", seed=16), archspec.build_model(spec))
    shares = {one.layer: one.share for one in found.deviations}
    before, pool, output = (shares[name] for name in ("block1_conv2", "block1_pool", "predictions"))
    assert before is not None and pool is not None and output is not None
    assert before <= TOLERANCE < pool
    assert output > 100 * TOLERANCE
