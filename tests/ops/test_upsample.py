"""`upsample`. Expected values are those of the definition by hand, and Keras' own where it has it."""

from typing import Any

import keras
import numpy as np
import pytest

from archspec.ir.op import ShapeError
from archspec.ir.reach import POINT
from archspec.ir.shape import Shape
from archspec.ops.upsample import Upsample
from tests.op_cases import IMAGES, Case, case
from tests.ops.by_hand_resizing import resize
from tests.ops.running import image, run, run_open, shape_of

WORDS = ("nearest", "bilinear", "bicubic")
CONFORMANCE: dict[str, tuple[Case, ...]] = {
    "upsample": (
        *(case(shape, size=(2,), interpolation=word) for word in WORDS for shape in IMAGES),
        case((8, 7, 4), size=(1, 3)),
        case((8, None, 4), size=(2, 3), align="corners", interpolation="bilinear"),
        case((8, 7, 4), size=(4,), interpolation="lanczos5"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("align", ["centres", "corners"])
@pytest.mark.parametrize("interpolation", WORDS)
@pytest.mark.parametrize(("given", "size"), [((5,), (3,)), ((4, 3), (2,)), ((4, 3), (1, 4)), ((2, 3, 2), (2, 1, 3))])
def test_values_are_those_of_the_definition(given: Any, size: Any, interpolation: Any, align: Any) -> None:
    values = image(*given, 2)
    op = Upsample(size=size, interpolation=interpolation, align=align)
    factors = size * len(given) if len(size) == 1 else size
    wanted = tuple(length * factor for length, factor in zip(given, factors, strict=True))
    expected = resize(values, wanted, interpolation, align)
    np.testing.assert_allclose(run(op, values), expected, rtol=1e-4, atol=1e-5)
    assert op.infer_shapes((shape_of(values),)) == (shape_of(expected),)


@pytest.mark.parametrize("align", ["centres", "corners"])
def test_open_sizes_give_the_same(align: Any) -> None:
    values = image(4, 3, 2)
    result = run_open(Upsample(size=(2,), interpolation="bilinear", align=align), values)
    np.testing.assert_allclose(result, resize(values, (8, 6), "bilinear", align), rtol=1e-4, atol=1e-5)


def test_nearest_is_each_value_several_times() -> None:
    given = np.array([[[1], [2]], [[3], [4]]], "float32")[None]
    assert run(Upsample(size=(2, 1)), given)[0, :, :, 0].tolist() == [[1, 2], [1, 2], [3, 4], [3, 4]]


@pytest.mark.parametrize("interpolation", ["nearest", "bilinear", "bicubic", "lanczos3", "lanczos5"])
def test_values_are_keras_own(interpolation: Any) -> None:
    values = image(4, 5, 2)
    expected = keras.layers.UpSampling2D((2, 3), interpolation=interpolation)(values)
    # TensorFlow looks the cubic's weights up in a table of 1024.
    tolerance = 3e-3 if interpolation == "bicubic" else 1e-4
    result = run(Upsample(size=(2, 3), interpolation=interpolation), values)
    np.testing.assert_allclose(result, expected, atol=tolerance)


def test_the_derivation_and_the_reach() -> None:
    op, inputs = Upsample(size=(2, 1)), (Shape((4, None, 3)),)
    assert op.derivation(inputs, op.infer_shapes(inputs)) == ("height: 4·2 = 8", "width: ?·1 = ?")
    assert op.reach(inputs) == (None, POINT)


@pytest.mark.parametrize(
    ("size", "dims", "field", "message"),
    [((2,), (4,), None, "the input must be"), ((2, 2, 2), (4, 4, 1), "size", "needs 1 or 2 numbers")],
)
def test_what_it_cannot_take(size: Any, dims: tuple[int, ...], field: str | None, message: str) -> None:
    with pytest.raises(ShapeError, match=message) as caught:
        Upsample(size=size).infer_shapes((Shape(dims),))
    assert caught.value.field == field
