"""Activations: a function applied to each value (or, for softmax and its like, along the channels).

Each word is an op (`- relu`), and each is also a name that the field `activation` of other ops takes, and that the op
`activation` takes, which serves blocks that are given a name. An activation owns no weight and counts no MACs. Some
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
from typing import Any, ClassVar, Literal

from pydantic import Field

from archspec.ir.footprint import Footprint
from archspec.ir.keras_call import KerasLayer, Lowering, lower_to
from archspec.ir.op import Op, spatial_rank
from archspec.ir.reach import Reach, everywhere, pointwise
from archspec.ir.shape import Shape
from archspec.ops._functions import FUNCTIONS, ActivationName, Number, function_footprint


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
        "principal": next(iter(function.numbers), None),
        "example": _example(word),
        **{name: _field(number) for name, number in function.numbers.items()},
        "__annotations__": {
            "function": ClassVar[str],
            "principal": ClassVar[str | None],
            **dict.fromkeys(function.numbers, float),
        },
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
        function = FUNCTIONS[self.function]
        given = {name: getattr(self, name) for name in function.numbers}
        if function.with_numbers:
            arguments = {function.numbers[name].argument: value for name, value in given.items()}
            return lower_to(KerasLayer(function.with_numbers, arguments))
        is_default = all(value == function.numbers[name].default for name, value in given.items())
        return _lower(self.function) if is_default else _lower_with(self.function, tuple(given.values()))


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
        return _lower_with("gelu", (True,)) if self.approximate else _lower("gelu")


class Softmax(Op):
    """softmax(x) = exp(x) / Σ exp(x), along the channels of each position or along all positions of each channel

    Source:  Bridle, "Probabilistic interpretation of feedforward classification network outputs", 1990, equation 5.
    """

    principal: ClassVar[str | None] = "along"
    example: ClassVar[str] = """
        archspec: 1
        inputs: {map: [14, 14, 8]}
        layers:
          - conv: {filters: 1, kernel: 1}
          - softmax: positions
    """

    along: Literal["channels", "positions"] = Field("channels", description="what sums to 1: `channels` or `positions`")

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> tuple[Shape, ...]:
        if self.along == "positions":
            spatial_rank(inputs[0])
        return inputs

    def reach(self, inputs: tuple[Shape, ...]) -> Reach:
        return pointwise(inputs[0]) if self.along == "channels" else everywhere(inputs[0])

    def footprint(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Footprint:
        return function_footprint("softmax", inputs[0])

    @property
    def ends_in(self) -> str:
        return "softmax"

    def to_keras(self, inputs: tuple[Shape, ...]) -> Lowering:
        if self.along == "channels":
            return _lower("softmax")
        return lower_to(KerasLayer("keras.layers.Softmax", {"axis": tuple(range(1, inputs[0].rank))}))


WITH_FIELDS: Mapping[str, type[Op]] = {
    "activation": Activation, "gelu": Gelu, "softmax": Softmax,
}  # fmt: skip


def _lower(name: str) -> Lowering:
    if name == "none":
        return lower_to(KerasLayer("keras.layers.Identity"))
    function = FUNCTIONS[name]
    return lower_to(function.layer or KerasLayer("keras.layers.Activation", {"activation": function.keras}))


def _lower_with(name: str, numbers: tuple[float, ...]) -> Lowering:
    """A function of the input and of numbers beside it."""
    return lower_to(KerasLayer(f"{__name__}:function_of_numbers_layer", {"function": name, "numbers": numbers}))


def _field(number: Number) -> Any:
    if number.is_above:
        return Field(number.default, gt=number.least, description=number.description)
    return Field(number.default, ge=number.least, description=number.description)


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
def sparsemax_layer() -> Any:
    """The layer of sparsemax; the values of keras.activations.sparsemax do not sum to 1."""
    import keras

    @keras.saving.register_keras_serializable("archspec")
    class Sparsemax(keras.layers.Layer):
        """max(x - t, 0) along the last axis, with the t that makes the sum 1: the nearest point of the simplex."""

        def call(self, inputs: Any) -> Any:
            values = keras.ops.cast(inputs, "float32")
            ordered = keras.ops.flip(keras.ops.sort(values, axis=-1), axis=-1)
            places = keras.ops.cumsum(keras.ops.ones_like(ordered), axis=-1)
            is_kept = 1 + places * ordered > keras.ops.cumsum(ordered, axis=-1)
            many = keras.ops.sum(keras.ops.cast(is_kept, "float32"), axis=-1, keepdims=True)
            kept = keras.ops.sum(keras.ops.where(is_kept, ordered, 0.0), axis=-1, keepdims=True)
            return keras.ops.cast(keras.ops.relu(values - (kept - 1) / many), self.compute_dtype)

        def compute_output_shape(self, input_shape: Any) -> Any:
            return input_shape

    return Sparsemax


@cache
def function_of_numbers_layer() -> Any:
    """The layer of a function whose numbers are not the defaults, for which Keras has no layer."""
    import keras

    @keras.saving.register_keras_serializable("archspec")
    class FunctionOfNumbers(keras.layers.Layer):
        """The `function` of that name in `keras.ops`, of the input and of fixed `numbers`."""

        def __init__(self, function: str, numbers: Any, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.function = function
            self.numbers = tuple(numbers)

        def call(self, inputs: Any) -> Any:
            return getattr(keras.ops, self.function)(inputs, *self.numbers)

        def compute_output_shape(self, input_shape: Any) -> Any:
            return input_shape

        def get_config(self) -> dict[str, Any]:
            return {**super().get_config(), "function": self.function, "numbers": self.numbers}

    return FunctionOfNumbers
