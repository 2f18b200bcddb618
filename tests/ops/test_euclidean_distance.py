"""`euclidean_distance`. Expected values are numpy's and by hand."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from archspec.ir.op import ShapeError
from archspec.ir.shape import Shape
from archspec.keras_backend.build import resolve
from archspec.ops.euclidean_distance import EuclideanDistance
from tests.op_cases import Case, case
from tests.ops.running import image, run

CONFORMANCE: dict[str, tuple[Case, ...]] = {
    "euclidean_distance": (case((5,), (5,)), case((5,), (5,), epsilon=0.01), case((None,), (None,))),
}

LAYER = "archspec.ops.euclidean_distance:euclidean_distance_layer"


def test_three_and_four_are_five_apart() -> None:
    one, other = np.array([[1.0, 2.0]], "float32"), np.array([[4.0, 6.0]], "float32")
    np.testing.assert_allclose(run(EuclideanDistance(), one, other), [[5.0]])


def test_it_is_the_length_of_the_difference() -> None:
    one, other = image(7), image(7, seed=1)
    expected = np.linalg.norm(one - other, axis=1, keepdims=True)
    np.testing.assert_allclose(run(EuclideanDistance(), one, other), expected, rtol=1e-5)


@pytest.mark.parametrize("policy", ["float32", "mixed_float16", "mixed_bfloat16"])
def test_equal_and_far_vectors_are_well_behaved_in_every_precision(policy: str) -> None:
    one, other = tf.constant([[1.0, 2.0], [300.0, 0.0]]), tf.constant([[1.0, 2.0], [0.0, 400.0]])
    with tf.GradientTape() as tape:
        tape.watch([one, other])
        result = resolve(LAYER)(epsilon=0.0001, dtype=policy)([one, other])
    assert all(np.isfinite(gradient).all() for gradient in tape.gradient(result, [one, other]))
    np.testing.assert_allclose(keras.ops.cast(result, "float32"), [[0.01], [500.0]], rtol=1e-2)


@pytest.mark.parametrize("shapes", [((5,), (4,)), ((3, 5), (3, 5))])
def test_what_are_not_vectors_of_one_size_is_refused(shapes: tuple[tuple[int, ...], ...]) -> None:
    with pytest.raises(ShapeError, match="it needs two vectors of one size"):
        EuclideanDistance().infer_shapes(tuple(map(Shape, shapes)))


def test_epsilon_is_positive() -> None:
    with pytest.raises(ValueError, match="epsilon"):
        EuclideanDistance(epsilon=0.0)
