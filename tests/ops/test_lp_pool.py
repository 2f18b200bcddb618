"""Lp pooling: the course's image by hand, values against loops, and gradients where the root has none."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from archspec.ir.op import ShapeError
from archspec.ir.shape import Shape
from archspec.ops.lp_pool import LpPool, lp_pool_layer
from tests.op_cases import KNOWN_POOLING, Case, case, windows
from tests.ops.by_hand import pool
from tests.ops.pool_cases import PoolCase, pool_cases
from tests.ops.running import course, image, run, run_open, shape_of

CONFORMANCE: dict[str, tuple[Case, ...]] = {
    "lp_pool": (*windows({"size": (3,)}, KNOWN_POOLING), case((8, 7, 4), size=(2,), p=3.0, padding="same")),
}


def test_l2_of_the_courses_image() -> None:
    # The sums of squares by hand: 0 + 25 + 64 + 4 = 93, 16 + 9 + 0 + 0 = 25, 0 + 0 + 36 + 81 = 117, and so on.
    squares = [[93, 25, 117], [181, 100, 133], [65, 169, 153]]
    np.testing.assert_allclose(run(LpPool(size=(2,)), course())[0, :, :, 0], np.sqrt(squares), rtol=1e-6)


def test_l1_is_the_sum_of_sizes() -> None:
    # By hand: |0| + |-5| + |8| + |2| = 15 and |4| + |-3| = 7.
    values = np.array([[0, -5, 4, -3], [8, 2, 0, 0]], dtype="float32")[None, :, :, None]
    np.testing.assert_allclose(run(LpPool(size=(2,), p=1), values).ravel(), [15, 7])


@settings(max_examples=40, deadline=None)
@given(case=pool_cases(), p=st.sampled_from([1, 1.5, 2, 3]))
def test_values_follow_the_definition(case: PoolCase, p: float) -> None:
    op = LpPool(**case.fields, p=p)
    values = image(*case.shape)
    if not case.fits:
        with pytest.raises(ShapeError, match="must fit into its input"):
            op.infer_shapes((shape_of(values),))
        return
    result = run(op, values)
    expected = pool(
        values.astype("float64"),
        case.size,
        case.stride,
        case.margins,
        lambda window, _: (abs(window) ** p).sum(axis=1) ** (1 / p),
        up=case.up,
    )
    assert op.infer_shapes((shape_of(values),))[0].dims == result.shape[1:] == expected.shape[1:]
    np.testing.assert_allclose(result, expected, rtol=1e-4)


def test_open_sizes_give_the_known_sizes_value() -> None:
    values = image(6, 7, 2)
    for op in (LpPool(size=(3,), stride=(2,), padding="half"), LpPool(size=(3,), stride=(2,), round="up")):
        np.testing.assert_allclose(run_open(op, values), run(op, values), rtol=1e-6)


@pytest.mark.parametrize("p", [1.0, 1.5, 2.0, 3.0, 8.0])
@pytest.mark.parametrize("scale", [0.0, 1e-30, 1e-12, 1.0])
def test_gradients_are_finite(p: float, scale: float) -> None:
    values = tf.constant(image(4, 4, 1) * scale)
    layer = lp_pool_layer()((2, 2), (2, 2), p)
    with tf.GradientTape() as tape:
        tape.watch(values)
        total = tf.reduce_sum(layer(values))
    assert np.isfinite(tape.gradient(total, values).numpy()).all()


def test_the_gradient_is_the_derivative() -> None:
    # d‖x‖₂/dx = x / ‖x‖₂, by hand for (3, 4): 0.6 and 0.8; the window of zeros gives 0.
    values = tf.constant([[[3.0], [4.0], [0.0], [0.0]]])
    with tf.GradientTape() as tape:
        tape.watch(values)
        norms = lp_pool_layer()((2,), (2,), 2.0)(values)
    np.testing.assert_allclose(norms.numpy().ravel(), [5, 0])
    np.testing.assert_allclose(tape.gradient(norms, values).numpy().ravel(), [0.6, 0.8, 0, 0], rtol=1e-6)


def test_half_precision_does_not_overflow_in_the_squares() -> None:
    # 300² is above the largest number of 16 bits, 65504; the norm, 300·2 = 600, is not.
    layer = lp_pool_layer()((2, 2), (2, 2), 2.0, dtype="mixed_float16")
    norms = layer(np.full((1, 2, 2, 1), 300, dtype="float32"))
    assert norms.dtype == tf.float16
    assert norms.numpy().ravel().tolist() == [600]


@pytest.mark.parametrize(
    ("fields", "given", "field", "message"),
    [
        ({"size": (7,)}, (5, 5, 3), "size", "a window of 7x7 must fit"),
        ({"size": (2,), "padding": ((2,),)}, (5, 5, 3), "padding", "below the window's size"),
        ({"size": (3,), "padding": "same"}, (None, 5, 3), "padding", "must be known"),
    ],
)
def test_what_it_cannot_take(fields: dict[str, Any], given: tuple[int | None, ...], field: str, message: str) -> None:
    with pytest.raises(ShapeError, match=message) as caught:
        LpPool(**fields).infer_shapes((Shape(given),))
    assert caught.value.field == field


@pytest.mark.parametrize("p", [0.5, 0, -1, float("inf"), float("nan")])
def test_an_exponent_is_a_finite_number_of_at_least_one(p: float) -> None:
    with pytest.raises(ValidationError, match="p\n"):
        LpPool(size=(2,), p=p)
