"""`rbf`. Expected counts are LeNet-5's paper's, expected values numpy's."""

from pathlib import Path

import keras
import numpy as np
import pytest

from archspec.ir.op import ShapeError, Weight
from archspec.ir.shape import Shape
from archspec.keras_backend.build import apply
from archspec.ops.rbf import Rbf, drawn_codes
from tests.op_cases import Case, case

CONFORMANCE: dict[str, tuple[Case, ...]] = {
    "rbf": (
        case((3,), codes=((1, -1, 1), (-1, 1, 1))),
        case((None, 3), codes=((1, -1, 1),)),
        case((84,), codes="digits_7x12"),
    ),
}

CORNERS = ((1.0, 1.0), (1.0, -1.0), (-1.0, 0.5))


def test_output_of_lenet5_counts_as_the_paper_does() -> None:
    """LeCun et al., 1998, section II.B: ten units with 84 inputs each, all fixed: 840 connections, none trainable."""
    inputs = (Shape((84,)),)
    op = Rbf(codes="digits_7x12")
    outputs = op.infer_shapes(inputs)
    assert outputs == (Shape((10,)),)
    assert op.weights(inputs) == (Weight("codes", (10, 84), trainable=False),)
    assert (op.cost(inputs, outputs).macs, op.cost(inputs, outputs).connections) == (0, 840)


def test_bitmaps_are_ten_of_84_signs_and_far_apart() -> None:
    codes = np.array(drawn_codes("digits_7x12"))
    assert codes.shape == (10, 84)
    assert set(np.unique(codes)) == {-1.0, 1.0}
    different = (codes[:, None] != codes[None]).sum(-1)
    assert different[~np.eye(10, dtype=bool)].min() >= 12


def test_bitmaps_are_read_row_by_row_from_the_top() -> None:
    """The bar of the 7 is its two upper rows; the 1 stands on its two lower ones."""
    codes = np.array(drawn_codes("digits_7x12")).reshape(10, 12, 7)
    assert (codes[7, :2] == 1).all()
    assert not (codes[7, -2:, -4:] == 1).any()
    assert (codes[1, -2:, 1:] == 1).all()


@pytest.mark.parametrize("dims", [(2,), (4, 2), (3, 5, 2)])
def test_computes_squared_distances(dims: tuple[int, ...]) -> None:
    values = np.random.default_rng(0).normal(size=(2, *dims)).astype("float32")
    (result,), _ = apply(Rbf(codes=CORNERS).to_keras((Shape(dims),)), [values], "node")
    expected = [((values - np.array(code)) ** 2).sum(-1) for code in CORNERS]
    np.testing.assert_allclose(result, np.stack(expected, -1), rtol=1e-5)


def test_a_digits_own_bitmap_is_at_distance_zero() -> None:
    values = np.array(drawn_codes("digits_7x12"), "float32")
    (result,), layers = apply(Rbf(codes="digits_7x12").to_keras((Shape((84,)),)), [values], "node")
    np.testing.assert_array_equal(np.diag(result), np.zeros(10))
    np.testing.assert_array_equal(np.argmin(result, axis=1), np.arange(10))
    (weight,) = layers[""].weights
    assert (weight.name, tuple(weight.shape), weight.trainable) == ("codes", (10, 84), False)
    np.testing.assert_array_equal(weight, values)


def test_open_positions_stay_open() -> None:
    inputs = (Shape((None, 2)),)
    outputs = Rbf(codes=CORNERS).infer_shapes(inputs)
    (result,), _ = apply(Rbf(codes=CORNERS).to_keras(inputs), [keras.Input((None, 2))], "node")
    assert outputs == (Shape((None, 3)),)
    assert result.shape == (None, None, 3)
    assert Rbf(codes=CORNERS).cost(inputs, outputs).connections is None


@pytest.mark.parametrize(
    ("codes", "place"), [("digits_7x12", 1), (((1.0, 1.0), (1.0,)), 1), (((1.0,) * 83, (1.0,) * 84), 2)]
)
def test_codes_of_another_length_are_refused(codes: str | tuple[tuple[float, ...], ...], place: int) -> None:
    with pytest.raises(ShapeError, match=f"in code {place} for 83 channels") as error:
        Rbf.model_validate({"codes": codes}).infer_shapes((Shape((83,)),))
    assert error.value.field == "codes"


def test_no_codes_and_unknown_words_are_refused() -> None:
    for codes in ((), "digits"):
        with pytest.raises(ValueError, match="codes"):
            Rbf.model_validate({"codes": codes})


def test_a_saved_model_keeps_its_codes(tmp_path: Path) -> None:
    given = keras.Input((2,))
    (result,), _ = apply(Rbf(codes=CORNERS).to_keras((Shape((2,)),)), [given], "node")
    model = keras.Model(given, result)
    model.save(tmp_path / "model.keras")
    values = np.ones((1, 2), "float32")
    np.testing.assert_array_equal(keras.models.load_model(tmp_path / "model.keras")(values), model(values))


def test_codes_come_from_the_configuration_and_not_from_saved_weights() -> None:
    """A layer made anew from its configuration holds its codes before any weight is loaded."""
    _, layers = apply(Rbf(codes=CORNERS).to_keras((Shape((2,)),)), [np.ones((1, 2), "float32")], "node")
    copy = type(layers[""]).from_config(layers[""].get_config())
    np.testing.assert_array_equal(copy(np.zeros((1, 2), "float32")), [[2.0, 2.0, 1.25]])
