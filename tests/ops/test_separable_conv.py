"""`separable_conv`. Expected values are those of its two parts by loops over the formula, counts by hand."""

from typing import Any

import keras
import numpy as np
import pytest

from archspec.ir.op import ShapeError, Weight
from archspec.ir.shape import Dim, Shape
from archspec.keras_backend.build import apply
from archspec.ops.separable_conv import SeparableConv
from tests.op_cases import CONVOLUTION, Case, case, windows
from tests.ops.by_hand import convolve, same_pairs, surround
from tests.ops.running import image, run, shape_of

CONFORMANCE: dict[str, tuple[Case, ...]] = {
    "separable_conv": (
        *(one for one in windows({"filters": 3, "kernel": (3,)}, CONVOLUTION) if one.inputs[0].rank < 4),
        case((8, 7, 4), filters=3, kernel=(3, 2), stride=(2, 1), padding="same", multiplier=2),
        case((8, 7, 4), filters=3, kernel=(3,), dilation=(1, 2), padding="half", fill="edge"),
        case((9, 4), filters=3, kernel=(3,), padding="same", fill="reflect", activation="scaled_tanh", bias=False),
    ),
}


def separable(values: Any, depthwise: Any, pointwise: Any, stride: tuple[int, ...], dilation: tuple[int, ...]) -> Any:
    """Both parts as plain convolutions: the first has a group for each channel."""
    channels, multiplier = depthwise.shape[-2:]
    kernel = depthwise.reshape((*depthwise.shape[:-2], 1, channels * multiplier))
    between = convolve(values, kernel, stride, dilation, groups=channels)
    return np.einsum("...k,kf->...f", between, pointwise.reshape(-1, pointwise.shape[-1]))


@pytest.mark.parametrize(
    ("dims", "kernel", "stride", "dilation", "multiplier"),
    [
        ((9, 3), (3,), (1,), (1,), 1),
        ((9, 3), (3,), (2,), (1,), 2),
        ((9, 3), (2,), (1,), (3,), 1),
        ((8, 9, 3), (3, 3), (1, 1), (1, 1), 1),
        ((8, 9, 3), (2, 3), (2, 2), (1, 1), 2),
        ((8, 9, 3), (3, 3), (2, 1), (1, 1), 2),
        ((8, 9, 3), (3, 3), (1, 1), (2, 1), 1),
    ],
)
def test_values_are_those_of_its_two_parts(
    dims: tuple[int, ...], kernel: tuple[int, ...], stride: tuple[int, ...], dilation: tuple[int, ...], multiplier: int
) -> None:
    values = image(*dims)
    op = SeparableConv(filters=4, kernel=kernel, stride=stride, dilation=dilation, multiplier=multiplier)
    rng = np.random.default_rng(1)
    weights = {w.name: rng.normal(size=w.shape).astype("float32") for w in op.weights((shape_of(values),))}
    expected = separable(values, weights["depthwise_kernel"], weights["pointwise_kernel"], stride, dilation)
    np.testing.assert_allclose(run(op, values, weights=weights), expected + weights["bias"], rtol=1e-4, atol=1e-4)
    assert op.infer_shapes((shape_of(values),)) == (Shape(expected.shape[1:]),)


@pytest.mark.parametrize("stride", [(2, 2), (3, 2)])
def test_same_padding_is_tensorflows(stride: tuple[int, int]) -> None:
    values = image(8, 9, 2)
    op = SeparableConv(filters=3, kernel=(3,), stride=stride, padding="same", bias=False)
    rng = np.random.default_rng(1)
    weights = {w.name: rng.normal(size=w.shape).astype("float32") for w in op.weights((shape_of(values),))}
    padded = surround(values, same_pairs((8, 9), (3, 3), stride))
    expected = separable(padded, weights["depthwise_kernel"], weights["pointwise_kernel"], stride, (1, 1))
    np.testing.assert_allclose(run(op, values, weights=weights), expected, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize(("dims", "window"), [((9, 4), (3,)), ((9, 8, 4), (3, 3))])
def test_weights_are_keras_own(dims: tuple[int, ...], window: tuple[int, ...]) -> None:
    op = SeparableConv(filters=5, kernel=(3,), multiplier=2)
    _, layers = apply(op.to_keras((Shape(dims),)), [np.zeros((1, *dims), "float32")], "node")
    built = tuple(Weight(weight.name, tuple(weight.shape), weight.trainable) for weight in layers[""].weights)
    assert op.weights((Shape(dims),)) == built
    assert built[0] == Weight("depthwise_kernel", (*window, 4, 2))


def test_cost_is_that_of_its_two_parts() -> None:
    """MobileNet's equation 5, D_K·D_K·M·D_F·D_F + M·N·D_F·D_F, for 3x3, 32 to 64 channels on 112x112."""
    inputs = (Shape((112, 112, 32)),)
    op = SeparableConv(filters=64, kernel=(3,), padding="same")
    cost = op.cost(inputs, op.infer_shapes(inputs))
    macs = 3 * 3 * 32 * 112 * 112 + 32 * 64 * 112 * 112
    assert (cost.macs, cost.connections) == (macs, macs + 64 * 112 * 112)


def test_what_the_second_part_sees_is_kept_for_its_gradient() -> None:
    inputs = (Shape((8, 7, 4)),)
    op = SeparableConv(filters=3, kernel=(3,), multiplier=2)
    assert op.footprint(inputs, op.infer_shapes(inputs)).between == 6 * 5 * 4 * 2


@pytest.mark.parametrize(
    ("dims", "expected"), [((None, 9, 3), (None, 5, 6)), ((None, 3), (None, 6)), ((None, None, 3), (None, None, 6))]
)
def test_open_sizes_agree_with_keras(dims: tuple[Dim, ...], expected: tuple[Dim, ...]) -> None:
    op = SeparableConv(filters=6, kernel=(3,), stride=(2,), padding="half")
    inputs = (Shape(dims),)
    (result,), _ = apply(op.to_keras(inputs), [keras.Input(dims)], "node")
    assert op.infer_shapes(inputs) == (Shape(expected),)
    assert result.shape == (None, *expected)


@pytest.mark.parametrize(
    ("fields", "dims", "field", "message"),
    [
        ({"kernel": (1,)}, (3,), None, r"must be \(length, channels\) or \(height, width, channels\)"),
        ({"kernel": (1,)}, (4, 4, 4, 3), None, r"must be \(length, channels\) or \(height, width, channels\)"),
        ({"kernel": (1,)}, (4, 4, None), None, "the number of input channels must be known"),
        ({"kernel": (5,)}, (4, 4, 3), "kernel", "a window of 5x5 must fit into its input, got 4x4"),
        ({"kernel": (3,), "stride": (2,), "dilation": (3,)}, (28, 28, 3), "dilation", "cannot both be above 1"),
        ({"kernel": (3, 3, 3)}, (28, 28, 3), "kernel", "needs 1 or 2 numbers"),
        ({"kernel": (3,), "padding": ((2,),), "fill": "reflect"}, (2, 2, 3), "padding", "mirrored values"),
    ],
)
def test_what_it_cannot_take(fields: dict[str, Any], dims: tuple[Dim, ...], field: str | None, message: str) -> None:
    with pytest.raises(ShapeError, match=message) as caught:
        SeparableConv(filters=2, **fields).infer_shapes((Shape(dims),))
    assert caught.value.field == field
