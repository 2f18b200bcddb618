"""`split`. Expected values are numpy's."""

from pathlib import Path

import keras
import numpy as np
import pytest

from archspec.ir.op import ShapeError
from archspec.ir.shape import Shape
from archspec.keras_backend.build import apply
from archspec.ops.split import Split
from tests.op_cases import Case, case

CONFORMANCE: dict[str, tuple[Case, ...]] = {
    "split": (case((8, 7, 4), parts=(2,)), case((None, 4), parts=(1, 3)), case((6,), parts=(3,))),
}


@pytest.mark.parametrize(
    ("parts", "ends"), [((2,), [3]), ((3,), [2, 4]), ((6,), [1, 2, 3, 4, 5]), ((1, 5), [1]), ((3, 1, 2), [3, 4])]
)
@pytest.mark.parametrize("dims", [(6,), (4, 5, 6)])
def test_agrees_with_numpy(dims: tuple[int, ...], parts: tuple[int, ...], ends: list[int]) -> None:
    values = np.random.default_rng(0).normal(size=(2, *dims)).astype("float32")
    results, _ = apply(Split(parts=parts).to_keras((Shape(dims),)), [values], "node")
    expected = np.split(values, ends, axis=-1)
    for result, part in zip(results, expected, strict=True):
        np.testing.assert_array_equal(result, part)
    assert Split(parts=parts).infer_shapes((Shape(dims),)) == tuple(Shape(part.shape[1:]) for part in expected)


def test_one_part_is_the_input() -> None:
    values = np.ones((2, 6), "float32")
    (result,), _ = apply(Split(parts=(1,)).to_keras((Shape((6,)),)), [values], "node")
    assert Split(parts=(1,)).infer_shapes((Shape((6,)),)) == (Shape((6,)),)
    np.testing.assert_array_equal(result, values)


def test_open_sizes_stay_open() -> None:
    results, _ = apply(Split(parts=(2,)).to_keras((Shape((None, 6)),)), [keras.Input((None, 6))], "node")
    assert Split(parts=(2,)).infer_shapes((Shape((None, 6)),)) == (Shape((None, 3)),) * 2
    assert [result.shape for result in results] == [(None, None, 3)] * 2


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ((4,), "`parts` must divide the input's channels, got 4 for 6"),
        ((7,), "`parts` must divide the input's channels, got 7 for 6"),
        ((2, 3), "the channels in `parts` must add up to the input's 6, got 5"),
    ],
)
def test_parts_that_do_not_fit_are_refused(parts: tuple[int, ...], message: str) -> None:
    with pytest.raises(ShapeError) as error:
        Split(parts=parts).infer_shapes((Shape((4, 6)),))
    assert (error.value.message, error.value.field) == (message, "parts")


def test_open_channels_are_refused() -> None:
    with pytest.raises(ShapeError, match="the number of input channels must be known"):
        Split(parts=(2,)).infer_shapes((Shape((4, None)),))


@pytest.mark.parametrize("parts", [(), (0,), (6, 0)])
def test_illegal_parts_are_refused(parts: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="parts"):
        Split(parts=parts)


def test_a_saved_model_gives_the_same_values(tmp_path: Path) -> None:
    given = keras.Input((6,))
    results, _ = apply(Split(parts=(4, 2)).to_keras((Shape((6,)),)), [given], "node")
    keras.Model(given, results).save(tmp_path / "model.keras")
    values = np.arange(6, dtype="float32").reshape(1, 6)
    first, second = keras.models.load_model(tmp_path / "model.keras")(values)
    np.testing.assert_array_equal(first, values[:, :4])
    np.testing.assert_array_equal(second, values[:, 4:])
