"""`local_response_norm`. Expected values are computed by loops over the papers' formula, or by hand."""

from pathlib import Path

import keras
import numpy as np
import numpy.typing as npt
import pytest

from archspec.ir.op import ShapeError
from archspec.ir.shape import Shape
from archspec.keras_backend.build import apply
from archspec.ops.local_response_norm import LocalResponseNorm
from tests.op_cases import Case, case

CONFORMANCE: dict[str, tuple[Case, ...]] = {
    "local_response_norm": (case((8, 7, 4)), case((None, None, 4), size=3), case((8, 7, 4), size=3, mean=True, k=1.0)),
}

Array = npt.NDArray[np.float64]


def normalised(values: Array, size: int, alpha: float, beta: float, k: float, mean: bool) -> Array:
    """Krizhevsky et al., 2012, section 3.3, channel by channel; alpha over `size` where `mean`, as in Caffe."""
    channels = values.shape[-1]
    factor = alpha / size if mean else alpha
    result = np.empty_like(values)
    for i in range(channels):
        first, last = max(0, i - size // 2), min(channels - 1, i + size // 2)
        energy = sum(values[..., j] ** 2 for j in range(first, last + 1))
        result[..., i] = values[..., i] / (k + factor * energy) ** beta
    return result


@pytest.mark.parametrize("mean", [True, False])
@pytest.mark.parametrize("size", [1, 3, 5, 9])
@pytest.mark.parametrize("dims", [(1,), (2,), (7,), (3, 2, 6)])
def test_agrees_with_the_formula(dims: tuple[int, ...], size: int, mean: bool) -> None:
    values = np.random.default_rng(0).normal(0, 3, size=(2, *dims))
    op = LocalResponseNorm(size=size, alpha=0.5, beta=0.75, k=1.5, mean=mean)
    (result,), _ = apply(op.to_keras((Shape(dims),)), [values.astype("float32")], "node")
    np.testing.assert_allclose(result, normalised(values, size, 0.5, 0.75, 1.5, mean), rtol=1e-4, atol=1e-6)


def test_defaults_are_the_papers() -> None:
    """Section 3.3: "we used k = 2, n = 5, alpha = 10^-4, and beta = 0.75"."""
    op = LocalResponseNorm()
    assert (op.k, op.size, op.alpha, op.beta, op.mean) == (2.0, 5, 1e-4, 0.75, False)


def test_caffe_divides_by_the_size_at_the_ends_too() -> None:
    """One channel of 3 alone: 3 / (1 + (5 / 5)·9) ** 1."""
    op = LocalResponseNorm(size=5, alpha=5.0, beta=1.0, k=1.0, mean=True)
    (result,), _ = apply(op.to_keras((Shape((1,)),)), [np.array([[3.0]], "float32")], "node")
    np.testing.assert_allclose(result, [[0.3]], rtol=1e-6)


def test_open_sizes_are_kept() -> None:
    dims = (None, None, 8)
    (result,), _ = apply(LocalResponseNorm().to_keras((Shape(dims),)), [keras.Input(dims)], "node")
    assert LocalResponseNorm().infer_shapes((Shape(dims),)) == (Shape(dims),)
    assert result.shape == (None, *dims)


def test_an_even_size_is_refused() -> None:
    with pytest.raises(ShapeError, match="`size` must be odd") as error:
        LocalResponseNorm(size=4).infer_shapes((Shape((8,)),))
    assert error.value.field == "size"


def test_an_input_without_channels_is_refused() -> None:
    with pytest.raises(ShapeError, match="must have channels"):
        LocalResponseNorm().infer_shapes((Shape(()),))


@pytest.mark.parametrize("fields", [{"k": 0.0}, {"alpha": -1.0}, {"beta": -1.0}, {"size": 0}])
def test_illegal_numbers_are_refused(fields: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=next(iter(fields))):
        LocalResponseNorm.model_validate(fields)


def test_a_saved_model_gives_the_same_values(tmp_path: Path) -> None:
    given = keras.Input((2, 6))
    (result,), _ = apply(LocalResponseNorm(k=1.0, mean=True).to_keras((Shape((2, 6)),)), [given], "node")
    model = keras.Model(given, result)
    model.save(tmp_path / "model.keras")
    values = np.random.default_rng(0).normal(size=(2, 2, 6)).astype("float32")
    np.testing.assert_array_equal(keras.models.load_model(tmp_path / "model.keras")(values), model(values))
