"""`normalization`. Expected weights are Keras' own, expected values numpy's."""

from typing import Any

import keras
import numpy as np
import pytest

from archspec.ir.op import ShapeError
from archspec.ir.shape import Shape
from archspec.keras_backend.build import apply
from archspec.ops.normalization import Normalization
from tests.op_cases import ANY_RANK, Case, case
from tests.ops.running import image, run

CONFORMANCE: dict[str, tuple[Case, ...]] = {
    "normalization": (
        *ANY_RANK,
        case((None, None, 4), mean=(0.5,), variance=(2.0,)),
        case((8, 7, 3), mean=(1.0, 2.0, 3.0), variance=(1.0, 4.0, 0.25)),
    ),
}


@pytest.mark.parametrize("dims", [(3,), (4, 3), (4, 5, 3), (2, 2, 2, 3)])
@pytest.mark.parametrize(
    ("mean", "variance"), [((0.5,), (4.0,)), ((1.0, 2.0, 3.0), (1.0, 4.0, 0.25)), ((0.0,), (0.0,))]
)
def test_constants_are_subtracted_and_divided_by(
    mean: tuple[float, ...], variance: tuple[float, ...], dims: tuple[int, ...]
) -> None:
    values = image(*dims)
    deviation = np.maximum(np.sqrt(np.array(variance)), 1e-7)
    result = run(Normalization(mean=mean, variance=variance), values)
    np.testing.assert_allclose(result, (values - np.array(mean)) / deviation, rtol=1e-5, atol=1e-6)


def test_measured_values_standardise_the_data() -> None:
    values = image(5, 4, 3) * 3 + np.array([1, -2, 5], "float32")
    lowering = Normalization().to_keras((Shape((5, 4, 3)),))
    before, layers = apply(lowering, [values], "node")
    np.testing.assert_array_equal(before[0], values)
    layers[""].adapt(values)
    after = np.asarray(layers[""](values))
    np.testing.assert_allclose(after.mean((0, 1, 2)), np.zeros(3), atol=1e-5)
    np.testing.assert_allclose(after.std((0, 1, 2)), np.ones(3), rtol=1e-4)


def test_weights_are_those_of_efficientnets_input() -> None:
    """keras.applications' EfficientNetB0 counts 7 values at its `normalization` of 3 channels."""
    weights = Normalization().weights((Shape((224, 224, 3)),))
    layer = keras.layers.Normalization()
    layer.build((None, 224, 224, 3))
    built = [(weight.name, tuple(weight.shape), weight.trainable) for weight in layer.weights]
    assert [tuple(weight) for weight in weights] == built
    assert sum(weight.size for weight in weights) == 7


def test_constants_are_no_weights() -> None:
    op = Normalization(mean=(0.5,), variance=(1.0,))
    assert op.weights((Shape((4, 3)),)) == ()
    assert op.to_keras((Shape((4, 3)),)).variables == {}


@pytest.mark.parametrize("fields", [{"mean": (0.0,)}, {"variance": (1.0,)}])
def test_one_without_the_other_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="needs both `mean` and `variance`, or neither"):
        Normalization(**fields)


def test_other_numbers_of_numbers_are_refused() -> None:
    with pytest.raises(ValueError, match="got 1 and 3"):
        Normalization(mean=(0.0,), variance=(1.0, 1.0, 1.0))
    with pytest.raises(ShapeError, match="1 for each of the 3 channels of the input, got 2") as error:
        Normalization(mean=(0.0, 1.0), variance=(1.0, 1.0)).infer_shapes((Shape((4, 3)),))
    assert error.value.field == "mean"


def test_a_negative_variance_and_open_channels_are_refused() -> None:
    with pytest.raises(ValueError, match="variance"):
        Normalization(mean=(0.0,), variance=(-1.0,))
    with pytest.raises(ShapeError, match="the number of input channels must be known"):
        Normalization().infer_shapes((Shape((4, None)),))
