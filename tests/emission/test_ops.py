"""Each op's example, built by the backend and by its emitted source: the same layers, the same values."""

from __future__ import annotations

import textwrap
from typing import Any

import numpy as np
import pytest

from archspec.emission.keras_source import emit
from archspec.keras_backend.build import build
from archspec.ops import find, words
from tests.compiled import lowered_from
from tests.emission.running import run_source


@pytest.mark.parametrize("word", sorted(words()))
def test_the_emitted_example_is_the_built_one(word: str) -> None:
    op = find(word)
    assert op is not None
    lowered = lowered_from(textwrap.dedent(op.example))
    model = build(lowered).model
    emitted = run_source(emit(lowered))
    assert [layer.name for layer in emitted.layers] == [layer.name for layer in model.layers]
    assert [layer.get_config() for layer in emitted.layers] == [layer.get_config() for layer in model.layers]
    assert [weight.path for weight in emitted.weights] == [weight.path for weight in model.weights]
    random = np.random.default_rng(0)
    weights = [random.uniform(0.1, 0.6, size=weight.shape) for weight in model.weights]
    model.set_weights(weights)
    emitted.set_weights(weights)
    given = random.normal(size=(2, *model.input_shape[1:])).astype("float32")
    np.testing.assert_allclose(as_array(emitted(given)), as_array(model(given)), rtol=1e-5, atol=1e-6)


def as_array(values: Any) -> Any:
    return np.concatenate([np.ravel(value) for value in (values.values() if isinstance(values, dict) else [values])])
