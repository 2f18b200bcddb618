"""`concat`. Expected values and shapes are numpy's."""

import keras
import numpy as np
import pytest

from archspec.ir.op import ShapeError
from archspec.ir.shape import Dim, Shape
from archspec.keras_backend.build import apply
from archspec.ops.concat import Concat
from tests.op_cases import TWO, Case, case

CONFORMANCE: dict[str, tuple[Case, ...]] = {
    "concat": (
        *TWO,
        case((8, 7, 4), (8, 7, 3), (8, 7, 1)),
        case((8, 7, 4), (5, 7, 4), axis="rows"),
        case((8, 7, 4), (8, 2, 4), axis="columns"),
        case((5, 6, 7, 4), (2, 6, 7, 4), axis="depth"),
        case((1, 4), (None, 4), axis="rows"),
        case((None, 7, 4), (None, 7, 3)),
    ),
}

Dims = tuple[Dim, ...]


@pytest.mark.parametrize(
    ("axis", "place", "dims"),
    [
        ("channels", -1, [(3,), (1,), (4,)]),
        ("channels", -1, [(4, 5, 3), (4, 5, 2)]),
        ("channels", -1, [(2, 4, 5, 3), (2, 4, 5, 2)]),
        ("rows", 1, [(1, 6), (196, 6)]),
        ("rows", 1, [(4, 5, 3), (1, 5, 3)]),
        ("rows", 2, [(2, 4, 5, 3), (2, 1, 5, 3)]),
        ("columns", 2, [(4, 5, 3), (4, 1, 3)]),
        ("columns", 3, [(2, 4, 5, 3), (2, 4, 1, 3)]),
        ("depth", 1, [(2, 4, 5, 3), (1, 4, 5, 3)]),
    ],
)
def test_agrees_with_numpy(axis: str, place: int, dims: list[tuple[int, ...]]) -> None:
    random = np.random.default_rng(0)
    values = [random.normal(size=(2, *each)).astype("float32") for each in dims]
    op = Concat.model_validate({"axis": axis})
    inputs = tuple(map(Shape, dims))
    (result,), _ = apply(op.to_keras(inputs), values, "node")
    expected = np.concatenate(values, axis=place)
    np.testing.assert_array_equal(result, expected)
    assert op.infer_shapes(inputs) == (Shape(expected.shape[1:]),)


@pytest.mark.parametrize(
    ("axis", "dims", "expected"),
    [
        ("channels", [(None, None, 3), (None, None, 5)], (None, None, 8)),
        ("channels", [(None, 4, 3), (6, None, 5)], (6, 4, 8)),
        ("rows", [(None, 3), (5, 3)], (None, 3)),
        ("rows", [(2, None), (5, 3)], (7, 3)),
    ],
)
def test_open_sizes(axis: str, dims: list[Dims], expected: Dims) -> None:
    op = Concat.model_validate({"axis": axis})
    assert op.infer_shapes(tuple(map(Shape, dims))) == (Shape(expected),)


def test_keras_takes_open_sizes() -> None:
    inputs = (Shape((None, None, 3)), Shape((None, None, 5)))
    (result,), _ = apply(Concat().to_keras(inputs), [keras.Input(shape.dims) for shape in inputs], "node")
    assert result.shape == (None, None, None, 8)


@pytest.mark.parametrize("other", [(14, 28, 64), (28, 1, 64), (28, 64), (28, 28, 28, 64)])
def test_another_size_elsewhere_is_refused(other: tuple[int, ...]) -> None:
    with pytest.raises(ShapeError) as error:
        Concat().infer_shapes((Shape((28, 28, 64)), Shape(other)))
    wanted = "`concat` along the channels needs equal sizes along all other axes, got (28, 28, 64) and "
    assert error.value.message == wanted + str(Shape(other))


@pytest.mark.parametrize(
    ("axis", "dims"), [("rows", (3,)), ("columns", (4, 3)), ("depth", (4, 4, 3)), ("channels", ())]
)
def test_an_axis_that_the_inputs_lack_is_refused(axis: str, dims: tuple[int, ...]) -> None:
    with pytest.raises(ShapeError, match=f"the inputs must have the axis `{axis}`") as error:
        Concat.model_validate({"axis": axis}).infer_shapes((Shape(dims), Shape(dims)))
    assert error.value.field == "axis"


def test_a_differing_third_input_is_shown_with_its_own_shape() -> None:
    with pytest.raises(ShapeError, match=r"got \(4, 4, 1\) and \(5, 4, 3\)"):
        Concat().infer_shapes((Shape((4, None, 1)), Shape((4, 4, 2)), Shape((5, 4, 3))))


def test_a_missing_axis_is_answered_with_those_there_are() -> None:
    with pytest.raises(ShapeError) as error:
        Concat(axis="columns").infer_shapes((Shape((4, 3)), Shape((4, 3))))
    assert error.value.cure == "their axes are rows, channels"
