"""Lowered model -> one Python file with a `build_model()`, which needs Keras and nothing of archspec.

Takes a `LoweredModel`; returns text; reports nothing. Layers that Keras lacks come along as their classes' own source.

    image = keras.Input((28, 28, 1), name="image")
    conv_1 = keras.layers.Conv2D(filters=8, kernel_size=(3, 3), …, name="conv_1")(image)
    return keras.Model(inputs=image, outputs=conv_1, name="net")
"""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterable

from archspec.emission.layer_source import LayerClass, layer_class
from archspec.emission.namespace import Namespace
from archspec.ir.keras_call import KerasLayer, Literal
from archspec.lowering.lower import LayerCall, LoweredModel

WIDTH = 100
INDENT = "    "


def emit(lowered: LoweredModel, *, origin: str = "") -> str:
    """The file's text. `origin` says where the network comes from, in the file's first line."""
    classes = {
        definition.layer.target: layer_class(definition.layer.target)
        for definition in lowered.layers
        if ":" in definition.layer.target
    }
    head = [f'"""{_quote_safe(lowered.name)} as plain Keras{_quote_safe(origin)}."""', "", "import keras"]
    if any("Any" in found.source for found in classes.values()):
        head = [head[0], "", "from typing import Any", "", "import keras"]
    parts = ["\n".join(head)]
    parts += [found.source for found in classes.values()]
    parts.append("\n".join(_function(lowered, classes)))
    parts.append('if __name__ == "__main__":\n    build_model().summary()')
    return "\n\n\n".join(parts) + "\n"


def _function(lowered: LoweredModel, classes: dict[str, LayerClass]) -> list[str]:
    names = Namespace(reserved=("keras", "Any", "build_model", *(found.name for found in classes.values())))
    definitions = {definition.name: definition.layer for definition in lowered.layers}
    uses = Counter(call.layer for call in lowered.calls)
    values = {given.value: names.take(given.value) for given in lowered.inputs}
    body = [
        f"{values[given.value]} = keras.Input({given.shape.dims!r}, name={_literal(given.value)})"
        for given in lowered.inputs
    ]
    shared: dict[str, str] = {}
    for call in lowered.calls:
        layer = definitions[call.layer]
        if uses[call.layer] > 1 and call.layer not in shared:
            shared[call.layer] = names.take(f"{call.layer}_layer")
            body += _statement(f"{shared[call.layer]} = ", layer, call.layer, classes, "")
        results = [names.take(result) for result in call.results]
        applied = _application(call, [values[given] for given in call.inputs])
        values.update(zip(call.results, results, strict=True))
        target = ", ".join(results)
        if call.layer in shared:
            body.append(f"{target} = {shared[call.layer]}{applied}")
        else:
            body += _statement(f"{target} = ", layer, call.layer, classes, applied)
    inputs = _structure((given.value, values[given.value]) for given in lowered.inputs)
    outputs = _structure((output.name, values[output.value]) for output in lowered.outputs)
    body.append(f"return keras.Model(inputs={inputs}, outputs={outputs}, name={_literal(lowered.name)})")
    head = ["def build_model() -> keras.Model:", f'{INDENT}"""The network with fresh weights."""']
    return [*head, *(INDENT + line for line in body)]


def _statement(target: str, layer: KerasLayer, name: str, classes: dict[str, LayerClass], applied: str) -> list[str]:
    """`target = Layer(arguments)(inputs)` on one line, or an argument a line where that is too long."""
    constructor = classes[layer.target].name if layer.target in classes else layer.target
    arguments = [f"{key}={_literal(value)}" for key, value in {**layer.kwargs, "name": name}.items()]
    line = f"{target}{constructor}({', '.join(arguments)}){applied}"
    if len(line) + len(INDENT) <= WIDTH:
        return [line]
    broken = (
        line for argument in arguments for line in f"{INDENT}{argument},".replace("\n", f"\n{INDENT}").split("\n")
    )
    return [f"{target}{constructor}(", *broken, f"){applied}"]


def _application(call: LayerCall, inputs: list[str]) -> str:
    given = inputs[0] if len(inputs) == 1 else "[" + ", ".join(inputs) + "]"
    return f"({given})" if call.training is None else f"({given}, training={call.training})"


def _structure(named: Iterable[tuple[str, str]]) -> str:
    """A tensor where there is one, a dictionary by name where there are several, as the backend does."""
    pairs = list(named)
    if len(pairs) == 1:
        return pairs[0][1]
    return "{" + ", ".join(f"{_literal(name)}: {value}" for name, value in pairs) + "}"


def _literal(value: Literal, margin: str = "") -> str:
    """A value as Python; a long tuple on several lines, a row a line where it is a table."""
    text = f'"{value}"' if isinstance(value, str) and '"' not in value and value.isprintable() else repr(value)
    if not isinstance(value, tuple) or len(text) + len(margin) + 2 * len(INDENT) + 20 <= WIDTH:
        return text
    inner = margin + INDENT
    if isinstance(value[0], tuple):
        rows = "".join(f"{inner}{_literal(row, inner)},\n" for row in value)
    else:
        words = textwrap.wrap(", ".join(map(_literal, value)) + ",", WIDTH - len(inner) - 2 * len(INDENT))
        rows = "".join(f"{inner}{line}\n" for line in words)
    return f"(\n{rows}{margin})"


def _quote_safe(text: str) -> str:
    """Text that cannot end the docstring it stands in."""
    return text.replace("\\", "/").replace('"', "'")
