"""Average pooling: the course's image by hand, and both divisors against loops that follow Caffe's layer."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archspec.ir.op import ShapeError
from archspec.ir.shape import Shape
from archspec.ops.average_pool import AveragePool
from tests.op_cases import KNOWN_POOLING, POOLING, Case, case, windows
from tests.ops.by_hand import pool
from tests.ops.pool_cases import PoolCase, pool_cases
from tests.ops.running import course, image, run, run_open, shape_of

CONFORMANCE: dict[str, tuple[Case, ...]] = {
    "average_pool": (
        *windows({"size": (3,)}, POOLING),
        *windows({"size": (3,), "count_padding": True}, KNOWN_POOLING),
        case((7, 7, 4), size=(2, 3), padding="same", stride=(2,), count_padding=True),
        case((7, 7, 4), size=(2, 3), round="up"),
    ),
}


def mean(window: Any, _: int) -> Any:
    return window.mean(axis=1)


def mean_of_the_padded(window: Any, area: int) -> Any:
    return window.sum(axis=1) / area


def ones(*shape: int) -> Any:
    return np.ones((1, *shape, 1), dtype="float32")


def test_the_courses_image() -> None:
    # By hand: (0 + 5 + 8 + 2) / 4 = 3.75, (4 + 3 + 0 + 0) / 4 = 1.75, (0 + 0 + 6 + 9) / 4 = 3.75, and so on.
    result = run(AveragePool(size=(2,)), course())
    assert result[0, :, :, 0].tolist() == [[3.75, 1.75, 3.75], [5.75, 3.5, 4.75], [2.75, 6.25, 4.75]]


def test_padding_does_not_count_unless_it_is_told_to() -> None:
    # A 3x3 image of ones within one row of zeros: a corner's window covers 4 ones, an edge's 6, the middle's 9.
    op = AveragePool(size=(3,), stride=(1,), padding=((1,),))
    assert run(op, ones(3, 3))[0, :, :, 0].tolist() == [[1, 1, 1]] * 3
    counted = run(op.model_copy(update={"count_padding": True}), ones(3, 3))[0, :, :, 0]
    np.testing.assert_allclose(counted, np.array([[4, 6, 4], [6, 9, 6], [4, 6, 4]]) / 9)


def test_what_rounding_up_adds_never_counts() -> None:
    # A length of 4, a window of 3, a step of 2: the second window covers two ones and nothing more.
    for counts in (False, True):
        assert run(AveragePool(size=(3,), stride=(2,), round="up", count_padding=counts), ones(4)).ravel().tolist() == [
            1,
            1,
        ]
    # With one zero on each side the windows cover 0 1 1, 1 1 1 and, cut at the padding's end, 1 0: Caffe divides by 2.
    op = AveragePool(size=(3,), stride=(2,), padding=((1, 1),), round="up", count_padding=True)
    np.testing.assert_allclose(run(op, ones(5)).ravel(), [2 / 3, 1, 2 / 3])
    np.testing.assert_allclose(run(op, ones(4)).ravel(), [2 / 3, 1, 1 / 2])


@settings(max_examples=60, deadline=None)
@given(case=pool_cases(), counts=st.booleans())
def test_values_follow_caffes_layer(case: PoolCase, counts: bool) -> None:
    op = AveragePool(**case.fields, count_padding=counts)
    values = image(*case.shape) + 3
    if not case.fits:
        with pytest.raises(ShapeError, match="must fit into its input"):
            op.infer_shapes((shape_of(values),))
        return
    result = run(op, values)
    reduce = mean_of_the_padded if counts else mean
    expected = pool(values.astype("float64"), case.size, case.stride, case.margins, reduce, up=case.up)
    assert op.infer_shapes((shape_of(values),))[0].dims == result.shape[1:] == expected.shape[1:]
    np.testing.assert_allclose(result, expected, rtol=1e-5)


@pytest.mark.parametrize(
    "op",
    [
        AveragePool(size=(3,), stride=(2,), padding="same"),
        AveragePool(size=(3,), stride=(2,), padding="half"),
        AveragePool(size=(3,), stride=(1,), padding="same", count_padding=True),
        AveragePool(size=(3,), stride=(2,), round="up"),
        AveragePool(size=(3,), stride=(2,), padding=((1,),), round="up", count_padding=True),
    ],
    ids=str,
)
@pytest.mark.parametrize("shape", [(6, 7, 2), (7, 3, 2)])
def test_open_sizes_give_the_known_sizes_value(op: AveragePool, shape: tuple[int, ...]) -> None:
    values = image(*shape)
    np.testing.assert_allclose(run_open(op, values), run(op, values), atol=1e-6)


def test_keras_own_layer_serves_where_it_is_exact() -> None:
    given = (Shape((8, 8, 3)),)
    own = "keras.layers.AveragePooling2D"
    assert AveragePool(size=(2,)).to_keras(given).layers[""].target == own
    assert AveragePool(size=(3,), stride=(2,), padding="same").to_keras(given).layers[""].target == own
    padded = AveragePool(size=(3,), stride=(2,), padding="half", count_padding=True).to_keras(given)
    assert [layer.target for layer in padded.layers.values()] == ["keras.layers.ZeroPadding2D", own]


@pytest.mark.parametrize(
    ("fields", "given", "field", "message"),
    [
        ({"size": (7,)}, (5, 5, 3), "size", "a window of 7x7 must fit"),
        ({"size": (2,), "padding": ((0, 2),)}, (5, 5, 3), "padding", "below the window's size"),
        ({"size": (2,), "stride": (3,), "round": "up"}, (None, 5, 3), "round", "input of known size"),
        ({"size": (3,), "padding": "same", "count_padding": True}, (None, 5, 3), "padding", "must be known"),
        ({"size": (2,)}, (5,), None, "the input must be"),
    ],
)
def test_what_it_cannot_take(
    fields: dict[str, Any], given: tuple[int | None, ...], field: str | None, message: str
) -> None:
    with pytest.raises(ShapeError, match=message) as caught:
        AveragePool(**fields).infer_shapes((Shape(given),))
    assert caught.value.field == field
