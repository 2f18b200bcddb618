"""`l2_normalize`. Expected values are Keras' own and by hand."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from archspec.ir.op import ShapeError
from archspec.ir.shape import Shape
from archspec.keras_backend.build import resolve
from archspec.ops.l2_normalize import L2Normalize
from tests.op_cases import ANY_RANK, Case, case
from tests.ops.running import image, run

CONFORMANCE: dict[str, tuple[Case, ...]] = {
    "l2_normalize": (*ANY_RANK, case((8, 7, 4), epsilon=0.5), case((None, None))),
}

LAYER = "archspec.ops.l2_normalize:l2_normalize_layer"


@pytest.mark.parametrize("dims", [(6,), (4, 6), (4, 5, 6), (2, 3, 2, 6)])
def test_computes_as_keras_unit_normalization(dims: tuple[int, ...]) -> None:
    values = image(*dims)
    np.testing.assert_allclose(run(L2Normalize(), values), keras.layers.UnitNormalization()(values), rtol=1e-5)


def test_three_and_four_have_a_length_of_five() -> None:
    result = run(L2Normalize(), np.array([[3.0, 4.0], [0.0, 0.0]], "float32"))
    np.testing.assert_allclose(result, [[0.6, 0.8], [0.0, 0.0]], rtol=1e-6)


def test_a_short_vector_is_divided_by_the_root_of_epsilon() -> None:
    np.testing.assert_allclose(run(L2Normalize(epsilon=4.0), np.array([[0.5, 1.0]], "float32")), [[0.25, 0.5]])


@pytest.mark.parametrize("policy", ["float32", "mixed_float16", "mixed_bfloat16"])
def test_zeros_and_large_values_are_well_behaved_in_every_precision(policy: str) -> None:
    values = tf.constant([[0.0, 0.0], [3000.0, 4000.0]])
    with tf.GradientTape() as tape:
        tape.watch(values)
        result = resolve(LAYER)(epsilon=1e-6, dtype=policy)(values)
    assert np.isfinite(tape.gradient(result, values)).all()
    np.testing.assert_allclose(tf.cast(result, "float32"), np.array([[0, 0], [0.6, 0.8]]), rtol=1e-2)


def test_illegal_numbers_and_an_input_without_channels_are_refused() -> None:
    with pytest.raises(ValueError, match="epsilon"):
        L2Normalize(epsilon=0.0)
    with pytest.raises(ShapeError, match="must have channels"):
        L2Normalize().infer_shapes((Shape(()),))
