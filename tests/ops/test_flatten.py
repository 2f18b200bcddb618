"""`flatten`. Expected values are numpy's row-major order and Keras' shapes."""

import keras
import numpy as np
import pytest

from archspec.ir.shape import Shape
from archspec.keras_backend.build import apply
from archspec.ops.flatten import Flatten
from tests.op_cases import Case, case

CONFORMANCE: dict[str, tuple[Case, ...]] = {
    "flatten": (case((5,)), case((8, 7, 4)), case((5, 6, 7, 4)), case((None, 4)), case((None, 7, 4))),
}


@pytest.mark.parametrize(
    ("dims", "size"), [((5, 5, 16), 400), ((7,), 7), ((), 1), ((None, 5, 16), None), ((None, None, None), None)]
)
def test_agrees_with_keras(dims: tuple[int | None, ...], size: int | None) -> None:
    (shape,) = Flatten().infer_shapes((Shape(dims),))
    (result,), _ = apply(Flatten().to_keras((Shape(dims),)), [keras.Input(dims)], "node")
    assert shape == Shape((size,))
    assert result.shape == (None, size)


def test_channels_vary_fastest() -> None:
    values = np.arange(24, dtype="float32").reshape(1, 2, 3, 4)
    (result,), _ = apply(Flatten().to_keras((Shape((2, 3, 4)),)), [values], "node")
    np.testing.assert_array_equal(result, np.arange(24).reshape(1, 24))
