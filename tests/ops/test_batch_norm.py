"""`batch_norm`. Expected weights are Keras' own, expected values numpy's."""

import keras
import numpy as np
import pytest

from archspec.ir.op import ShapeError
from archspec.ir.shape import Shape
from archspec.keras_backend.build import apply
from archspec.ops.batch_norm import BatchNorm
from tests.op_cases import ANY_RANK, Case, case

CONFORMANCE: dict[str, tuple[Case, ...]] = {
    "batch_norm": (*ANY_RANK, case((8, 7, 4), scale=False), case((8, 7, 4), center=False, momentum=0.9)),
}


@pytest.mark.parametrize("scale", [True, False])
@pytest.mark.parametrize("center", [True, False])
@pytest.mark.parametrize("dims", [(6,), (4, 4, 6), (2, 2, 2, 6)])
def test_weights_are_keras_own(dims: tuple[int, ...], center: bool, scale: bool) -> None:
    op = BatchNorm(center=center, scale=scale)
    inputs = (Shape(dims),)
    lowering = op.to_keras(inputs)
    _, layers = apply(lowering, [np.zeros((2, *dims), "float32")], "node")
    built = [(weight.name, tuple(weight.shape), weight.trainable) for weight in layers[""].weights]
    assert [(weight.name, weight.shape, weight.trainable) for weight in op.weights(inputs)] == built
    assert [lowering.variables[name].name for name, _, _ in built] == [name for name, _, _ in built]


def test_four_values_for_each_channel_and_two_of_them_trainable() -> None:
    """Ioffe, Szegedy, 2015, algorithms 1 and 2: gamma, beta, and the two population statistics."""
    weights = BatchNorm().weights((Shape((28, 28, 64)),))
    assert sum(weight.size for weight in weights) == 4 * 64
    assert sum(weight.size for weight in weights if weight.trainable) == 2 * 64


def test_defaults_are_keras_own() -> None:
    _, layers = apply(BatchNorm().to_keras((Shape((3,)),)), [np.zeros((2, 3), "float32")], "node")
    ours, theirs = layers[""].get_config(), keras.layers.BatchNormalization().get_config()
    assert {key: ours[key] for key in theirs if key != "name"} == {key: theirs[key] for key in theirs if key != "name"}


def test_training_normalises_each_channel_by_the_batch() -> None:
    values = np.random.default_rng(0).normal(3, 2, size=(8, 5, 5, 2)).astype("float32")
    _, layers = apply(BatchNorm(epsilon=0.1).to_keras((Shape((5, 5, 2)),)), [values], "node")
    mean, variance = values.mean((0, 1, 2)), values.var((0, 1, 2))
    expected = (values - mean) / np.sqrt(variance + 0.1)
    np.testing.assert_allclose(layers[""](values, training=True), expected, rtol=1e-4, atol=1e-4)


def test_shape_is_kept_where_sizes_are_open() -> None:
    assert BatchNorm().infer_shapes((Shape((None, None, 3)),)) == (Shape((None, None, 3)),)


def test_open_channels_are_refused() -> None:
    with pytest.raises(ShapeError, match="the number of input channels must be known"):
        BatchNorm().infer_shapes((Shape((4, 4, None)),))


@pytest.mark.parametrize("fields", [{"momentum": 1.1}, {"momentum": -0.1}, {"epsilon": 0.0}])
def test_illegal_numbers_are_refused(fields: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=next(iter(fields))):
        BatchNorm.model_validate(fields)
