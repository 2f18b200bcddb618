"""A functional Keras model as the calls it makes, in order, with models inside it laid open.

Only Keras' public interface is used: `clone_model` runs over the graph, with the layers themselves in place of clones.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import keras


@dataclass(frozen=True, eq=False)
class Call:
    """One call of a layer, or of an operation that is no layer: the values it took, in order, and those it gave."""

    layer: Any
    inputs: tuple[int, ...]
    results: tuple[int, ...]

    @property
    def weights(self) -> tuple[tuple[str, tuple[int, ...]], ...]:
        """The names and shapes of the layer's weights; none for an operation."""
        return tuple((one.name, tuple(one.shape)) for one in getattr(self.layer, "weights", ()))


@dataclass(frozen=True, eq=False)
class Trace:
    """The calls of a model in an order in which they can be made. Values are numbers; `tensors` are their symbols."""

    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    calls: tuple[Call, ...]
    tensors: tuple[Any, ...]

    def values(self, arrays: Sequence[Any]) -> list[Any]:
        """Every value for these inputs, by its number; in inference."""
        symbols = [self.tensors[given] for given in self.inputs]
        model = keras.Model(symbols, list(self.tensors))
        return [keras.ops.convert_to_numpy(value) for value in model(list(arrays), training=False)]


def trace(model: Any) -> Trace:
    """The calls of a functional or sequential model."""
    recorder = _Recorder()
    symbols = [keras.Input(batch_shape=one.shape, dtype=one.dtype) for one in model.inputs]
    for symbol in symbols:
        recorder.number(symbol)
    # A sequential model has one input, and no structure of inputs before it is called.
    is_single = isinstance(model, keras.Sequential)
    given = symbols[0] if is_single else keras.tree.pack_sequence_as(model.input, symbols)
    outputs = tuple(map(recorder.number, keras.tree.flatten(recorder.open(model, given))))
    return Trace(tuple(range(len(symbols))), outputs, tuple(recorder.calls), tuple(recorder.tensors))


class _Recorder:
    """Notes each call while a model is run over symbols."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.tensors: list[Any] = []
        self._numbers: dict[int, int] = {}

    def number(self, tensor: Any) -> int:
        """The number of a value, a new one for a value not met before."""
        known = self._numbers.get(id(tensor))
        if known is None:
            known = self._numbers[id(tensor)] = len(self.tensors)
            self.tensors.append(tensor)
        return known

    def open(self, model: Any, given: Any) -> Any:
        """The outputs of a model for these symbols, by the calls inside it."""
        if isinstance(model, keras.Sequential):
            for layer in model.layers:
                given = self.call(layer, given)
            return given
        calls: list[tuple[Any, Any, Any]] = []

        def noted(layer: Any, *arguments: Any, **keywords: Any) -> Any:
            result = layer(*arguments, **keywords)
            calls.append((layer, (arguments, keywords), result))
            return result

        copy = keras.models.clone_model(model, clone_function=lambda layer: layer, call_function=noted)
        # The copy stands on symbols of its own; its calls are made again on those given.
        places = {id(own): symbol for own, symbol in zip(copy.inputs, keras.tree.flatten(given), strict=True)}

        def placed(structure: Any) -> Any:
            return keras.tree.map_structure(lambda one: places.get(id(one), one), structure)

        for layer, taken, result in calls:
            arguments, keywords = placed(taken)
            made = self.call(layer, *arguments, **keywords)
            places |= {
                id(own): one for own, one in zip(keras.tree.flatten(result), keras.tree.flatten(made), strict=True)
            }
        return placed(copy.output)

    def call(self, layer: Any, *arguments: Any, **keywords: Any) -> Any:
        """Make one call, note it, and give its results."""
        if isinstance(layer, keras.Model):
            return self.open(layer, arguments[0])
        result = layer(*arguments, **keywords)
        inputs = tuple(map(self.number, _symbols((arguments, keywords))))
        self.calls.append(Call(layer, inputs, tuple(map(self.number, _symbols(result)))))
        return result


def _symbols(structure: Any) -> Iterator[Any]:
    return (one for one in keras.tree.flatten(structure) if keras.backend.is_keras_tensor(one))
