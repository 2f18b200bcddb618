"""The functions that activations are, and what an op does whose field `activation` names one.

The words of the family `activation` are these functions; a convolution or dense layer applies one to its output.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from archspec.ir.footprint import KEEPS_NOTHING, Footprint
from archspec.ir.keras_call import KerasLayer
from archspec.ir.shape import Shape, map_dims

ActivationName = Literal[
    "none", "relu", "relu6", "leaky_relu", "elu", "selu", "gelu", "sigmoid", "hard_sigmoid", "tanh", "scaled_tanh",
    "softmax", "softplus", "softsign", "swish", "hard_swish", "mish", "exponential",
]  # fmt: skip
"""The names that a field `activation` takes; `none` applies nothing."""


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


FUNCTIONS: Mapping[str, Function] = {
    "relu": Function("max(x, 0)", "Nair, Hinton, 2010", "relu"),
    "relu6": Function("min(max(x, 0), 6)", "Krizhevsky, 2010", "relu6"),
    "leaky_relu": Function("x if x > 0 else 0.2·x", "Maas et al., 2013", "leaky_relu", keeps="input"),
    "elu": Function("x if x > 0 else exp(x) - 1", "arXiv:1511.07289", "elu"),
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
