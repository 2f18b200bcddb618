"""`rescale`. Expected values are numpy's."""

from pathlib import Path

import keras
import numpy as np
import pytest

from archspec.ir.op import ShapeError
from archspec.ir.shape import Shape
from archspec.keras_backend.build import apply
from archspec.ops.rescale import Rescale
from tests.compiled import graph_of
from tests.op_cases import ANY_RANK, Case, case, with_fields
from tests.ops.running import image, run

CONFORMANCE: dict[str, tuple[Case, ...]] = {
    "rescale": (
        *with_fields(ANY_RANK, scale=(0.5,), offset=(-1.0,)),
        case((8, 7, 3), scale=(2.0, 0.5, 1.0), offset=(-1.0, 0.0, 1.0)),
        case((None, None, 2), scale=(2.0, 0.5)),
    ),
}


@pytest.mark.parametrize("dims", [(3,), (4, 3), (4, 5, 3), (2, 2, 2, 3)])
@pytest.mark.parametrize("offset", [(0.0,), (-1.0,), (1.0, 2.0, 3.0)])
@pytest.mark.parametrize("scale", [(0.5,), (1.0, 2.0, -3.0)])
def test_multiplies_and_adds(scale: tuple[float, ...], offset: tuple[float, ...], dims: tuple[int, ...]) -> None:
    values = image(*dims)
    result = run(Rescale(scale=scale, offset=offset), values)
    np.testing.assert_allclose(result, values * np.array(scale) + np.array(offset), rtol=1e-5, atol=1e-6)


def test_pixels_are_put_between_minus_one_and_one() -> None:
    values = np.array([[0.0, 127.5, 255.0]], "float32")
    np.testing.assert_allclose(run(Rescale(scale=(1 / 127.5,), offset=(-1.0,)), values), [[-1, 0, 1]], atol=1e-7)


def test_a_lone_number_is_the_scale() -> None:
    (node,) = graph_of("archspec: 1\ninputs: {image: [4, 4, 3]}\nlayers: [rescale: $(1 / 255)]\n").nodes
    assert node.op == Rescale(scale=(1 / 255,))


@pytest.mark.parametrize("field", ["scale", "offset"])
def test_another_number_of_numbers_than_channels_is_refused(field: str) -> None:
    op = Rescale.model_validate({"scale": (1.0,), field: (1.0, 2.0)})
    with pytest.raises(ShapeError) as error:
        op.infer_shapes((Shape((4, 4, 3)),))
    assert error.value.field == field
    assert error.value.message == f"`{field}` needs 1 number, or 1 for each of the 3 channels of the input, got 2"


def test_several_numbers_for_open_channels_are_refused() -> None:
    assert Rescale(scale=(2.0,)).infer_shapes((Shape((4, None)),)) == (Shape((4, None)),)
    with pytest.raises(ShapeError, match="the number of input channels must be known"):
        Rescale(scale=(1.0, 2.0)).infer_shapes((Shape((4, None)),))


def test_no_numbers_are_refused() -> None:
    with pytest.raises(ValueError, match="scale"):
        Rescale(scale=())


def test_a_saved_model_keeps_its_numbers(tmp_path: Path) -> None:
    given = keras.Input((2, 3))
    op = Rescale(scale=(1.0, 2.0, 3.0), offset=(0.5, 0.0, -1.0))
    (result,), _ = apply(op.to_keras((Shape((2, 3)),)), [given], "node")
    model = keras.Model(given, result)
    model.save(tmp_path / "model.keras")
    values = image(2, 3)
    np.testing.assert_array_equal(keras.models.load_model(tmp_path / "model.keras")(values), model(values))
