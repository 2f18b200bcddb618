"""Convolution with a table: LeNet-5's Table I, and values against a dense convolution with zeros in its kernel."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from archspec.ir.op import Cost, ShapeError, Weight
from archspec.ir.shape import Shape
from archspec.keras_backend.build import make_layer
from archspec.ops.partial_conv import PartialConv
from tests.op_cases import CONVOLUTION, Case, case, windows
from tests.ops.by_hand import convolve, same_pairs, surround
from tests.ops.running import image, run, shape_of

ROWS = ((0, 2), (1,), (2, 0, 1), (3,))
CONFORMANCE: dict[str, tuple[Case, ...]] = {
    "partial_conv": (
        *windows({"connections": ROWS, "kernel": (3,)}, CONVOLUTION),
        case((8, 7, 4), connections=ROWS, kernel=(2, 3), bias=False, fill="edge", padding="same", activation="tanh"),
    ),
}

# Table I of the paper: for each of the 16 maps of C3 the maps of S2 that it sees.
TABLE = (
    (0, 1, 2), (1, 2, 3), (2, 3, 4), (3, 4, 5), (0, 4, 5), (0, 1, 5),
    (0, 1, 2, 3), (1, 2, 3, 4), (2, 3, 4, 5), (0, 3, 4, 5), (0, 1, 4, 5), (0, 1, 2, 5),
    (0, 1, 3, 4), (1, 2, 4, 5), (0, 2, 3, 5), (0, 1, 2, 3, 4, 5),
)  # fmt: skip
SMALL = ((0, 2), (1,), (2, 0, 1), (1, 2))


def dense_kernel(kernel: Any, channels: int, connections: tuple[tuple[int, ...], ...]) -> Any:
    """The kernel of the convolution over all maps: each pair's window at its place, zeros elsewhere."""
    dense = np.zeros((*kernel.shape[:-1], channels, len(connections)))
    pair = 0
    for filter_, row in enumerate(connections):
        for channel in row:
            dense[..., channel, filter_] = kernel[..., pair]
            pair += 1
    return dense


def test_counts_are_lenets() -> None:
    # Section II.B: C3 has 1,516 trainable parameters and 151,600 connections; of these 16 at each position are biases.
    op = PartialConv(connections=TABLE, kernel=(5,))
    given = (Shape((14, 14, 6)),)
    outputs = op.infer_shapes(given)
    assert outputs == (Shape((10, 10, 16)),)
    assert op.weights(given) == (Weight("kernel", (5, 5, 60)), Weight("bias", (16,)))
    assert sum(weight.size for weight in op.weights(given)) == 1516
    assert op.cost(given, outputs) == Cost(macs=150_000, connections=151_600)


def test_without_a_bias_the_connections_are_the_products() -> None:
    op = PartialConv(connections=TABLE, kernel=(5,), bias=False)
    given = (Shape((14, 14, 6)),)
    assert op.weights(given) == (Weight("kernel", (5, 5, 60)),)
    assert op.cost(given, op.infer_shapes(given)) == Cost(150_000, 150_000)


@pytest.mark.parametrize(
    ("spatial", "stride", "padding", "fill"),
    [
        ((7,), 1, "valid", "zeros"),
        ((6, 5), 1, "valid", "zeros"),
        ((6, 5), 2, "same", "zeros"),
        ((6, 5), 2, "same", "edge"),
        ((4, 5, 3), 1, "same", "reflect"),
    ],
)
def test_values_are_a_dense_convolutions(spatial: tuple[int, ...], stride: int, padding: Any, fill: Any) -> None:
    op = PartialConv(connections=SMALL, kernel=(3,), stride=(stride,), padding=padding, fill=fill, activation="relu")
    values, rank = image(*spatial, 3), len(spatial)
    rng = np.random.default_rng(1)
    kernel, bias = rng.normal(size=(3,) * rank + (8,)), rng.normal(size=4)
    margins = same_pairs(spatial, (3,) * rank, (stride,) * rank) if padding == "same" else ((0, 0),) * rank
    padded = surround(values.astype("float64"), margins, fill)
    linear = convolve(padded, dense_kernel(kernel, 3, SMALL), (stride,) * rank, (1,) * rank) + bias
    result = run(op, values, weights={"kernel": kernel, "bias": bias})
    np.testing.assert_allclose(result, np.maximum(linear, 0), atol=1e-4)
    assert op.infer_shapes((shape_of(values),))[0].dims == result.shape[1:]


def test_gradients_reach_each_pair_and_no_other_map() -> None:
    # Map 1 sees input map 1 alone, so the gradient of its sum is nonzero for pair (1, map 1) and for that input only.
    op = PartialConv(connections=SMALL, kernel=(2,), padding="same")
    values = tf.constant(image(4, 4, 3))
    layer = make_layer(op.to_keras((Shape((4, 4, 3)),)).layers[""], "op")
    with tf.GradientTape() as tape:
        tape.watch(values)
        total = tf.reduce_sum(layer(values)[..., 1])
    by_kernel, by_input = tape.gradient(total, [layer.kernel.value, values])
    touched = np.abs(tf.convert_to_tensor(by_kernel).numpy()).sum(axis=(0, 1)) > 0
    assert touched.tolist() == [False, False, True, False, False, False, False, False]
    assert (np.abs(by_input.numpy()).sum(axis=(0, 1, 2)) > 0).tolist() == [False, True, False]


def test_initial_kernels_are_within_glorots_bound() -> None:
    # Fans by hand for the table at 5x5: 60 / 16 · 25 in, 60 / 6 · 25 out.
    layer = make_layer(PartialConv(connections=TABLE, kernel=(5,)).to_keras((Shape((14, 14, 6)),)).layers[""], "op")
    layer.build((None, 14, 14, 6))
    bound = (6 / (60 / 16 * 25 + 60 / 6 * 25)) ** 0.5
    largest = np.abs(layer.kernel.numpy()).max()
    assert 0.9 * bound < largest <= bound


@pytest.mark.parametrize(
    ("fields", "given", "field", "message"),
    [
        ({"connections": ((0, 1), ())}, (9, 9, 3), "connections", "row 2 is empty"),
        ({"connections": ((0, 1, 0),)}, (9, 9, 3), "connections", "names an input map once, row 1 is"),
        ({"connections": ((0,), (1, 3))}, (9, 9, 3), "connections", "maps from 0 to 2, got 3 in row 2"),
        ({"connections": ((0,),)}, (9, 9, None), None, "channels must be known"),
        ({"connections": ((0,),)}, (2, 9, 3), "kernel", "a window of 3x3 must fit"),
        ({"connections": ((0,),), "padding": "half", "fill": "reflect"}, (1, 9, 3), "padding", "mirrored values"),
    ],
)
def test_what_it_cannot_take(
    fields: dict[str, Any], given: tuple[int | None, ...], field: str | None, message: str
) -> None:
    with pytest.raises(ShapeError, match=message) as caught:
        PartialConv(kernel=(3,), **fields).infer_shapes((Shape(given),))
    assert caught.value.field == field
