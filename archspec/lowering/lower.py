"""Typed graph -> lowered model: named Keras layers and their calls, as data. Needs no Keras.

Takes a `Graph`; returns a `LoweredModel`; reports nothing. Each op's own rule makes its calls; this stage only names
them: a layer is called after its node's path with `.` for `/`, which Keras refuses in names. Inside shared layers a
layer with weights is called after the weights' path, made once and called at each use.

    conv1/conv (conv, half padding)  ->  layers  conv1.conv.pad, conv1.conv
                                         calls   conv1.conv.pad(image), conv1.conv(conv1.conv.pad)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from archspec.ir.graph import Graph, Node, owners
from archspec.ir.keras_call import KerasLayer, Literal, Lowering
from archspec.ir.shape import Shape
from archspec.plugins.guard import Guarded


@dataclass(frozen=True, slots=True)
class LayerDefinition:
    """A Keras layer to be made once: its name in the model, its constructor and arguments."""

    name: str
    layer: KerasLayer
    plugin: str = ""
    """The file of the plugin whose op asks for it; empty for archspec's own ops."""


@dataclass(frozen=True, slots=True)
class LayerCall:
    """One application of a defined layer to values, by the values' names."""

    layer: str
    inputs: tuple[str, ...]
    results: tuple[str, ...]
    training: bool | None
    apart: bool = False
    options: Mapping[str, Literal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PredictedValue:
    """What the proof expects of a node's output: `value` in the built model has this shape."""

    path: str
    value: str
    shape: Shape


@dataclass(frozen=True, slots=True)
class PredictedWeight:
    """What the proof expects of a weight: `variable` of the Keras layer has this shape and trains or not.

    It is a name, or as much of a path's end as tells it apart from those of layers inside.
    """

    path: str
    layer: str
    variable: str
    shape: tuple[int, ...]
    trainable: bool


@dataclass(frozen=True, slots=True)
class NamedValue:
    """An output of the model and the value it stands for."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class LoweredModel:
    """A network as Keras calls in graph order, with the facts that the built model must show."""

    name: str
    inputs: tuple[PredictedValue, ...]
    layers: tuple[LayerDefinition, ...]
    calls: tuple[LayerCall, ...]
    outputs: tuple[NamedValue, ...]
    values: tuple[PredictedValue, ...]
    weights: tuple[PredictedWeight, ...]

    @property
    def longest_chain(self) -> int:
        """The most calls that follow one from another."""
        lengths = {given.value: 0 for given in self.inputs}
        for call in self.calls:
            length = 1 + max(lengths[value] for value in call.inputs)
            lengths.update(dict.fromkeys(call.results, length))
        return max(lengths.values())


@dataclass(frozen=True, slots=True)
class LoweredNode:
    """The layers and calls of one node, and the names of its output values."""

    layers: tuple[LayerDefinition, ...]
    calls: tuple[LayerCall, ...]
    outputs: tuple[str, ...]


def lower(graph: Graph) -> LoweredModel:
    """The whole graph as Keras calls."""
    names: dict[tuple[str, int], str] = {(given.name, 1): given.name for given in graph.inputs}
    layers: list[LayerDefinition] = []
    calls: list[LayerCall] = []
    values: list[PredictedValue] = []
    weights: list[PredictedWeight] = []
    owned = {node.path for node in owners(graph.nodes)}
    for node in graph.nodes:
        lowering = node.op.to_keras(node.input_shapes)
        inputs = [names[value.path, value.place] for value in node.inputs]
        plugin = node.op.plugin_path if isinstance(node.op, Guarded) else ""
        lowered = lower_node(keras_name(node.path), lowering, inputs, keras_name(node.definition), plugin)
        calls += lowered.calls
        if node.path in owned:
            layers += lowered.layers
            weights += _predict_weights(node, lowering)
        else:
            # The layers with weights are made at the first use; the others depend on what flows into this one.
            kept = _with_weights(keras_name(node.definition), lowering)
            layers += [definition for definition in lowered.layers if definition.name not in kept]
        for place, (value, shape) in enumerate(zip(lowered.outputs, node.shapes, strict=True), start=1):
            names[node.path, place] = value
            values.append(PredictedValue(node.path, value, shape))
    return LoweredModel(
        name=keras_name(graph.name),
        inputs=tuple(PredictedValue(given.name, given.name, given.shape) for given in graph.inputs),
        layers=tuple(layers),
        calls=tuple(calls),
        outputs=tuple(NamedValue(out.name, names[out.value.path, out.value.place]) for out in graph.outputs),
        values=tuple(values),
        weights=tuple(weights),
    )


def lower_node(
    name: str, lowering: Lowering, inputs: Sequence[str], shared: str | None = None, plugin: str = ""
) -> LoweredNode:
    """One op's lowering with its layers named after `name` and its inputs bound to the values named `inputs`.

    The layers that have weights are named after `shared` where it is given; `plugin` is the file of a plugin's op.
    """
    values = {f"in/{place}": value for place, value in enumerate(inputs, start=1)}
    kept = {variable.layer for variable in lowering.variables.values()}
    names = {key: _layer_name((shared or name) if key in kept else name, key) for key in lowering.layers}
    calls: list[LayerCall] = []
    for application in lowering.applications:
        layer = names[application.layer]
        times = 1 + sum(call.layer == layer for call in calls)
        results = _result_names(_layer_name(name, application.layer), times, len(application.results))
        given = tuple(values[value] for value in application.inputs)
        flags = application.training, application.apart, application.options
        calls.append(LayerCall(layer, given, results, *flags))
        values.update(zip(application.results, results, strict=True))
    return LoweredNode(
        layers=tuple(LayerDefinition(names[key], layer, plugin) for key, layer in lowering.layers.items()),
        calls=tuple(calls),
        outputs=tuple(values[output] for output in lowering.outputs),
    )


def keras_name(path: str) -> str:
    """A path as a Keras name.

    >>> keras_name("stage2/unit1/conv_a")
    'stage2.unit1.conv_a'
    """
    return path.replace("/", ".")


def _layer_name(name: str, key: str) -> str:
    return f"{name}.{key}" if key else name


def _result_names(layer: str, times: int, count: int) -> tuple[str, ...]:
    """What the results of a layer's application are called; from its second on they are told apart by a number."""
    applied = layer if times == 1 else f"{layer}#{times}"
    return (applied,) if count == 1 else tuple(f"{applied}:{place}" for place in range(1, count + 1))


def _with_weights(name: str, lowering: Lowering) -> set[str]:
    return {_layer_name(name, variable.layer) for variable in lowering.variables.values()}


def _predict_weights(node: Node, lowering: Lowering) -> list[PredictedWeight]:
    name = keras_name(node.definition)
    return [
        PredictedWeight(
            path=f"{node.definition}/{weight.name}",
            layer=_layer_name(name, lowering.variables[weight.name].layer),
            variable=lowering.variables[weight.name].name,
            shape=weight.shape,
            trainable=weight.trainable,
        )
        for weight in node.weights
    ]
