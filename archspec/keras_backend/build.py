"""Lowered model -> `keras.Model`: makes each layer and each call that the lowering names. Holds no op's rule."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import keras

from archspec.ir.keras_call import KerasLayer, Lowering
from archspec.keras_backend.chains import room_for_chain
from archspec.lowering.lower import LayerCall, LayerDefinition, LoweredModel, lower_node
from archspec.plugins.failure import PluginError


@dataclass(frozen=True)
class BuiltModel:
    """A Keras model with the handles that the proof needs: its layers and symbolic values by their lowered names."""

    model: Any
    layers: dict[str, Any]
    values: dict[str, Any]


def build(lowered: LoweredModel) -> BuiltModel:
    """Make the model. One input or output is taken and given as a tensor, several as a dictionary by name.

    An input that reaches no output stays an input of the model; an output may be an input itself.
    """
    values = {given.value: keras.Input(given.shape.static_dims, name=given.value) for given in lowered.inputs}
    inputs = dict(values)
    with channels_last():
        layers = {}
        for definition in lowered.layers:
            with blamed(definition):
                layers[definition.name] = make_layer(definition.layer, definition.name)
        definitions = {definition.name: definition for definition in lowered.layers}
        for call in lowered.calls:
            with blamed(definitions[call.layer]):
                run_call(call, layers[call.layer], values)
    outputs = {output.name: values[output.value] for output in lowered.outputs}
    with room_for_chain(lowered.longest_chain):
        model = keras.Model(_single(inputs), _single(outputs), name=lowered.name)
    return BuiltModel(model, layers, values)


def apply(lowering: Lowering, inputs: Sequence[Any], name: str) -> tuple[list[Any], dict[str, Any]]:
    """Run one op's lowering on Keras tensors: its outputs, and its layers by the lowering's keys."""
    names = [f"in/{place}" for place in range(1, len(inputs) + 1)]
    lowered = lower_node(name, lowering, names)
    values = dict(zip(names, inputs, strict=True))
    with channels_last():
        made = [make_layer(definition.layer, definition.name) for definition in lowered.layers]
        layers = {layer.name: layer for layer in made}
        for call in lowered.calls:
            run_call(call, layers[call.layer], values)
    return [values[output] for output in lowered.outputs], dict(zip(lowering.layers, made, strict=True))


@contextmanager
def channels_last() -> Iterator[None]:
    """Keras with the order of axes that shapes have here, whatever its settings say.

    Layers keep the order that is set when they are made, and write it into their configuration: what is made inside
    computes, saves and loads alike under either setting.
    """
    before = keras.config.image_data_format()
    keras.config.set_image_data_format("channels_last")
    try:
        yield
    finally:
        keras.config.set_image_data_format(before)


def make_layer(definition: KerasLayer, name: str) -> Any:
    """The Keras layer that a definition describes."""
    return resolve(definition.target)(**_arguments(definition), name=name)


def _arguments(definition: KerasLayer) -> dict[str, Any]:
    """The keyword arguments, with the objects among them made."""
    return {
        key: resolve(value.target)(**_arguments(value)) if isinstance(value, KerasLayer) else value
        for key, value in definition.kwargs.items()
    }


def resolve(target: str) -> Any:
    """The layer class that a target names: a dotted name under `keras`, or the result of `module:function`."""
    module, _, function = target.partition(":")
    if function:
        return getattr(importlib.import_module(module), function)()
    found: Any = keras
    for part in target.split(".")[1:]:
        found = getattr(found, part)
    return found


def variables_named(name: str, variables: Sequence[Any]) -> list[Any]:
    """Those among a layer's variables whose path ends in a name, or in the names of layers inside it and a name."""
    return [variable for variable in variables if f"/{variable.path}".endswith(f"/{name}")]


def run_call(call: LayerCall, layer: Any, values: dict[str, Any]) -> None:
    """Call a layer on the values that a call names, and put its results among them."""
    given = [values[name] for name in call.inputs]
    flag = {} if call.training is None else {"training": call.training}
    taken = given if call.apart or len(given) == 1 else [given]
    result = layer(*taken, **flag, **call.options)
    values.update(zip(call.results, result if len(call.results) > 1 else [result], strict=True))


@contextmanager
def blamed(definition: LayerDefinition) -> Iterator[None]:
    """Have what is raised inside be the plugin's failure, where it is one whose op asks for the layer."""
    try:
        yield
    except Exception as error:
        if not definition.plugin:
            raise
        what = definition.layer.target.rpartition(":")[2]
        message = f"the layer `{definition.name}`, of `{what}`, raised {type(error).__name__}: {error}"
        raise PluginError(definition.plugin, message) from error


def _single(values: dict[str, Any]) -> Any:
    return next(iter(values.values())) if len(values) == 1 else values
