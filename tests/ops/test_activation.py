"""Activations. Expected values are the published formulas in numpy, written without a look at the op's file."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import keras
import numpy as np
import numpy.typing as npt
import pytest

from archspec import ops
from archspec.ir.op import ShapeError
from archspec.ir.shape import Shape
from archspec.keras_backend.build import apply
from archspec.ops._functions import ActivationName
from archspec.ops.dense import Dense
from archspec.ops.families.activation import Activation, declare, words
from tests.compiled import graph_of
from tests.op_cases import ANY_RANK, IMAGES, Case, case

CONFORMANCE: dict[str, tuple[Case, ...]] = {
    "activation": (case((5,), name="relu"), case((8, 7, 4), name="none"), case((None, 4), name="scaled_tanh")),
    "elu": (*ANY_RANK, case((8, 7, 4), alpha=0.5)),
    "gelu": (case((5,), approximate=True), *ANY_RANK),
    "leaky_relu": (case((5,), slope=0.1), *ANY_RANK),
    "celu": (case((5,), alpha=0.5), *ANY_RANK),
    "hard_shrink": (case((5,), threshold=0.1), *ANY_RANK),
    "soft_shrink": (case((5,), threshold=0.1), *ANY_RANK),
    "squareplus": (case((5,), b=1.0), *ANY_RANK),
    "softmax": (*ANY_RANK, *(case(shape, along="positions") for shape in IMAGES)),
}

Array = npt.NDArray[np.float64]

SELU_SCALE, SELU_ALPHA = 1.0507009873554805, 1.6732632423543772
"""Klambauer et al., 2017, the constants printed after equation 14."""


def sigmoid(x: Array) -> Array:
    return 1 / (1 + np.exp(-x))


def hard_sigmoid(x: Array) -> Array:
    """Howard et al., 2019, section 5.2: ReLU6(x + 3) / 6."""
    return np.minimum(np.maximum(x + 3, 0), 6) / 6


def gelu(x: Array) -> Array:
    """Hendrycks, Gimpel, 2016: the exact form, with the normal distribution and not its approximation."""
    distribution = np.vectorize(lambda each: 0.5 * (1 + math.erf(each / math.sqrt(2))))
    return np.asarray(x * distribution(x))


def celu(x: Array, alpha: float) -> Array:
    """Barron, 2017, equation 2."""
    return np.asarray(np.where(x >= 0, x, alpha * (np.exp(x / alpha) - 1)))


def sparsemax(x: Array) -> Array:
    """Martins, Astudillo, 2016: the nearest point of the simplex, its threshold found by halving an interval."""
    low, high = x.min(-1, keepdims=True) - 1, x.max(-1, keepdims=True)
    for _ in range(100):
        middle = (low + high) / 2
        is_above = np.maximum(x - middle, 0).sum(-1, keepdims=True) > 1
        low, high = np.where(is_above, middle, low), np.where(is_above, high, middle)
    return np.asarray(np.maximum(x - low, 0))


FORMULAS: dict[str, Callable[[Array], Array]] = {
    "relu": lambda x: np.where(x > 0, x, 0),
    "relu6": lambda x: np.clip(x, 0, 6),
    "leaky_relu": lambda x: np.where(x > 0, x, 0.2 * x),
    "elu": lambda x: np.where(x > 0, x, np.exp(x) - 1),
    "selu": lambda x: SELU_SCALE * np.where(x > 0, x, SELU_ALPHA * (np.exp(x) - 1)),
    "gelu": gelu,
    "sigmoid": sigmoid,
    "hard_sigmoid": hard_sigmoid,
    "tanh": np.tanh,
    "scaled_tanh": lambda x: 1.7159 * np.tanh(2 * x / 3),
    "softmax": lambda x: np.exp(x) / np.exp(x).sum(-1, keepdims=True),
    "softplus": lambda x: np.log(1 + np.exp(x)),
    "softsign": lambda x: x / (1 + abs(x)),
    "swish": lambda x: x * sigmoid(x),
    "hard_swish": lambda x: x * hard_sigmoid(x),
    "mish": lambda x: x * np.tanh(np.log(1 + np.exp(x))),
    "exponential": np.exp,
    "celu": lambda x: celu(x, 1.0),
    "hard_shrink": lambda x: np.where(abs(x) > 0.5, x, 0),
    "hard_tanh": lambda x: np.clip(x, -1, 1),
    "log_sigmoid": lambda x: np.log(sigmoid(x)),
    "log_softmax": lambda x: np.log(np.exp(x) / np.exp(x).sum(-1, keepdims=True)),
    "soft_shrink": lambda x: np.sign(x) * np.maximum(abs(x) - 0.5, 0),
    "sparse_plus": lambda x: np.where(x <= -1, 0, np.where(x < 1, (x + 1) ** 2 / 4, x)),
    "sparse_sigmoid": lambda x: np.clip((x + 1) / 2, 0, 1),
    "sparsemax": sparsemax,
    "squareplus": lambda x: (x + np.sqrt(x**2 + 4)) / 2,
    "tanh_shrink": lambda x: x - np.tanh(x),
}

VALUES = np.concatenate([np.linspace(-8, 8, 37), [0.0, 3.0, -3.0]]).reshape(2, 4, 5)


def test_every_function_has_a_formula_here() -> None:
    assert set(words()) == {"activation", *FORMULAS}
    assert set(get_args(ActivationName)) == {"none", *FORMULAS}


@pytest.mark.parametrize("word", FORMULAS)
def test_each_word_computes_its_formula(word: str) -> None:
    op = declare(word)()
    (result,), _ = apply(op.to_keras((Shape((4, 5)),)), [VALUES.astype("float32")], "node")
    np.testing.assert_allclose(result, FORMULAS[word](VALUES), rtol=2e-5, atol=2e-6)


@pytest.mark.parametrize("word", FORMULAS)
def test_each_name_serves_the_op_activation(word: str) -> None:
    op = Activation.model_validate({"name": word})
    (result,), _ = apply(op.to_keras((Shape((4, 5)),)), [VALUES.astype("float32")], "node")
    np.testing.assert_allclose(result, FORMULAS[word](VALUES), rtol=2e-5, atol=2e-6)


@pytest.mark.parametrize("word", FORMULAS)
def test_each_name_serves_a_field(word: str) -> None:
    op = Dense.model_validate({"units": 5, "activation": word})
    lowering = op.to_keras((Shape((4, 5)),))
    values = VALUES.astype("float32")
    _, layers = apply(lowering, [values], "node")
    layers[""].set_weights([np.eye(5), np.zeros(5)])
    result = values
    for application in lowering.applications:
        result = layers[application.layer](result)
    np.testing.assert_allclose(result, FORMULAS[word](VALUES), rtol=2e-5, atol=2e-6)


def gelu_by_tanh(x: Array) -> Array:
    """Hendrycks, Gimpel, 2016, section 2: 0.5x(1 + tanh[sqrt(2/pi)(x + 0.044715x^3)])."""
    return np.asarray(0.5 * x * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))))


@pytest.mark.parametrize(
    ("word", "fields", "formula"),
    [
        ("leaky_relu", {"slope": 0.01}, lambda x: np.where(x > 0, x, 0.01 * x)),
        ("leaky_relu", {"slope": 0.0}, lambda x: np.where(x > 0, x, 0)),
        ("elu", {"alpha": 0.25}, lambda x: np.where(x > 0, x, 0.25 * (np.exp(x) - 1))),
        ("gelu", {"approximate": True}, gelu_by_tanh),
        ("celu", {"alpha": 0.5}, lambda x: celu(x, 0.5)),
        ("hard_shrink", {"threshold": 2.0}, lambda x: np.where(abs(x) > 2, x, 0)),
        ("soft_shrink", {"threshold": 2.0}, lambda x: np.sign(x) * np.maximum(abs(x) - 2, 0)),
        ("squareplus", {"b": 0.0}, lambda x: np.maximum(x, 0)),
        ("softmax", {"along": "positions"}, lambda x: np.exp(x) / np.exp(x).sum(1, keepdims=True)),
    ],
)
def test_a_field_changes_the_formula(word: str, fields: dict[str, object], formula: Callable[[Array], Array]) -> None:
    op = declare(word).model_validate(fields)
    (result,), _ = apply(op.to_keras((Shape((4, 5)),)), [VALUES.astype("float32")], "node")
    np.testing.assert_allclose(result, formula(VALUES), rtol=2e-5, atol=2e-6)
    assert np.max(np.abs(result - FORMULAS[word](VALUES))) > 1e-4, "the default would not be seen to differ"


def test_a_lone_number_is_the_slope_or_the_alpha() -> None:
    nodes = graph_of("archspec: 1\ninputs: {x: [4]}\nlayers: [leaky_relu: 0.1, elu: 0.5, leaky_relu]\n").nodes
    assert [node.op.model_dump() for node in nodes] == [{"slope": 0.1}, {"alpha": 0.5}, {"slope": 0.2}]


@pytest.mark.parametrize(
    ("word", "field"),
    [
        ("leaky_relu", "slope"),
        ("elu", "alpha"),
        ("celu", "alpha"),
        ("hard_shrink", "threshold"),
        ("soft_shrink", "threshold"),
        ("squareplus", "b"),
    ],
)
def test_what_keras_refuses_is_refused(word: str, field: str) -> None:
    with pytest.raises(ValueError, match=field):
        declare(word).model_validate({field: -0.5})


def test_the_defaults_are_those_of_keras_functions_of_that_name() -> None:
    for word in ("leaky_relu", "elu", "gelu"):
        (result,), _ = apply(declare(word)().to_keras((Shape((4, 5)),)), [VALUES.astype("float32")], "node")
        np.testing.assert_array_equal(result, getattr(keras.activations, word)(VALUES.astype("float32")))


def test_scaled_tanh_meets_the_papers_fixed_points() -> None:
    """LeCun et al., 1998, appendix A: f(1) = 1 and f(-1) = -1."""
    (result,), _ = apply(declare("scaled_tanh")().to_keras((Shape((2,)),)), [np.array([[1.0, -1.0]])], "node")
    np.testing.assert_allclose(result, [[1.0, -1.0]], atol=1e-5)


def test_softmax_sums_to_one_along_the_channels() -> None:
    (result,), _ = apply(declare("softmax")().to_keras((Shape((4, 5)),)), [VALUES], "node")
    np.testing.assert_allclose(np.sum(result, axis=-1), np.ones((2, 4)), rtol=1e-5)


def test_softmax_along_positions_sums_to_one_over_all_of_them() -> None:
    values = np.random.default_rng(0).normal(size=(2, 3, 4, 5))
    op = declare("softmax").model_validate({"along": "positions"})
    (result,), _ = apply(op.to_keras((Shape((3, 4, 5)),)), [values], "node")
    np.testing.assert_allclose(np.sum(result, axis=(1, 2)), np.ones((2, 5)), rtol=1e-5)
    with pytest.raises(ShapeError, match="the input must be"):
        op.infer_shapes((Shape((5,)),))


def test_none_hands_its_input_through() -> None:
    op = Activation(name="none")
    (result,), _ = apply(op.to_keras((Shape((4, 5)),)), [VALUES.astype("float32")], "node")
    np.testing.assert_array_equal(result, VALUES.astype("float32"))


@pytest.mark.parametrize("word", ["activation", *FORMULAS])
def test_keeps_open_sizes_and_owns_no_weight(word: str) -> None:
    op = Activation(name="mish") if word == "activation" else declare(word)()
    inputs = (Shape((None, None, 3)),)
    (result,), layers = apply(op.to_keras(inputs), [keras.Input(inputs[0].dims)], "node")
    assert op.infer_shapes(inputs) == inputs
    assert result.shape == (None, None, None, 3)
    assert op.weights(inputs) == () and not layers[""].weights
    assert op.cost(inputs, inputs).macs == 0


def test_the_registry_finds_each_word() -> None:
    assert {word: ops.find(word) for word in words()} == {word: declare(word) for word in words()}


def test_an_unknown_name_and_fields_of_a_fixed_word_are_refused() -> None:
    with pytest.raises(ValueError, match="name"):
        Activation.model_validate({"name": "rleu"})
    with pytest.raises(ValueError, match="slope"):
        declare("relu").model_validate({"slope": 0.1})


def test_a_saved_model_gives_the_same_values(tmp_path: Path) -> None:
    given = keras.Input((4, 5))
    (result,), _ = apply(declare("scaled_tanh")().to_keras((Shape((4, 5)),)), [given], "node")
    model = keras.Model(given, result)
    model.save(tmp_path / "model.keras")
    np.testing.assert_array_equal(keras.models.load_model(tmp_path / "model.keras")(VALUES), model(VALUES))
