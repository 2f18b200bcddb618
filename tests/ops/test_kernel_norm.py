"""The field `kernel_norm` of convolutions and matrix products. Expected values are numpy's, by the papers' formulas."""

from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from archspec.emission.keras_source import emit
from archspec.ir.op import Op, Weight
from archspec.ir.shape import Shape
from archspec.keras_backend.build import apply, build
from archspec.ops._kernel_norm import KernelNorm
from archspec.ops.conv import Conv
from archspec.ops.dense import Dense
from tests.compiled import graph_of, lowered_from
from tests.emission.running import run_source
from tests.ops.running import image

NORMS: tuple[KernelNorm, ...] = ("weight", "spectral", "standardize")


def layer_of(op: Op, values: Any) -> Any:
    _, layers = apply(op.to_keras((Shape(values.shape[1:]),)), [values], "node")
    return layers[""]


def as_matrix(kernel: Any) -> Any:
    return np.asarray(kernel).reshape(-1, kernel.shape[-1])


def ops_of(norm: KernelNorm) -> tuple[tuple[Op, tuple[int, ...]], ...]:
    return (
        (Dense(units=3, kernel_norm=norm), (5,)),
        (Conv(filters=4, kernel=(3,), kernel_norm=norm), (9, 4)),
        (Conv(filters=4, kernel=(3,), groups=2, bias=False, kernel_norm=norm), (8, 7, 4)),
        (Conv(filters=4, kernel=(2,), padding="half", fill="reflect", kernel_norm=norm), (4, 4, 4, 2)),
    )


def used(layer: Any, norm: KernelNorm) -> Any:
    """The kernel by the papers' formulas: Salimans, equation 2; Miyato, algorithm 1 (u has converged); Qiao, 6."""
    kernel = as_matrix(layer.layer.kernel)
    if norm == "weight":
        made = np.asarray(layer.g) * kernel / np.linalg.norm(kernel, axis=0)
    elif norm == "spectral":
        made = kernel / np.linalg.svd(kernel, compute_uv=False)[0]
    else:
        made = (kernel - kernel.mean(0)) / np.sqrt(kernel.var(0) + 1e-5)
    return made.reshape(layer.layer.kernel.shape)


@pytest.mark.parametrize("norm", NORMS)
@pytest.mark.parametrize("place", range(4))
def test_the_layer_computes_with_the_papers_kernel(norm: KernelNorm, place: int) -> None:
    op, dims = ops_of(norm)[place]
    values = image(*dims)
    given = keras.Input(dims)
    (result,), layers = apply(op.to_keras((Shape(dims),)), [given], "node")
    model, layer = keras.Model(given, result), layers[""]
    for _ in range(300 if norm == "spectral" else 1):
        model(values, training=True)
    plain, before = apply(op.model_copy(update={"kernel_norm": "none"}).to_keras((Shape(dims),)), [values], "plain")
    del plain
    before[""].set_weights([used(layer, norm), *(np.asarray(one) for one in layer.layer.weights[1:])])
    expected = values
    for other in before.values():
        expected = other(expected)
    np.testing.assert_allclose(model(values), expected, rtol=2e-3, atol=1e-4)


def test_weight_normalisation_begins_as_the_layer_without_it() -> None:
    values = image(5)
    layer = layer_of(Dense(units=3, kernel_norm="weight"), values)
    np.testing.assert_allclose(layer(values), layer.layer(values), rtol=1e-5)
    layer.g.assign([0.0, 1.0, 2.0])
    lengths = np.linalg.norm(as_matrix(layer.layer.kernel), axis=0)
    expected = np.asarray(layer.layer(values)) / lengths * np.array([0, 1, 2])
    np.testing.assert_allclose(layer(values), expected, rtol=1e-4, atol=1e-6)


def test_the_spectral_vector_moves_in_training_alone_and_the_kernel_never() -> None:
    values = image(5)
    layer = layer_of(Dense(units=3, kernel_norm="spectral"), values)
    kernel, vector = np.array(layer.layer.kernel), np.array(layer.vector_u)
    layer(values)
    np.testing.assert_array_equal(layer.vector_u, vector)
    layer(values, training=True)
    assert np.abs(np.asarray(layer.vector_u) - vector).max() > 1e-3
    np.testing.assert_array_equal(layer.layer.kernel, kernel)


def test_the_gradient_passes_through_the_spectral_norm() -> None:
    """A longer kernel gives the same kernel of norm 1: the gradient along the kernel itself is 0."""
    values = image(5)
    layer = layer_of(Dense(units=3, kernel_norm="spectral"), values)
    with tf.GradientTape() as tape:
        total = tf.reduce_sum(layer(values, training=True) ** 2)
    gradient = tape.gradient(total, layer.layer.kernel.value)
    assert np.abs(gradient).max() > 1e-3
    assert abs(float(np.sum(gradient * layer.layer.kernel))) < 1e-3


@pytest.mark.parametrize(
    ("norm", "extra"),
    [("weight", (Weight("g", (64,)),)), ("spectral", (Weight("vector_u", (64,), False),)), ("standardize", ())],
)
def test_what_a_norm_owns(norm: KernelNorm, extra: tuple[Weight, ...]) -> None:
    weights = Conv(filters=64, kernel=(3,), kernel_norm=norm).weights((Shape((8, 8, 16)),))
    assert weights == (Weight("kernel", (3, 3, 16, 64)), Weight("bias", (64,)), *extra)


@pytest.mark.parametrize("norm", NORMS)
def test_a_saved_model_gives_the_same_values(norm: KernelNorm, tmp_path: Path) -> None:
    text = f"archspec: 1\ninputs: {{x: [8, 8, 2]}}\nlayers: [conv: {{filters: 3, kernel: 3, kernel_norm: {norm}}}]\n"
    model = build(lowered_from(text)).model
    model.save(tmp_path / "model.keras")
    values = image(8, 8, 2)
    np.testing.assert_array_equal(keras.models.load_model(tmp_path / "model.keras")(values), model(values))
    assert sum(weight.size for node in graph_of(text).nodes for weight in node.weights) == model.count_params()


@pytest.mark.parametrize("norm", NORMS)
def test_it_is_trained_by_compiled_steps(norm: KernelNorm) -> None:
    text = f"archspec: 1\ninputs: {{x: [6]}}\nlayers: [dense: {{units: 3, kernel_norm: {norm}}}, dense: 1]\n"
    model = build(lowered_from(text)).model
    model.compile("sgd", "mse", jit_compile=True)
    before = [np.array(weight) for weight in model.weights]
    model.fit(image(6), np.ones((2, 1)), verbose=0)
    for old, weight in zip(before, model.weights, strict=True):
        assert np.abs(old - np.asarray(weight)).max() > 0, weight.path


@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16"])
@pytest.mark.parametrize("norm", NORMS)
def test_it_computes_in_half_precision(norm: KernelNorm, policy: str) -> None:
    keras.config.set_dtype_policy(policy)
    try:
        layer = layer_of(Conv(filters=4, kernel=(3,), kernel_norm=norm), image(8, 8, 4))
    finally:
        keras.config.set_dtype_policy("float32")
    result = layer(image(8, 8, 4), training=True)
    assert result.dtype == policy.removeprefix("mixed_")
    assert np.isfinite(tf.cast(result, "float32")).all()
    assert {weight.dtype for weight in layer.weights} == {"float32"}


@pytest.mark.parametrize("norm", NORMS)
def test_the_emitted_model_is_the_built_one(norm: KernelNorm) -> None:
    text = f"archspec: 1\ninputs: {{x: [8, 8, 2]}}\nlayers: [conv: {{filters: 3, kernel: 3, kernel_norm: {norm}}}]\n"
    lowered = lowered_from(text)
    model, emitted = build(lowered).model, run_source(emit(lowered))
    assert [layer.get_config() for layer in emitted.layers] == [layer.get_config() for layer in model.layers]
    assert [weight.path for weight in emitted.weights] == [weight.path for weight in model.weights]
