"""Convolution: values against the definition by loops, counts against papers and Caffe."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archspec.ir.op import Cost, ShapeError, Weight
from archspec.ir.shape import Shape
from archspec.ops.conv import Conv
from tests.op_cases import CONVOLUTION, Case, case, windows
from tests.ops.by_hand import Pairs, convolve, same_pairs, surround
from tests.ops.running import image, run, run_open, shape_of

CONFORMANCE: dict[str, tuple[Case, ...]] = {
    "conv": (
        *windows({"filters": 6, "kernel": (3,)}, CONVOLUTION),
        *windows({"filters": 6, "kernel": (2,), "groups": 2, "bias": False}, {"dilation": ((1,), (2,))}),
        *windows({"filters": 6, "kernel": (3,), "fill": "edge"}, {"padding": ("same", "half", ((1, 2),))}),
        case((8, 7, 4), filters=6, kernel=(3, 2), fill="reflect", padding="half", activation="scaled_tanh"),
    ),
}


def expected(op: Conv, values: Any, kernel: Any, bias: Any) -> Any:
    """The op's value by loops; `op` has one number for each axis or for all."""
    rank = values.ndim - 2
    size, stride, dilation = (axes * rank if len(axes) == 1 else axes for axes in (op.kernel, op.stride, op.dilation))
    extent = tuple((k - 1) * d + 1 for k, d in zip(size, dilation, strict=True))
    margins: Pairs
    if op.padding == "same":
        margins = same_pairs(values.shape[1:-1], extent, stride)
    elif op.padding == "half":
        margins = tuple(((k - 1) // 2 * d,) * 2 for k, d in zip(size, dilation, strict=True))
    elif op.padding == "valid":
        margins = ((0, 0),) * rank
    else:
        amounts = op.padding * rank if len(op.padding) == 1 else op.padding
        margins = tuple((pair[0], pair[-1]) for pair in amounts)
    padded = surround(values.astype("float64"), margins, op.fill)
    return convolve(padded, kernel, stride, dilation, op.groups) + bias


def random_weights(op: Conv, values: Any) -> tuple[Any, Any]:
    rng = np.random.default_rng(1)
    kernel, *bias = op.weights((shape_of(values),))
    return rng.normal(size=kernel.shape), rng.normal(size=bias[0].shape) if bias else np.zeros(op.filters)


CASES: list[tuple[tuple[int, ...], Conv]] = [
    ((9, 4), Conv(filters=3, kernel=(3,))),
    ((9, 4), Conv(filters=6, kernel=(2,), stride=(2,), groups=2, padding="same", fill="edge")),
    ((9, 4), Conv(filters=6, kernel=(3,), dilation=(2,), padding="same", bias=False)),
    ((9, 4), Conv(filters=2, kernel=(5,), padding=((4, 1),), fill="reflect")),
    ((8, 7, 4), Conv(filters=6, kernel=(3, 2), stride=(1, 2), padding="same")),
    ((8, 7, 4), Conv(filters=6, kernel=(3,), stride=(2,), padding="same", fill="reflect")),
    ((8, 7, 4), Conv(filters=4, kernel=(3,), dilation=(2,), groups=4, padding="half", fill="edge")),
    ((8, 7, 4), Conv(filters=6, kernel=(3,), stride=(2,), padding="half", groups=2)),
    ((8, 7, 4), Conv(filters=6, kernel=(4,), stride=(3,), padding=((1,), (0,)))),
    ((8, 7, 4), Conv(filters=6, kernel=(4, 3), padding=((1, 2), (0, 1)), fill="edge")),
    ((8, 7, 4), Conv(filters=2, kernel=(3, 4), padding="same")),
    ((4, 5, 6, 4), Conv(filters=2, kernel=(3,), padding="same")),
    ((4, 5, 6, 4), Conv(filters=2, kernel=(3, 2, 1), stride=(2, 1, 1), groups=2, padding="same", fill="edge")),
    ((4, 5, 6, 4), Conv(filters=2, kernel=(2,), dilation=(2,), padding="half", fill="reflect")),
    ((4, 5, 6, 4), Conv(filters=2, kernel=(3,), stride=(2,), padding=((0, 1),), bias=False)),
]


@pytest.mark.parametrize(("shape", "op"), CASES, ids=lambda case: str(case)[:90])
def test_values_follow_the_definition(shape: tuple[int, ...], op: Conv) -> None:
    values = image(*shape)
    kernel, bias = random_weights(op, values)
    result = run(op, values, weights={"kernel": kernel, "bias": bias})
    np.testing.assert_allclose(result, expected(op, values, kernel, bias), atol=1e-4)
    assert op.infer_shapes((shape_of(values),))[0].dims == result.shape[1:]


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_generated_values_follow_the_definition(data: st.DataObject) -> None:
    strided = data.draw(st.booleans())
    steps = st.tuples(st.integers(1, 3), st.integers(1, 3))
    groups = data.draw(st.sampled_from([1, 2]))
    op = Conv(
        filters=2 * groups,
        kernel=data.draw(steps),
        stride=data.draw(steps) if strided else (1,),
        dilation=(1,) if strided else data.draw(steps),
        padding=data.draw(st.sampled_from(["valid", "same", "half", ((1,),), ((0, 1), (2, 0))])),
        fill=data.draw(st.sampled_from(["zeros", "edge"])),
        groups=groups,
    )
    values = image(data.draw(st.integers(1, 7)), data.draw(st.integers(1, 7)), 2)
    try:
        (shape,) = op.infer_shapes((shape_of(values),))
    except ShapeError as error:
        assert error.field == "kernel"  # the window does not fit
        return
    kernel, bias = random_weights(op, values)
    result = run(op, values, weights={"kernel": kernel, "bias": bias})
    assert shape.dims == result.shape[1:]
    np.testing.assert_allclose(result, expected(op, values, kernel, bias), atol=1e-4)


@pytest.mark.parametrize("fill", ["zeros", "edge", "reflect"])
@pytest.mark.parametrize("padding", ["same", "half", ((2, 1),)])
def test_open_sizes_give_the_known_sizes_value(padding: Any, fill: Any) -> None:
    op = Conv(filters=1, kernel=(3,), padding=padding, fill=fill, bias=False)
    values = image(5, 6, 1)
    # The unknown kernel drops out of the comparison: a second application would draw another one.
    import keras

    keras.utils.set_random_seed(0)
    known = run(op, values)
    keras.utils.set_random_seed(0)
    np.testing.assert_allclose(run_open(op, values), known, atol=1e-5)


def test_an_activation_that_keras_lacks_is_applied() -> None:
    values = image(4, 4, 2)
    op = Conv(filters=2, kernel=(1,), activation="scaled_tanh")
    kernel, bias = random_weights(op, values)
    linear = expected(op, values, kernel, bias)
    result = run(op, values, weights={"kernel": kernel, "bias": bias})
    np.testing.assert_allclose(result, 1.7159 * np.tanh(2 / 3 * linear), atol=1e-5)


@pytest.mark.parametrize(
    ("op", "given", "parameters", "macs", "connections"),
    [
        # LeNet-5, section II.B: C1 has 156 parameters and 122,304 connections; C5 48,120 of both.
        (Conv(filters=6, kernel=(5,)), (32, 32, 1), 156, 28 * 28 * 6 * 25, 122_304),
        (Conv(filters=120, kernel=(5,)), (5, 5, 16), 48_120, 48_000, 48_120),
        # Caffe's AlexNet, conv2: two groups, 307,456 parameters.
        (
            Conv(filters=256, kernel=(5,), padding=((2,),), groups=2),
            (27, 27, 96),
            307_456,
            27 * 27 * 256 * 25 * 48,
            27 * 27 * 256 * (25 * 48 + 1),
        ),
        # GoogLeNet, conv1 without its bias: 9,408 parameters and 118,013,952 MACs.
        (
            Conv(filters=64, kernel=(7,), stride=(2,), padding="half", bias=False),
            (224, 224, 3),
            9_408,
            118_013_952,
            None,
        ),
    ],
)
def test_counts_are_the_published_ones(
    op: Conv, given: tuple[int, ...], parameters: int, macs: int, connections: int | None
) -> None:
    shape = (Shape(given),)
    assert sum(weight.size for weight in op.weights(shape)) == parameters
    cost = op.cost(shape, op.infer_shapes(shape))
    assert cost == Cost(macs, macs if connections is None else connections)


def test_weights_have_keras_shapes() -> None:
    op = Conv(filters=8, kernel=(3, 5), groups=2)
    assert op.weights((Shape((9, 9, 6)),)) == (Weight("kernel", (3, 5, 3, 8)), Weight("bias", (8,)))


def test_open_sizes_leave_the_cost_open() -> None:
    op = Conv(filters=8, kernel=(3,), padding="same")
    given = (Shape((None, 9, 3)),)
    assert op.infer_shapes(given) == (Shape((None, 9, 8)),)
    assert op.cost(given, op.infer_shapes(given)) == Cost(None, None)


def test_cost_is_of_the_positions_alone() -> None:
    op = Conv(filters=8, kernel=(3,), padding="same", bias=False)
    given = (Shape((7, 9, 3)),)
    products = math.prod((7, 9, 8, 3, 3, 3))
    assert op.cost(given, op.infer_shapes(given)) == Cost(products, products)


@pytest.mark.parametrize(
    ("fields", "given", "field", "message"),
    [
        ({"kernel": (7,)}, (5, 5, 3), "kernel", "a window of 7x7 must fit"),
        ({"kernel": (3, 3, 3)}, (5, 5, 3), "kernel", "needs 1 or 2 numbers"),
        ({"kernel": (3,), "stride": (1, 1, 1)}, (5, 5, 3), "stride", "needs 1 or 2 numbers"),
        ({"kernel": (3,), "groups": 2}, (5, 5, 3), "groups", "must divide"),
        ({"kernel": (3,), "groups": 3}, (5, 5, 3), "groups", "must divide"),
        ({"kernel": (3,), "stride": (2,), "dilation": (2,)}, (9, 9, 3), "dilation", "cannot both be above 1"),
        ({"kernel": (7,), "padding": "half", "fill": "reflect"}, (3, 9, 3), "padding", "mirrored values"),
        ({"kernel": (7,), "padding": "same", "fill": "reflect"}, (3, 9, 3), "padding", "mirrored values"),
        ({"kernel": (3,), "stride": (2,), "padding": "same", "fill": "edge"}, (None, 9, 3), "padding", "must be known"),
        ({"kernel": (3,), "padding": ((1,), (1,), (1,))}, (5, 5, 3), "padding", "needs one amount"),
        ({"kernel": (3,)}, (5, 5, None), None, "channels must be known"),
        ({"kernel": (3,)}, (5,), None, "the input must be"),
    ],
)
def test_what_it_cannot_take(
    fields: dict[str, Any], given: tuple[int | None, ...], field: str | None, message: str
) -> None:
    with pytest.raises(ShapeError, match=message) as caught:
        Conv(filters=8, **fields).infer_shapes((Shape(given),))
    assert caught.value.field == field
