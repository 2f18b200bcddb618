"""`embedding`. Expected values follow from its definition."""

import keras
import numpy as np
import pytest

from archspec.ir.shape import Shape
from archspec.keras_backend.build import apply
from archspec.ops.embedding import Embedding
from tests.op_cases import Case
from tests.ops.running import run

CONFORMANCE: dict[str, tuple[Case, ...]] = {
    "embedding": tuple(
        Case((Shape(dims),), {"vocabulary": 7, "width": 3}, below=7) for dims in ((5,), (None,), (4, 5), (None, None))
    ),
}


def test_a_word_gives_its_row() -> None:
    embeddings = np.arange(12.0).reshape(4, 3)
    words = np.array([[3, 0], [1, 1]], "float32")
    result = run(Embedding(vocabulary=4, width=3), words, weights={"embeddings": embeddings})
    np.testing.assert_array_equal(result, embeddings[words.astype(int)])


@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16"])
def test_large_numbers_stay_whole_in_half_precision(policy: str) -> None:
    """16 bits hold whole numbers up to 2048, or 256."""
    keras.config.set_dtype_policy(policy)
    try:
        given = keras.Input((3,))
        (output,), layers = apply(Embedding(vocabulary=70000, width=2).to_keras((Shape((3,)),)), [given], "op")
        rows = np.arange(70000)[:, None] // np.array([[1000, 1]]) % 1000
        layers[""].set_weights([rows])
        words = np.array([[2049, 69999, 4097]], "float32")
        result = np.asarray(keras.ops.cast(keras.Model(given, output)(words), "float32"))
    finally:
        keras.config.set_dtype_policy("float32")
    np.testing.assert_allclose(result, rows[words.astype(int)], rtol=4e-3)


def test_more_words_than_32_bits_count_are_refused() -> None:
    with pytest.raises(ValueError, match="vocabulary"):
        Embedding(vocabulary=2**24 + 1, width=2)
    with pytest.raises(ValueError, match="vocabulary"):
        Embedding(vocabulary=0, width=2)
    with pytest.raises(ValueError, match="width"):
        Embedding(vocabulary=2, width=0)
