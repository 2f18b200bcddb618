"""`layer_scale`. Expected values follow from its definition."""

import numpy as np
import pytest
from keras.src.applications import convnext

from archspec.ir.op import ShapeError, Weight
from archspec.ir.shape import Shape
from archspec.keras_backend.build import apply
from archspec.ops.layer_scale import LayerScale
from tests.op_cases import ANY_RANK, Case, case
from tests.ops.running import image, run

CONFORMANCE: dict[str, tuple[Case, ...]] = {
    "layer_scale": (case((5,), initial=0.5), *ANY_RANK),
}


def test_begins_at_the_number_given() -> None:
    values = image(3, 4)
    np.testing.assert_allclose(run(LayerScale(initial=0.25), values), 0.25 * values, rtol=1e-6)
    np.testing.assert_allclose(run(LayerScale(), values), 1e-6 * values, rtol=1e-6)


def test_each_channel_has_its_factor() -> None:
    values = image(2, 3, 4)
    gamma = np.array([1.0, -2.0, 0.0, 3.0])
    np.testing.assert_allclose(run(LayerScale(), values, weights={"gamma": gamma}), gamma * values, rtol=1e-6)


def test_computes_and_counts_as_the_layer_of_keras_convnext() -> None:
    values = image(2, 3, 4)
    theirs = convnext.LayerScale(0.125, 4)
    np.testing.assert_array_equal(run(LayerScale(initial=0.125), values), theirs(values))
    (weight,) = LayerScale().weights((Shape((2, 3, 4)),))
    assert weight == Weight("gamma", tuple(theirs.weights[0].shape), trainable=True)


def test_the_built_factor_is_trained() -> None:
    _, layers = apply(LayerScale().to_keras((Shape((4,)),)), [image(4)], "node")
    assert [weight.name for weight in layers[""].trainable_weights] == ["gamma"]


def test_open_channels_are_refused() -> None:
    with pytest.raises(ShapeError, match="the number of input channels must be known"):
        LayerScale().infer_shapes((Shape((4, None)),))
