"""`crop_like`. Expected values are slices of the array."""

from typing import Any

import keras
import numpy as np
import pytest

from archspec.ir.op import ShapeError
from archspec.ir.reach import Window
from archspec.ir.shape import Shape
from archspec.ir.size import named_size
from archspec.keras_backend.build import apply
from archspec.ops.crop_like import CropLike
from tests.op_cases import Case, case
from tests.ops.running import image, run

CONFORMANCE: dict[str, tuple[Case, ...]] = {
    "crop_like": (
        case((8, 7, 4), (5, 3, 2)),
        case((8, 7, 4), (5, 3, 2), offset=(2, 1)),
        case((9, 4), (9, 2)),
        case((None, 4), (7, 4)),
        case((8, 7, 4), (None, 3, 2), offset=(1,)),
        case((None, None, 4), (None, None, 4)),
        case((5, 6, 7, 4), (1, 2, 3, 4)),
    ),
}


@pytest.mark.parametrize(
    ("given", "like", "offset", "kept"),
    [
        ((9,), (4,), "centre", (slice(2, 6),)),
        ((64, 64), (56, 56), "centre", (slice(4, 60), slice(4, 60))),
        ((8, 7), (5, 7), "centre", (slice(1, 6), slice(0, 7))),
        ((8, 7), (5, 2), (2,), (slice(2, 7), slice(2, 4))),
        ((8, 7), (5, 2), (0, 5), (slice(0, 5), slice(5, 7))),
        ((4, 5, 6), (1, 5, 3), (3, 0, 1), (slice(3, 4), slice(0, 5), slice(1, 4))),
    ],
)
def test_values_are_a_slice(given: Any, like: Any, offset: Any, kept: Any) -> None:
    values = image(*given, 2)
    result = run(CropLike(offset=offset), values, image(*like, 3))
    np.testing.assert_array_equal(result, values[(slice(None), *kept)])
    inputs = Shape((*given, 2)), Shape((*like, 3))
    assert CropLike(offset=offset).infer_shapes(inputs) == (Shape((*like, 2)),)
    assert CropLike(offset=offset).reach(inputs) == tuple(Window(1, 1, -one.start) for one in kept)


def test_open_sizes_are_those_of_each_batch() -> None:
    dims = ((None, None, 2), (None, None, 3))
    given = [keras.Input(one) for one in dims]
    (output,), _ = apply(CropLike().to_keras(tuple(map(Shape, dims))), given, "op")
    model = keras.Model(given, output)
    for height, width in ((4, 5), (9, 2)):
        values = image(9, 9, 2)
        top, left = (9 - height) // 2, (9 - width) // 2
        np.testing.assert_array_equal(
            model.predict([values, image(height, width, 3)], verbose=0),
            values[:, top : top + height, left : left + width],
        )


def test_formulas_a_constant_apart_have_known_margins() -> None:
    height = named_size("height")
    shapes = (Shape((height, 7, 8)), Shape((height - 4, 7, 3)))
    assert CropLike().infer_shapes(shapes) == (Shape((height - 4, 7, 8)),)
    assert CropLike().reach(shapes) == (Window(1, 1, -2), Window(1, 1, 0))
    assert CropLike().derivation(shapes, shapes) == (
        "height: height - 4 of height, from 2 on",
        "width: 7 of 7, from 0 on",
    )
    with pytest.raises(ShapeError, match="must be as large as the second"):
        CropLike().infer_shapes(shapes[::-1])


@pytest.mark.parametrize(
    ("offset", "given", "like", "field", "message"),
    [
        ("centre", (4,), (4,), None, "the input must be"),
        ("centre", (4, 4, 1), (4, 1), None, "must have as many axes"),
        ("centre", (4, 4, 1), (4, 5, 1), None, "got 4x4 for 4x5"),
        ((2,), (4, 4, 1), (3, 2, 1), "offset", "got 4x4, after 2x2 for 3x2"),
        ((2, 1, 1), (4, 4, 1), (2, 2, 1), "offset", "needs 1 or 2 numbers"),
    ],
)
def test_what_it_cannot_take(offset: Any, given: Any, like: Any, field: str | None, message: str) -> None:
    with pytest.raises(ShapeError, match=message) as caught:
        CropLike(offset=offset).infer_shapes((Shape(given), Shape(like)))
    assert caught.value.field == field
