"""`multiply`. Expected values and shapes are numpy's, which broadcasts as Keras does."""

import keras
import numpy as np
import pytest

from archspec.ir.op import ShapeError
from archspec.ir.shape import Shape
from archspec.ir.size import named_size
from archspec.keras_backend.build import apply
from archspec.ops.multiply import Multiply
from tests.op_cases import TWO, Case, case

CONFORMANCE: dict[str, tuple[Case, ...]] = {
    "multiply": (
        *TWO,
        case((8, 7, 4), (1, 1, 4)),
        case((None, None, 4), (1, 1, 4)),
        case((8, 7, 1), (8, 7, 4), (1, 7, 4)),
    ),
}


@pytest.mark.parametrize(
    "dims",
    [
        [(4, 5, 3), (4, 5, 3)],
        [(4, 5, 3), (1, 1, 3)],
        [(1, 1, 3), (4, 5, 3)],
        [(4, 5, 3), (4, 5, 1)],
        [(4, 1, 3), (1, 5, 3), (1, 1, 1)],
        [(1,), (1,)],
    ],
)
def test_agrees_with_numpy(dims: list[tuple[int, ...]]) -> None:
    random = np.random.default_rng(0)
    values = [random.normal(size=(2, *each)).astype("float32") for each in dims]
    inputs = tuple(map(Shape, dims))
    (result,), _ = apply(Multiply().to_keras(inputs), values, "node")
    expected = np.prod(np.broadcast_arrays(*values), axis=0)
    np.testing.assert_allclose(result, expected, rtol=1e-5)
    assert Multiply().infer_shapes(inputs) == (Shape(expected.shape[1:]),)


def test_a_gate_fits_an_input_of_open_size() -> None:
    inputs = (Shape((None, None, 3)), Shape((1, 1, 3)))
    (result,), _ = apply(Multiply().to_keras(inputs), [keras.Input(shape.dims) for shape in inputs], "node")
    assert Multiply().infer_shapes(inputs) == (Shape((None, None, 3)),)
    assert result.shape == (None, None, None, 3)


def test_open_sizes_agree_with_any() -> None:
    assert Multiply().infer_shapes((Shape((None, 4)), Shape((7, None)))) == (Shape((7, 4)),)
    assert Multiply().infer_shapes((Shape((1, 4)), Shape((None, 4)))) == (Shape((None, 4)),)


def test_of_two_formulas_either_may_be_the_one_that_is_stretched() -> None:
    height = named_size("height")
    shapes = (Shape((height // 32, 4)), Shape((height, 4)))  # (1, 4) and (32, 4) give (32, 4), (2, 4) and (2, 4) do not
    assert Multiply().infer_shapes(shapes) == (Shape((None, 4)),)
    assert Multiply().infer_shapes((shapes[1], Shape((1, 4)), shapes[1])) == (shapes[1],)
    assert Multiply().infer_shapes((shapes[1], Shape((7, 4)))) == (Shape((7, 4)),)


@pytest.mark.parametrize("dims", [(14, 28, 8), (2, 2, 8), (28, 28, 4)])
def test_other_sizes_are_refused(dims: tuple[int, ...]) -> None:
    given, other = Shape((28, 28, 8)), Shape(dims)
    with pytest.raises(ShapeError) as error:
        Multiply().infer_shapes((given, other))
    assert error.value.message == f"`multiply` needs equal sizes, or 1, along each axis, got {given} and {other}"


def test_another_rank_is_refused_with_a_cure() -> None:
    with pytest.raises(ShapeError) as error:
        Multiply().infer_shapes((Shape((28, 28, 8)), Shape((8,))))
    assert error.value.message == "`multiply` needs inputs with equally many axes, got (28, 28, 8) and (8)"
    assert error.value.cure is not None
    assert "keep_dims" in error.value.cure
