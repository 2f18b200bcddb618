"""Activations: a function applied to each value (or, for softmax, along the channels).

Each word is an op (`- relu`), and each is also a name that the field `activation` of other ops takes, and that the op
`activation` takes, which serves blocks that are given a name. An activation owns no weight and counts no MACs. Three
words have a field of their own (`- leaky_relu: 0.1`); a name stands for its word with the default.

Shape:   any -> the same.
Weights: none.
Cost:    none.
Errors:  none beyond unknown fields.
Source:  each function's own, in the table below.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, ClassVar

from pydantic import Field

from archspec.ir.footprint import Footprint
from archspec.ir.keras_call import KerasLayer, Lowering, lower_to
from archspec.ir.op import Op
from archspec.ir.reach import Reach, pointwise
from archspec.ir.shape import Shape
from archspec.ops._functions import FUNCTIONS, ActivationName, function_footprint


def words() -> tuple[str, ...]:
    """The words of the family: every function, and `activation`, which takes a function's name."""
    return ("activation", *FUNCTIONS)


@cache
def declare(word: str) -> type[Op]:
    """The op of one word."""
    if word in WITH_FIELDS:
        return WITH_FIELDS[word]
    function = FUNCTIONS[word]
    source = f"\n\nSource:  {function.source}." if function.source else ""
    members: dict[str, Any] = {  # what a class body holds
        "__doc__": f"{word}(x) = {function.formula}{source}",
        "__module__": __name__,
        "function": word,
        "__annotations__": {"function": ClassVar[str]},
        "example": _example(word),
    }
    return type("".join(part.title() for part in word.split("_")), (FixedActivation,), members)


class Activation(Op):
    """An activation by name; `none` hands its input through."""

    principal: ClassVar[str | None] = "name"
    example: ClassVar[str] = """
        archspec: 1
        inputs: {features: [10]}
        layers:
          - activation: relu
    """

    name: ActivationName = Field(description="the function")

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> tuple[Shape, ...]:
        return inputs

    def reach(self, inputs: tuple[Shape, ...]) -> Reach:
        return pointwise(inputs[0])

    def footprint(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Footprint:
        return function_footprint(self.name, inputs[0])

    @property
    def ends_in(self) -> str:
        return self.name

    def to_keras(self, inputs: tuple[Shape, ...]) -> Lowering:
        return _lower(self.name)


class FixedActivation(Op):
    """Base of the words that are one function; `declare` makes the subclasses."""

    function: ClassVar[str]

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> tuple[Shape, ...]:
        return inputs

    def reach(self, inputs: tuple[Shape, ...]) -> Reach:
        return pointwise(inputs[0])

    def footprint(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Footprint:
        return function_footprint(self.function, inputs[0])

    @property
    def ends_in(self) -> str:
        return self.function

    def to_keras(self, inputs: tuple[Shape, ...]) -> Lowering:
        return _lower(self.function)


class LeakyRelu(Op):
    """leaky_relu(x) = x if x > 0 else slope·x

    The default is that of keras.activations.leaky_relu. Others differ: 0.01 in the paper, 0.1 in Darknet, 0.3 in
    keras.layers.LeakyReLU.

    Source:  Maas et al., 2013, section 2.
    """

    principal: ClassVar[str | None] = "slope"
    example: ClassVar[str] = """
        archspec: 1
        inputs: {features: [10]}
        layers:
          - leaky_relu: 0.1
    """

    slope: float = Field(0.2, ge=0, description="the factor of values below 0")

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> tuple[Shape, ...]:
        return inputs

    def reach(self, inputs: tuple[Shape, ...]) -> Reach:
        return pointwise(inputs[0])

    def footprint(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Footprint:
        return function_footprint("leaky_relu", inputs[0])

    @property
    def ends_in(self) -> str:
        return "leaky_relu"

    def to_keras(self, inputs: tuple[Shape, ...]) -> Lowering:
        return lower_to(KerasLayer("keras.layers.LeakyReLU", {"negative_slope": self.slope}))


class Elu(Op):
    """elu(x) = x if x > 0 else alpha·(exp(x) - 1)

    Source:  Clevert et al., arXiv:1511.07289, equation 15; the default is the paper's and Keras'.
    """

    principal: ClassVar[str | None] = "alpha"
    example: ClassVar[str] = """
        archspec: 1
        inputs: {features: [10]}
        layers:
          - elu: 0.5
    """

    alpha: float = Field(1.0, gt=0, description="how far below 0 the function falls")

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> tuple[Shape, ...]:
        return inputs

    def reach(self, inputs: tuple[Shape, ...]) -> Reach:
        return pointwise(inputs[0])

    def footprint(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Footprint:
        return function_footprint("elu", inputs[0])

    @property
    def ends_in(self) -> str:
        return "elu"

    def to_keras(self, inputs: tuple[Shape, ...]) -> Lowering:
        return lower_to(KerasLayer("keras.layers.ELU", {"alpha": self.alpha}))


class Gelu(Op):
    """gelu(x) = x·Φ(x), or with `approximate` x/2·(1 + tanh(sqrt(2/π)·(x + 0.044715·x³)))

    Source:  Hendrycks, Gimpel, arXiv:1606.08415, section 2; the default is Keras'.
    """

    example: ClassVar[str] = """
        archspec: 1
        inputs: {features: [10]}
        layers:
          - gelu: {approximate: true}
    """

    approximate: bool = Field(False, description="whether the normal distribution is approximated by a tanh")

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> tuple[Shape, ...]:
        return inputs

    def reach(self, inputs: tuple[Shape, ...]) -> Reach:
        return pointwise(inputs[0])

    def footprint(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Footprint:
        return function_footprint("gelu", inputs[0])

    @property
    def ends_in(self) -> str:
        return "gelu"

    def to_keras(self, inputs: tuple[Shape, ...]) -> Lowering:
        return lower_to(KerasLayer(f"{__name__}:approximate_gelu_layer")) if self.approximate else _lower("gelu")


WITH_FIELDS: Mapping[str, type[Op]] = {"activation": Activation, "leaky_relu": LeakyRelu, "elu": Elu, "gelu": Gelu}


def _lower(name: str) -> Lowering:
    if name == "none":
        return lower_to(KerasLayer("keras.layers.Identity"))
    function = FUNCTIONS[name]
    return lower_to(function.layer or KerasLayer("keras.layers.Activation", {"activation": function.keras}))


def _example(word: str) -> str:
    return f"""
        archspec: 1
        inputs: {{features: [10]}}
        layers:
          - {word}
    """


@cache
def scaled_tanh_layer() -> Any:
    """The layer of LeNet-5's squashing function."""
    import keras

    @keras.saving.register_keras_serializable("archspec")
    class ScaledTanh(keras.layers.Layer):
        """f(x) = 1.7159·tanh(2/3·x), so that f(1) = 1 and f(-1) = -1. LeCun et al., 1998, appendix A."""

        def call(self, inputs: Any) -> Any:
            return 1.7159 * keras.ops.tanh(inputs * (2 / 3))

        def compute_output_shape(self, input_shape: Any) -> Any:
            return input_shape

    return ScaledTanh


@cache
def approximate_gelu_layer() -> Any:
    """The layer of GELU by a tanh, for which Keras has a function and no layer."""
    import keras

    @keras.saving.register_keras_serializable("archspec")
    class ApproximateGelu(keras.layers.Layer):
        """x/2·(1 + tanh(sqrt(2/π)·(x + 0.044715·x³)))."""

        def call(self, inputs: Any) -> Any:
            return keras.ops.gelu(inputs, approximate=True)

        def compute_output_shape(self, input_shape: Any) -> Any:
            return input_shape

    return ApproximateGelu
