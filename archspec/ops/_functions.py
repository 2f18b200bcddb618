"""The functions that activations are, and what an op does whose field `activation` names one.

The words of the family `activation` are these functions; a convolution or dense layer applies one to its output.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from archspec.ir.footprint import KEEPS_NOTHING, Footprint
from archspec.ir.keras_call import KerasLayer
from archspec.ir.shape import Shape, map_dims

ActivationName = Literal[
    "none", "relu", "relu6", "leaky_relu", "elu", "selu", "gelu", "sigmoid", "hard_sigmoid", "tanh", "scaled_tanh",
    "softmax", "softplus", "softsign", "swish", "hard_swish", "mish", "exponential", "celu", "hard_shrink", "hard_tanh",
    "log_sigmoid", "log_softmax", "soft_shrink", "sparse_plus", "sparse_sigmoid", "sparsemax", "squareplus",
    "tanh_shrink",
]  # fmt: skip
"""The names that a field `activation` takes; `none` applies nothing."""


class Number(NamedTuple):
    """A field that sets a function's form: its default, which is Keras', what it means, and what it is at least."""

    default: float
    description: str
    least: float = 0.0
    is_above: bool = False
    """Whether it is above `least`, and not at least that."""
    argument: str = ""
    """What Keras' layer of the function calls it."""


@dataclass(frozen=True, slots=True)
class Function:
    """An activation: what it computes, where it was published, and its name in Keras, or the layer that computes it."""

    formula: str
    source: str
    keras: str | None = None
    layer: KerasLayer | None = None
    keeps: Literal["input", "output", "neither"] = "output"
    """What its gradient needs, as TensorFlow has it."""
    between: int = 0
    """How many values for each of its own are kept besides, where it is put together from several functions."""
    numbers: Mapping[str, Number] = field(default_factory=dict)
    """The fields of its word, in the order in which the function of that name in `keras.ops` takes them."""
    with_numbers: str = ""
    """The layer of Keras that takes them by their `argument`s, if there is one."""


FUNCTIONS: Mapping[str, Function] = {
    "relu": Function("max(x, 0)", "Nair, Hinton, 2010", "relu"),
    "relu6": Function("min(max(x, 0), 6)", "Krizhevsky, 2010", "relu6"),
    "leaky_relu": Function(
        "x if x > 0 else slope·x",
        "Maas et al., 2013, section 2. The default is that of keras.activations.leaky_relu; others differ: 0.01 in the "
        "paper, 0.1 in Darknet, 0.3 in keras.layers.LeakyReLU",
        "leaky_relu",
        keeps="input",
        numbers={"slope": Number(0.2, "the factor of values below 0", argument="negative_slope")},
        with_numbers="keras.layers.LeakyReLU",
    ),
    "elu": Function(
        "x if x > 0 else alpha·(exp(x) - 1)",
        "Clevert et al., arXiv:1511.07289, equation 15; the default is the paper's and Keras'",
        "elu",
        numbers={"alpha": Number(1.0, "how far below 0 the function falls", is_above=True, argument="alpha")},
        with_numbers="keras.layers.ELU",
    ),
    "selu": Function("1.0507·(x if x > 0 else 1.6733·(exp(x) - 1))", "arXiv:1706.02515", "selu"),
    "gelu": Function("x·Φ(x)", "arXiv:1606.08415", "gelu", keeps="input", between=2),
    "sigmoid": Function("1 / (1 + exp(-x))", "", "sigmoid"),
    "hard_sigmoid": Function(
        "min(max(x / 6 + 1/2, 0), 1)", "arXiv:1905.02244, section 5.2", "hard_sigmoid", keeps="neither", between=1
    ),
    "tanh": Function("tanh(x)", "", "tanh"),
    "scaled_tanh": Function(
        "1.7159·tanh(2/3·x)",
        "LeCun et al., 1998, equation 6 and appendix A",
        layer=KerasLayer("archspec.ops.families.activation:scaled_tanh_layer"),
        keeps="neither",
        between=1,
    ),
    "softmax": Function("exp(x_c) / Σ exp(x), along the channels", "", "softmax"),
    "softplus": Function("log(1 + exp(x))", "", "softplus", keeps="input"),
    "softsign": Function("x / (1 + |x|)", "", "softsign", keeps="input"),
    "swish": Function("x·sigmoid(x)", "arXiv:1710.05941", "silu", keeps="input"),
    "hard_swish": Function("x·hard_sigmoid(x)", "arXiv:1905.02244, section 5.2", "hard_silu", keeps="input", between=2),
    "mish": Function("x·tanh(softplus(x))", "arXiv:1908.08681", "mish", keeps="input", between=1),
    "exponential": Function("exp(x)", "", "exponential"),
    "celu": Function(
        "max(x, 0) + min(alpha·(exp(x / alpha) - 1), 0)",
        "Barron, arXiv:1704.07483",
        "celu",
        keeps="input",
        between=1,
        numbers={"alpha": Number(1.0, "how far below 0 the function falls", is_above=True)},
    ),
    "hard_shrink": Function(
        "x if |x| > threshold else 0",
        "Donoho, Johnstone, 1994, equation 7",
        "hard_shrink",
        keeps="neither",
        between=1,
        numbers={"threshold": Number(0.5, "the size up to which a value becomes 0")},
    ),
    "hard_tanh": Function("min(max(x, -1), 1)", "Collobert, 2004", "hard_tanh", keeps="input"),
    "log_sigmoid": Function("-log(1 + exp(-x))", "", "log_sigmoid", keeps="neither", between=1),
    "log_softmax": Function("x_c - log Σ exp(x), along the channels", "", "log_softmax"),
    "soft_shrink": Function(
        "sign(x)·max(|x| - threshold, 0)",
        "Donoho, Johnstone, 1994, equation 8",
        "soft_shrink",
        keeps="neither",
        between=1,
        numbers={"threshold": Number(0.5, "the size up to which a value becomes 0, and by which the others shrink")},
    ),
    "sparse_plus": Function(
        "0 up to -1, (x + 1)² / 4 between -1 and 1, x from 1 on", "", "sparse_plus", keeps="neither", between=2
    ),
    "sparse_sigmoid": Function("min(max((x + 1) / 2, 0), 1)", "", "sparse_sigmoid", keeps="neither", between=1),
    "sparsemax": Function(
        "max(x - t, 0) along the channels, with the t that makes their sum 1",
        "Martins, Astudillo, arXiv:1602.02068, algorithm 1",
        layer=KerasLayer("archspec.ops.families.activation:sparsemax_layer"),
        keeps="neither",
        between=4,
    ),
    "squareplus": Function(
        "(x + sqrt(x² + b)) / 2",
        "Barron, arXiv:2112.11687",
        "squareplus",
        keeps="input",
        between=1,
        numbers={"b": Number(4.0, "how round the function is about 0")},
    ),
    "tanh_shrink": Function("x - tanh(x)", "", "tanh_shrink", keeps="neither", between=1),
}


def lower_activation(name: str) -> tuple[str | None, dict[str, KerasLayer] | None]:
    """A field `activation`: the argument for a Keras layer, and the layers to add after it where Keras has no name."""
    if name == "none":
        return None, None
    function = FUNCTIONS[name]
    return function.keras, ({"activation": function.layer} if function.layer else None)


def activation_footprint(name: str, output: Shape) -> Footprint:
    """What a layer holds that applies a function to what it has computed; its inputs are not spoken of."""
    if name == "none":
        return KEEPS_NOTHING
    function = FUNCTIONS[name]
    held = function.between + (function.keeps == "input")
    between = map_dims(lambda size: held * size, output.size)
    return Footprint(keeps_inputs=False, keeps_outputs=function.keeps == "output", between=between)


def function_footprint(name: str, given: Shape) -> Footprint:
    """What a function holds as an op of its own."""
    if name == "none":
        return KEEPS_NOTHING._replace(is_view=True)
    function = FUNCTIONS[name]
    between = map_dims(lambda size: function.between * size, given.size)
    return Footprint(function.keeps == "input", function.keeps == "output", between=between, in_place=True)
