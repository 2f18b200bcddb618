"""`depthwise_conv`. Expected values are computed by loops over the formula, counts by hand or from a paper."""

from pathlib import Path

import keras
import numpy as np
import numpy.typing as npt
import pytest
import tensorflow as tf

from archspec.ir.op import ShapeError, Weight
from archspec.ir.shape import Dim, Shape
from archspec.keras_backend.build import apply, build
from archspec.keras_backend.load import load_model
from archspec.keras_backend.save import save_model
from archspec.ops.depthwise_conv import DepthwiseConv
from tests.compiled import lowered_from, net
from tests.op_cases import CONVOLUTION, Case, case, windows

CONFORMANCE: dict[str, tuple[Case, ...]] = {
    "depthwise_conv": (
        *(one for one in windows({"kernel": (3,), "multiplier": 2}, CONVOLUTION) if one.inputs[0].rank < 4),
        case((8, 7, 4), kernel=(3, 2), stride=(2, 1), padding="same"),
        case((8, 7, 4), kernel=(3,), dilation=(1, 2), padding="half", fill="edge"),
        case((9, 4), kernel=(3,), bias=False, padding="same", fill="reflect", activation="scaled_tanh"),
    ),
}

Array = npt.NDArray[np.float32]


def convolved(values: Array, kernel: Array, stride: tuple[int, int], dilation: tuple[int, int]) -> Array:
    """Every window by itself, of values padded beforehand: out[c·multiplier + m] = Σ kernel[…, c, m] · in[…, c]."""
    size = [(k - 1) * d + 1 for k, d in zip(kernel.shape, dilation, strict=False)]
    height, width = ((n - e) // s + 1 for n, e, s in zip(values.shape[1:3], size, stride, strict=True))
    result = np.empty((len(values), height, width, kernel.shape[2] * kernel.shape[3]), "float32")
    for y in range(height):
        for x in range(width):
            top, left = y * stride[0], x * stride[1]
            window = values[:, top : top + size[0] : dilation[0], left : left + size[1] : dilation[1]]
            result[:, y, x] = np.einsum("nijc,ijcm->ncm", window, kernel).reshape(len(values), -1)
    return result


@pytest.mark.parametrize(
    ("kernel", "stride", "dilation", "multiplier"),
    [
        ((3, 3), (1, 1), (1, 1), 1),
        ((3, 3), (2, 2), (1, 1), 2),
        ((2, 3), (1, 1), (1, 1), 3),
        ((3, 3), (2, 1), (1, 1), 1),
        ((1, 1), (1, 1), (1, 1), 1),
        ((3, 3), (1, 1), (2, 2), 1),
    ],
)
def test_agrees_with_the_formula(
    kernel: tuple[int, int], stride: tuple[int, int], dilation: tuple[int, int], multiplier: int
) -> None:
    values = np.random.default_rng(0).normal(size=(2, 8, 9, 3)).astype("float32")
    op = DepthwiseConv(kernel=kernel, stride=stride, dilation=dilation, multiplier=multiplier, bias=False)
    inputs = (Shape((8, 9, 3)),)
    (result,), layers = apply(op.to_keras(inputs), [values], "node")
    expected = convolved(values, layers[""].kernel.numpy(), stride, dilation)
    np.testing.assert_allclose(result, expected, rtol=1e-4, atol=1e-5)
    assert op.infer_shapes(inputs) == (Shape(expected.shape[1:]),)


@pytest.mark.parametrize("fill", ["zeros", "edge", "reflect"])
def test_half_padding_is_the_fill_on_both_sides(fill: str) -> None:
    values = np.random.default_rng(0).normal(size=(1, 6, 6, 2)).astype("float32")
    op = DepthwiseConv.model_validate({"kernel": (3,), "stride": (2,), "padding": "half", "fill": fill, "bias": False})
    (result,), layers = apply(op.to_keras((Shape((6, 6, 2)),)), [values], "node")
    widths = ((0, 0), (1, 1), (1, 1), (0, 0))
    padded = np.pad(values, widths) if fill == "zeros" else np.pad(values, widths, mode=fill)  # type: ignore[call-overload]  # numpy wants a literal
    expected = convolved(padded, layers[""].kernel.numpy(), (2, 2), (1, 1))
    np.testing.assert_allclose(result, expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize(("dims", "window"), [((9, 4), (3,)), ((9, 8, 4), (3, 3))])
def test_weights_are_keras_own(dims: tuple[int, ...], window: tuple[int, ...], bias: bool) -> None:
    op = DepthwiseConv(kernel=(3,), multiplier=2, bias=bias)
    inputs = (Shape(dims),)
    _, layers = apply(op.to_keras(inputs), [np.zeros((1, *dims), "float32")], "node")
    built = tuple(Weight(weight.name, tuple(weight.shape), weight.trainable) for weight in layers[""].weights)
    assert op.weights(inputs) == built
    assert built[0] == Weight("kernel", (*window, 4, 2))


def test_cost_is_mobilenets() -> None:
    """Howard et al., 2017, section 3.1: D_K · D_K · M · D_F · D_F; their table 1, second row: 3x3x32 on 112x112."""
    inputs = (Shape((112, 112, 32)),)
    op = DepthwiseConv(kernel=(3,), padding="half", bias=False)
    cost = op.cost(inputs, op.infer_shapes(inputs))
    assert (cost.macs, cost.connections) == (3 * 3 * 32 * 112 * 112,) * 2


def test_a_bias_adds_a_connection_for_each_unit() -> None:
    inputs = (Shape((5, 5, 2)),)
    op = DepthwiseConv(kernel=(3,), multiplier=2)
    cost = op.cost(inputs, op.infer_shapes(inputs))
    assert (cost.macs, cost.connections) == (3 * 3 * 4 * 9, 3 * 3 * 4 * 10)


@pytest.mark.parametrize(
    ("dims", "expected"), [((None, 9, 3), (None, 5, 6)), ((None, 3), (None, 6)), ((None, None, 3), (None, None, 6))]
)
def test_open_sizes_agree_with_keras(dims: tuple[Dim, ...], expected: tuple[Dim, ...]) -> None:
    op = DepthwiseConv(kernel=(3,), stride=(2,), padding="half", multiplier=2)
    inputs = (Shape(dims),)
    (result,), _ = apply(op.to_keras(inputs), [keras.Input(dims)], "node")
    outputs = op.infer_shapes(inputs)
    assert outputs == (Shape(expected),)
    assert result.shape == (None, *expected)
    assert op.cost(inputs, outputs).macs is None


@pytest.mark.parametrize("dims", [(3,), (4, 4, 4, 3)])
def test_other_ranks_are_refused(dims: tuple[int, ...]) -> None:
    with pytest.raises(ShapeError, match=r"must be \(length, channels\) or \(height, width, channels\)"):
        DepthwiseConv(kernel=(1,)).infer_shapes((Shape(dims),))


def test_a_window_larger_than_the_input_is_refused() -> None:
    with pytest.raises(ShapeError, match="a window of 5x5 must fit into its input, got 4x4") as error:
        DepthwiseConv(kernel=(5,)).infer_shapes((Shape((4, 4, 3)),))
    assert error.value.field == "kernel"


def test_stride_and_dilation_together_are_refused() -> None:
    with pytest.raises(ShapeError, match="cannot both be above 1, got 2 and 3"):
        DepthwiseConv(kernel=(3,), stride=(2,), dilation=(3,)).infer_shapes((Shape((28, 28, 3)),))


def test_open_channels_are_refused() -> None:
    with pytest.raises(ShapeError, match="the number of input channels must be known"):
        DepthwiseConv(kernel=(3,)).infer_shapes((Shape((28, 28, None)),))


def test_values_mirrored_past_the_input_are_refused() -> None:
    with pytest.raises(ShapeError, match="mirrored values reach less far than the input's size"):
        DepthwiseConv(kernel=(3,), padding=((2,),), fill="reflect").infer_shapes((Shape((2, 2, 3)),))


def test_strides_that_differ_train_and_save(tmp_path: Path) -> None:
    # TensorFlow's own depthwise kernel refuses them on GPUs, and on CPUs without oneDNN.
    text = net(
        "- {depthwise_conv: {kernel: 3, stride: [2, 1], padding: half, multiplier: 2, activation: relu}, name: d}"
    )
    lowered = lowered_from(text)
    model = build(lowered).model
    values = np.random.default_rng(0).normal(size=(2, 8, 8, 4)).astype("float32")
    with tf.GradientTape() as tape:
        total = tf.reduce_sum(tf.square(model(values, training=True)))
    gradients = tape.gradient(total, model.trainable_variables)
    assert all(np.any(np.asarray(gradient) != 0) for gradient in gradients) and len(gradients) == 2
    save_model(model, tmp_path / "net.keras")
    np.testing.assert_array_equal(load_model(tmp_path / "net.keras")(values), model(values))
