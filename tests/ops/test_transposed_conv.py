"""`transposed_conv`. Expected values paint every window by hand or are Keras' own; sizes are the guide's formulas."""

import itertools
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from archspec.ir.op import ShapeError, Weight
from archspec.ir.reach import Window
from archspec.ir.shape import Dim, Shape
from archspec.keras_backend.build import apply
from archspec.ops.transposed_conv import TransposedConv
from tests.op_cases import Case, case, windows
from tests.ops.running import image, run, shape_of

HALF = {"kernel": (3,), "stride": (2,), "padding": "half"}
GROUPED = {"filters": 6, "kernel": (3,), "stride": (2,), "groups": 2}
CONFORMANCE: dict[str, tuple[Case, ...]] = {
    "transposed_conv": (
        *windows(
            {"filters": 3, "kernel": (3,)}, {"padding": ("valid", "half", "same", ((0, 1),)), "stride": ((1,), (2,))}
        ),
        case((4, 5, 4), filters=3, kernel=(4,), stride=(2,), padding=((1,),)),
        case((4, 5, 4), filters=3, kernel=(2, 3), stride=(3, 2), padding="same", bias=False),
        case((4, 5, 4), filters=3, kernel=(3,), stride=(2,), padding="half", output_padding=(1,), activation="relu"),
        case((None, None, 4), filters=3, kernel=(3,), stride=(2,), padding="half", output_padding=(1, 0)),
        case((4, 5, 4), filters=3, kernel=(3,), dilation=(2, 1), padding="half", activation="scaled_tanh"),
        case((4, 5, 4), **GROUPED, padding="half", output_padding=(1,), activation="relu"),
        case((None, 4), **GROUPED, padding="same"),
        case((None, 3, None, 4), **GROUPED, dilation=(3,), bias=False),
    ),
}


def painted(
    values: Any,
    kernel: Any,
    stride: tuple[int, ...],
    dilation: tuple[int, ...],
    cut: tuple[tuple[int, int], ...],
    added: tuple[int, ...],
    groups: int = 1,
) -> Any:
    """Every value's window added to the full result, of which margins are then cut off."""
    size, spatial = kernel.shape[:-2], values.shape[1:-1]
    axes = zip(spatial, stride, size, dilation, added, strict=True)
    full = [(n - 1) * s + (k - 1) * d + 1 + more for n, s, k, d, more in axes]
    width, per_group = kernel.shape[-2], values.shape[-1] // groups
    out = np.zeros((len(values), *full, width * groups))
    for place, offset in itertools.product(np.ndindex(*spatial), np.ndindex(*size)):
        at = tuple(p * s + o * d for p, s, o, d in zip(place, stride, offset, dilation, strict=True))
        for group in range(groups):
            seen = slice(group * per_group, (group + 1) * per_group)
            amount = values[(slice(None), *place, seen)] @ kernel[offset][:, seen].T
            out[(slice(None), *at, slice(group * width, (group + 1) * width))] += amount
    kept = tuple(slice(before, extent - after) for (before, after), extent in zip(cut, full, strict=True))
    return out[(slice(None), *kept)]


@pytest.mark.parametrize("groups", [1, 2])
@pytest.mark.parametrize(
    ("dims", "fields", "cut", "added"),
    [
        ((5, 4), {"kernel": (3,)}, ((0, 0),), (0,)),
        ((5, 4), {"kernel": (4,), "stride": (2,), "padding": ((1,),)}, ((1, 1),), (0,)),
        ((5, 4), {"kernel": (2,), "stride": (3,)}, ((0, 0),), (0,)),
        ((5, 4), {"kernel": (3,), "stride": (3,), "padding": ((0, 2),), "output_padding": (2,)}, ((0, 2),), (2,)),
        ((5, 4), {"kernel": (2,), "stride": (4,), "output_padding": (3,)}, ((0, 0),), (3,)),
        ((3, 4, 4), HALF, ((1, 1), (1, 1)), (0, 0)),
        ((3, 4, 4), {**HALF, "output_padding": (1, 0)}, ((1, 1),) * 2, (1, 0)),
        ((3, 4, 4), {"kernel": (3, 5), "stride": (2, 1), "padding": "same"}, ((0, 1), (2, 2)), (0, 0)),
        ((3, 4, 4), {"kernel": (3, 1), "stride": (2, 3), "padding": "same"}, ((0, 1), (0, 0)), (0, 2)),
        ((3, 4, 4), {"kernel": (3,), "dilation": (2,), "padding": "half"}, ((2, 2), (2, 2)), (0, 0)),
        ((3, 4, 4), {"kernel": (3,), "dilation": (2, 1), "stride": (1, 2)}, ((0, 0), (0, 0)), (0, 0)),
        ((3, 4, 4), {"kernel": (2,), "dilation": (3,), "stride": (2,), "padding": ((1,),)}, ((1, 1),) * 2, (0, 0)),
        ((3, 4, 4), {"kernel": (2,), "padding": ((1, 0),), "stride": (4,)}, ((1, 0),) * 2, (0, 0)),
        ((2, 3, 2, 4), {**HALF, "padding": ((1,), (0,), (0, 1))}, ((1, 1), (0, 0), (0, 1)), (0,) * 3),
    ],
)  # fmt: skip
def test_values_are_the_painted_windows(
    dims: tuple[int, ...], fields: dict[str, Any], cut: Any, added: Any, groups: int
) -> None:
    values = image(*dims)
    op = TransposedConv(filters=6, groups=groups, **fields)
    rng = np.random.default_rng(1)
    weights = {w.name: rng.normal(size=w.shape).astype("float32") for w in op.weights((shape_of(values),))}
    rank = len(dims) - 1
    stride, dilation = (one * rank if len(one) == 1 else one for one in (op.stride, op.dilation))
    expected = painted(values, weights["kernel"], stride, dilation, cut, added, groups) + weights["bias"]
    np.testing.assert_allclose(run(op, values, weights=weights), expected, rtol=1e-4, atol=1e-4)
    assert op.infer_shapes((shape_of(values),)) == (Shape(expected.shape[1:]),)


@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize(("kernel", "stride"), [(3, 1), (3, 2), (4, 2), (5, 2), (5, 3), (2, 2)])
@pytest.mark.parametrize("rank", [1, 2, 3])
def test_values_are_keras_own(rank: int, kernel: int, stride: int, padding: Any) -> None:
    values = image(*(4, 3, 2)[:rank], 2)
    layer = getattr(keras.layers, f"Conv{rank}DTranspose")(3, kernel, stride, padding)
    expected = layer(values)
    op = TransposedConv(filters=3, kernel=(kernel,), stride=(stride,), padding=padding)
    weights = {"kernel": layer.kernel, "bias": layer.bias}
    np.testing.assert_allclose(run(op, values, weights=weights), expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("kernel", [3, 4])
def test_what_is_cut_off_may_be_what_keras_cuts_off_itself(kernel: int) -> None:
    # The generator of DCGAN, as it is written in PyTorch: kernel 4, stride 2, padding 1.
    op = TransposedConv(filters=3, kernel=(kernel,), stride=(2,), padding=((1,),) if kernel == 4 else ((0, 1),))
    lowering = op.to_keras((Shape((4, 4, 2)),))
    assert list(lowering.layers) == [""]
    assert lowering.layers[""].kwargs["padding"] == "same"


@pytest.mark.parametrize(
    ("fields", "size"),
    [
        # The guide's relationships 8 to 14, i' = 5: k 3; k 4, p 2; k 3 half; k 3, p 2 full; k 3, s 2; k 3, s 2, p 1.
        ({"kernel": (3,)}, 7),
        ({"kernel": (4,), "padding": ((2,),)}, 4),
        ({"kernel": (3,), "padding": "half"}, 5),
        ({"kernel": (3,), "padding": ((2,),)}, 3),
        ({"kernel": (3,), "stride": (2,)}, 11),
        ({"kernel": (3,), "stride": (2,), "padding": ((1,),)}, 9),
        ({"kernel": (3,), "stride": (2,), "padding": ((1,),), "output_padding": (1,)}, 10),
        ({"kernel": (4,), "stride": (2,), "padding": "same"}, 10),
    ],
)
def test_sizes_are_the_guides(fields: dict[str, Any], size: int) -> None:
    op = TransposedConv(filters=2, **fields)
    assert op.infer_shapes((Shape((5, 5, 1)),)) == (Shape((size, size, 2)),)


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({"kernel": (4,), "padding": ((2, 1),)}, "height: (5 - 1)·1 + (4 - 1)·1 + 1 - 2 - 1 = 5"),
        ({**HALF, "output_padding": (1,)}, "height: (5 - 1)·2 + (3 - 1)·1 + 1 - 1 - 1 + 1 = 10"),
        ({"kernel": (4,), "stride": (2,), "padding": "same"}, "height: 5·2 = 10, cut off as `same` demands"),
    ],
)
def test_the_derivation_has_the_numbers_in_the_formula(fields: dict[str, Any], line: str) -> None:
    op, inputs = TransposedConv(filters=2, **fields), (Shape((5, 5, 1)),)
    assert op.derivation(inputs, op.infer_shapes(inputs))[0] == line


@pytest.mark.parametrize("groups", [1, 3])
def test_weights_and_cost_by_hand(groups: int) -> None:
    op = TransposedConv(filters=12, kernel=(4, 2), stride=(2,), groups=groups)
    inputs = (Shape((5, 7, 6)),)
    assert op.weights(inputs) == (Weight("kernel", (4, 2, 12 // groups, 6)), Weight("bias", (12,)))
    cost = op.cost(inputs, op.infer_shapes(inputs))
    macs = 5 * 7 * 6 * 4 * 2 * 12 // groups
    assert (cost.macs, cost.connections) == (macs, macs + 12 * 12 * 14)


def test_it_is_the_gradient_of_a_convolution() -> None:
    values = image(4, 5, 2)
    kernel = np.random.default_rng(3).normal(size=(3, 3, 4, 2)).astype("float32")
    given = tf.zeros((2, 8, 10, 4))
    with tf.GradientTape() as tape:
        tape.watch(given)
        result = tf.nn.conv2d(given, kernel, 2, "SAME")
    expected = tape.gradient(result, given, output_gradients=tf.constant(values))
    op = TransposedConv(filters=4, kernel=(3,), stride=(2,), padding="same", bias=False)
    np.testing.assert_allclose(run(op, values, weights={"kernel": kernel}), expected, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("fields", [{"groups": 2}, {"dilation": (2,)}, {"groups": 2, "dilation": (2,), "stride": (2,)}])
def test_groups_and_dilation_train(fields: dict[str, Any]) -> None:
    op = TransposedConv(filters=4, kernel=(3,), **fields)
    given = keras.Input((None, None, 2))
    (output,), _ = apply(op.to_keras((Shape((None, None, 2)),)), [given], "op")
    model = keras.Model(given, output)
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(tf.square(model(image(4, 5, 2))))
    gradients = tape.gradient(loss, model.trainable_variables)
    assert all(np.any(np.asarray(gradient) != 0) for gradient in gradients) and len(gradients) == 2


def test_a_position_sees_the_windows_over_it_where_the_stride_is_one() -> None:
    op = TransposedConv(filters=4, kernel=(3, 5), stride=(1, 2), padding=((1,),))
    assert op.reach((Shape((5, 5, 1)),)) == (Window(3, 1, 1), None)


@pytest.mark.parametrize(
    ("dims", "expected"),
    [((None, 9, 3), (None, 18, 6)), ((None, 3), (None, 6)), ((None, 2, None, 3), (None, 4, None, 6))],
)
def test_open_sizes_agree_with_keras(dims: tuple[Dim, ...], expected: tuple[Dim, ...]) -> None:
    op = TransposedConv(filters=6, kernel=(3,), stride=(2,), padding="half", output_padding=(1,))
    (result,), _ = apply(op.to_keras((Shape(dims),)), [keras.Input(dims)], "node")
    assert op.infer_shapes((Shape(dims),)) == (Shape(expected),)
    assert result.shape == (None, *expected)


@pytest.mark.parametrize(
    ("fields", "dims", "field", "message"),
    [
        ({}, (3,), None, "the input must be"),
        ({}, (4, 4, None), None, "the number of input channels must be known"),
        ({"padding": ((3,),)}, (2, 9, 4), "padding", "got 6 and 6 to cut off 4x11"),
        ({"output_padding": (1,)}, (4, 4, 4), "output_padding", "must be below `stride`, got 1x1 for 1x1"),
        ({"output_padding": (1,), "stride": (2,), "padding": "same"}, (4, 4, 4), "output_padding", "leaves no room"),
        ({"output_padding": (1, 1, 1), "stride": (2,)}, (4, 4, 4), "output_padding", "needs 1 or 2 numbers"),
        ({"groups": 4}, (4, 4, 4), "groups", "must divide the input's channels and `filters`, got 4 for 4 and 6"),
        ({"groups": 3}, (4, 4, 4), "groups", "got 3 for 4 and 6"),
    ],
)  # fmt: skip
def test_what_it_cannot_take(fields: dict[str, Any], dims: tuple[Dim, ...], field: str | None, message: str) -> None:
    with pytest.raises(ShapeError, match=message) as caught:
        TransposedConv(filters=6, kernel=(3,), **fields).infer_shapes((Shape(dims),))
    assert caught.value.field == field
