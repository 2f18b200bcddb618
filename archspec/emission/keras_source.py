"""Lowered model -> one Python file with a `build_model()`, which needs Keras and nothing of archspec.

Takes a `LoweredModel`; returns text; reports nothing. Layers that Keras lacks come along as their classes' own source.

    image = keras.Input((28, 28, 1), name="image")
    conv_1 = keras.layers.Conv2D(filters=8, kernel_size=(3, 3), …, name="conv_1")(image)
    return keras.Model(inputs=image, outputs=conv_1, name="net")
"""

from __future__ import annotations

import importlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping

from archspec.emission.layer_source import LayerClass, layer_class
from archspec.emission.namespace import Namespace
from archspec.emission.python_text import Bracketed, Code, docstring, literal, named, quoted, statement
from archspec.ir.keras_call import KerasLayer
from archspec.lowering.lower import LayerCall, LoweredModel, PredictedValue
from archspec.plugins.failure import PluginError

HEAD = '''
def build_model() -> keras.Model:
    """The network with fresh weights."""
    if keras.config.image_data_format() != "channels_last":
        raise ValueError("this network takes channels-last images, and Keras is set to channels-first")
'''.strip()
"""Keras' layers take the order of axes from its settings when they are made; another would change the network."""

DEEP_CHAIN = 500
"""Calls in a chain from which on the file makes room for it: Keras orders the layers by a recursion as deep as the
longest chain, and Python's limit is 1,000 frames, of which the file's caller may have used some."""

ROOM = """
    # Keras follows the longest chain of layers by recursion, deeper than Python's limit.
    sys.setrecursionlimit(max(sys.getrecursionlimit(), {frames}))
""".strip("\n")

TAIL = """
if __name__ == "__main__":
    build_model().summary()
""".strip()


def emit(lowered: LoweredModel, *, origin: str = "") -> str:
    """The file's text. `origin` says where the network comes from, in the file's first line."""
    targets = [target for definition in lowered.layers for target in definition.layer.targets]
    classes = {target: layer_class(target) for target in targets if ":" in target}
    _check_names(classes)
    sources = [found.source for found in classes.values()]
    standard = ["import sys"] if _is_deep(lowered) else []
    if any(re.search(r"\bAny\b", source) for source in sources):
        standard.append("from typing import Any")
    imports = [*standard, "", "import keras"] if standard else ["import keras"]
    head = "\n".join([docstring(f"{lowered.name} as plain Keras{origin}."), "", *imports])
    return "\n\n\n".join([head, *sources, _function(lowered, classes), TAIL]) + "\n"


def _check_names(classes: Mapping[str, LayerClass]) -> None:
    """Raise `PluginError` where a plugin's layer is called like another's: archspec's own differ from each other."""
    targets: dict[str, str] = {}
    for target, found in sorted(classes.items()):
        other = targets.setdefault(found.name, target)
        if other != target:
            own, another = (one.partition(":")[2] for one in (target, other))
            message = (
                f"the class of `{own}` is called `{found.name}`, like that of `{another}`, and one file holds both"
            )
            module = importlib.import_module(target.partition(":")[0])
            raise PluginError(str(module.__file__), message)


def _function(lowered: LoweredModel, classes: Mapping[str, LayerClass]) -> str:
    names = Namespace(
        reserved=("keras", "sys", "float", "Any", "build_model", *(found.name for found in classes.values()))
    )
    definitions = {definition.name: definition.layer for definition in lowered.layers}
    uses = Counter(call.layer for call in lowered.calls)
    values = {given.value: names.take(given.value) for given in lowered.inputs}
    lines = [_input(values[given.value], given) for given in lowered.inputs]
    shared: dict[str, str] = {}
    for call in lowered.calls:
        made = _constructor(call.layer, definitions[call.layer], classes)
        if uses[call.layer] > 1 and call.layer not in shared:
            shared[call.layer] = names.take(f"{call.layer}_layer")
            lines.append(statement([_after(f"{shared[call.layer]} = ", made)]))
        results = [names.take(result) for result in call.results]
        applied = _application(call, [values[given] for given in call.inputs])
        values.update(zip(call.results, results, strict=True))
        target = ", ".join(results) + " = "
        if call.layer in shared:
            lines.append(statement([_after(target + shared[call.layer], applied)]))
        else:
            lines.append(statement([_after(target, made), applied]))
    inputs = _structure((given.value, values[given.value]) for given in lowered.inputs)
    outputs = _structure((output.name, values[output.value]) for output in lowered.outputs)
    model = (named("inputs", inputs), named("outputs", outputs), _name(lowered.name))
    room = [ROOM.format(frames=2 * DEEP_CHAIN + lowered.longest_chain)] if _is_deep(lowered) else []
    return "\n".join([HEAD, *lines, *room, statement([Bracketed("return keras.Model(", model, ")")])])


def _is_deep(lowered: LoweredModel) -> bool:
    return lowered.longest_chain >= DEEP_CHAIN


def _input(target: str, given: PredictedValue) -> str:
    return statement([Bracketed(f"{target} = keras.Input(", (repr(given.shape.static_dims), _name(given.value)), ")")])


def _constructor(name: str, layer: KerasLayer, classes: Mapping[str, LayerClass]) -> Bracketed:
    """`Layer(arguments, name=…)`."""
    made = _object(layer, classes)
    return Bracketed(made.opening, (*made.items, _name(name)), made.closing)


def _object(layer: KerasLayer, classes: Mapping[str, LayerClass]) -> Bracketed:
    """`Layer(arguments)`, with the objects among its arguments in the same form."""
    target = classes[layer.target].name if layer.target in classes else layer.target
    arguments = tuple(
        named(key, _object(value, classes) if isinstance(value, KerasLayer) else literal(value))
        for key, value in layer.kwargs.items()
    )
    return Bracketed(f"{target}(", arguments, ")")


def _application(call: LayerCall, inputs: list[str]) -> Bracketed:
    is_plain = call.apart or len(inputs) == 1
    given: tuple[Code, ...] = tuple(inputs) if is_plain else (Bracketed("[", tuple(inputs), "]"),)
    flag = () if call.training is None else (f"training={call.training}",)
    options = tuple(named(key, literal(value)) for key, value in call.options.items())
    return Bracketed("(", (*given, *flag, *options), ")")


def _after(text: str, code: Bracketed) -> Bracketed:
    return Bracketed(text + code.opening, code.items, code.closing, code.packed)


def _name(name: str) -> Code:
    return named("name", quoted(name))


def _structure(pairs: Iterable[tuple[str, str]]) -> Code:
    """A tensor where there is one, a dictionary by name where there are several, as the backend does."""
    found = list(pairs)
    if len(found) == 1:
        return found[0][1]
    return Bracketed("{", tuple(f"{quoted(name)}: {value}" for name, value in found), "}")
