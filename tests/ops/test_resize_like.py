"""`resize_like`. Expected values are those of the definition of resizing, by hand."""

from typing import Any

import keras
import numpy as np
import pytest

from archspec.ir.op import ShapeError
from archspec.ir.reach import POINT
from archspec.ir.shape import Shape
from archspec.ir.size import named_size
from archspec.keras_backend.build import apply
from archspec.ops.resize_like import ResizeLike
from tests.op_cases import Case, case
from tests.ops.by_hand_resizing import resize
from tests.ops.running import image, run

CONFORMANCE: dict[str, tuple[Case, ...]] = {
    "resize_like": (
        case((4, 5, 4), (8, 11, 3)),
        *(case((4, 5, 4), (8, 11, 3), interpolation=word) for word in ("nearest", "bicubic", "lanczos3", "lanczos5")),
        case((9, 4), (4, 2), align="corners"),
        case((None, 4), (7, 4)),
        case((4, 5, 4), (None, 11, 4)),
        case((None, None, 4), (None, None, 4), interpolation="nearest"),
        case((2, 3, 4, 4), (3, None, 4, 1)),
    ),
}


@pytest.mark.parametrize("align", ["centres", "corners"])
@pytest.mark.parametrize("interpolation", ["nearest", "bilinear", "bicubic"])
@pytest.mark.parametrize(("given", "like"), [((5,), (12,)), ((4, 5), (9, 3)), ((2, 3, 4), (4, 3, 5))])
def test_values_are_those_of_the_definition(given: Any, like: Any, interpolation: Any, align: Any) -> None:
    values = image(*given, 2)
    result = run(ResizeLike(interpolation=interpolation, align=align), values, image(*like, 3))
    np.testing.assert_allclose(result, resize(values, like, interpolation, align), rtol=1e-4, atol=1e-5)


def test_open_sizes_are_those_of_each_batch() -> None:
    op, dims = ResizeLike(), ((None, None, 2), (None, None, 3))
    given = [keras.Input(one) for one in dims]
    (output,), _ = apply(op.to_keras(tuple(map(Shape, dims))), given, "op")
    model = keras.Model(given, output)
    for sizes in ((4, 5), (9, 2)):
        values = image(3, 3, 2)
        np.testing.assert_allclose(
            model.predict([values, image(*sizes, 3)], verbose=0), resize(values, sizes, "bilinear"), atol=1e-5
        )


def test_the_sizes_are_the_seconds_formulas() -> None:
    height = named_size("height")
    shapes = (Shape(((height + 1) // 2, 4, 8)), Shape((height, 7, 3)))
    assert ResizeLike().infer_shapes(shapes) == (Shape((height, 7, 8)),)
    assert ResizeLike().reach((Shape((height, 4, 8)), Shape((height, 7, 3)))) == (POINT, None)


@pytest.mark.parametrize(
    ("given", "like", "message"), [((4,), (4,), "the input must be"), ((4, 4, 1), (4, 1), "must have as many axes")]
)
def test_what_it_cannot_take(given: tuple[int, ...], like: tuple[int, ...], message: str) -> None:
    with pytest.raises(ShapeError, match=message):
        ResizeLike().infer_shapes((Shape(given), Shape(like)))
