"""`resize`. Expected values are those of the definition by hand, and Keras' and TensorFlow's own where they have it."""

from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from archspec.ir.op import ShapeError
from archspec.ir.reach import POINT
from archspec.ir.shape import Shape
from archspec.keras_backend.build import apply
from archspec.ops.resize import Resize
from tests.op_cases import IMAGES, Case, case
from tests.ops.by_hand_resizing import resize
from tests.ops.running import image, run, run_open, shape_of

WORDS = ("nearest", "bilinear", "bicubic", "lanczos3", "lanczos5")
CONFORMANCE: dict[str, tuple[Case, ...]] = {
    "resize": (
        *(case(shape, size=(5,), interpolation=word) for word in WORDS for shape in IMAGES),
        case((8, 7, 4), size=(16, 21), interpolation="bicubic"),
        case((8, 7, 4), size=(3, 1), align="corners"),
        case((8, 7, 4), size=(8, 7), interpolation="lanczos3", align="corners"),
    ),
}

SIZES = [((5,), (5,)), ((5,), (12,)), ((7,), (3,)), ((1,), (4,)), ((4, 5), (8, 15)), ((4, 5), (3, 7)), ((6, 6), (1, 9))]


@pytest.mark.parametrize("align", ["centres", "corners"])
@pytest.mark.parametrize("interpolation", WORDS)
@pytest.mark.parametrize(("given", "wanted"), [*SIZES, ((2, 3, 4), (4, 3, 5))])
def test_values_are_those_of_the_definition(given: Any, wanted: Any, interpolation: Any, align: Any) -> None:
    values = image(*given, 2)
    op = Resize(size=wanted, interpolation=interpolation, align=align)
    expected = resize(values, wanted, interpolation, align)
    np.testing.assert_allclose(run(op, values), expected, rtol=1e-4, atol=1e-5)
    assert op.infer_shapes((shape_of(values),)) == (shape_of(expected),)


@pytest.mark.parametrize("interpolation", WORDS)
@pytest.mark.parametrize(("given", "wanted"), SIZES[4:])
def test_values_are_keras_own(given: Any, wanted: Any, interpolation: Any) -> None:
    values = image(*given, 2)
    expected = keras.ops.image.resize(values, wanted, interpolation, data_format="channels_last")
    # TensorFlow looks the cubic's weights up in a table of 1024.
    tolerance = 3e-3 if interpolation == "bicubic" else 1e-4
    result = run(Resize(size=wanted, interpolation=interpolation), values)
    np.testing.assert_allclose(result, expected, atol=tolerance)


@pytest.mark.parametrize("interpolation", ["nearest", "bicubic"])
def test_open_sizes_give_the_same(interpolation: Any) -> None:
    values = image(4, 5, 2)
    result = run_open(Resize(size=(3, 8), interpolation=interpolation), values)
    np.testing.assert_allclose(result, resize(values, (3, 8), interpolation), rtol=1e-4, atol=1e-5)


def test_corners_are_tensorflows_align_corners() -> None:
    values = image(4, 5, 2)
    for size in ((7, 9), (3, 2), (8, 20)):
        for word in ("bilinear", "nearest"):
            old = tf.compat.v1.image.resize(values, size, word, align_corners=True)
            op = Resize(size=size, interpolation=word, align="corners")
            np.testing.assert_allclose(run(op, values), old, atol=1e-5)


@pytest.mark.parametrize("interpolation", WORDS)
def test_it_trains_compiled(interpolation: Any) -> None:
    # TensorFlow's own bicubic and Lanczos resizing have no compiled form.
    op, values = Resize(size=(7, 3), interpolation=interpolation), tf.constant(image(4, 5, 2))
    given = keras.Input((4, 5, 2))
    (output,), _ = apply(op.to_keras((Shape((4, 5, 2)),)), [given], "op")
    model = keras.Model(given, output)

    def gradient(inputs: Any) -> Any:
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            total = tf.reduce_sum(model(inputs))
        return tape.gradient(total, inputs)

    compiled = tf.function(gradient, jit_compile=True)
    # Every output value is a mean: a step of all inputs moves it as far.
    np.testing.assert_allclose(tf.reduce_sum(compiled(values)), 2 * 7 * 3 * 2, rtol=1e-4)


def test_a_position_sees_itself_where_the_size_stays() -> None:
    assert Resize(size=(5, 8)).reach((Shape((5, 4, 1)),)) == (POINT, None)
    assert Resize(size=(5,)).reach((Shape((None, 5, 1)),)) == (None, POINT)


@pytest.mark.parametrize(
    ("fields", "dims", "field", "message"),
    [
        ({"size": (4,)}, (4,), None, "the input must be"),
        ({"size": (4, 4, 4)}, (4, 4, 1), "size", "needs 1 or 2 numbers"),
    ],
)
def test_what_it_cannot_take(fields: dict[str, Any], dims: tuple[int, ...], field: str | None, message: str) -> None:
    with pytest.raises(ShapeError, match=message) as caught:
        Resize(**fields).infer_shapes((Shape(dims),))
    assert caught.value.field == field
