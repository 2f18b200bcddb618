"""The words of the language itself, each with what it is for and a small spec that uses it: for `archspec explain`.

The texts are those of the schema. Words that are ops or blocks are declared elsewhere.
"""

from __future__ import annotations

import textwrap

from archspec.schema.declarations import PARAMETER_TEXTS
from archspec.schema.document import KEY_TEXTS
from archspec.schema.items import FOR, FROM, NODE_NAME, ONLY, PARALLEL, REPEAT, ROWS, SIDE, USE, WHEN, WITH

LINE_TEXTS: dict[str, str] = {
    "parallel": PARALLEL,
    "side": SIDE,
    **{
        word: str(rule["description"])
        for word, rule in {
            "repeat": REPEAT, "for": FOR, "rows": ROWS, "use": USE, "with": WITH,
            "from": FROM, "when": WHEN, "only": ONLY, "name": NODE_NAME,
        }.items()
    },
}  # fmt: skip
"""What each word of a line is for."""

_LINES = {
    "parallel": "- parallel: {left: [dense: 4], right: []}\n- concat",
    "repeat": "- repeat: 3\n  layers: [dense: 4, relu]",
    "for": "- for: {units: [8, 4]}\n  layers: [dense: $units]",
    "rows": "- for: [units, times]\n  rows: [[8, 1], [4, 2]]\n  layers: [{repeat: $times, layers: [dense: $units]}]",
    "with": "- concat: {left: [dense: 4], right: []}\n  with: {axis: channels}",
    "from": "- {dense: 4, name: first}\n- relu\n- concat: {deep: [dense: 4], skip: {from: first, layers: []}}",
    "when": "- dense: 4\n- {dropout: 0.5, when: $(1 < 2)}",
    "name": "- {dense: 4, name: scores}",
    "layers": "- dense: 4\n- relu",
}
_NETWORK = "inputs: {values: [8]}\n"
_UNIT = "blocks:\n  unit: {parameters: {width: int}, layers: [dense: $width, relu]}\n"
_SIDE = "layers:\n  - {side: [dense: 1], name: extra}\n  - {dense: 2, name: main}\noutputs: [main, extra]"
_SPECS = {
    "side": f"{_NETWORK}{_SIDE}",
    "only": f"{_NETWORK}{_SIDE.replace('name: extra', 'name: extra, only: training')}",
    "use": "blocks:\n  twice: {parameters: {unit: block}, layers: [use: $unit, use: $unit]}\n"
    f"{_NETWORK}layers: [twice: relu]",
    "extends": "extends: {spec: lenet5}",
    "blocks": f"{_UNIT}{_NETWORK}layers: [unit: 4]",
    "parameters": f"parameters: {{width: {{type: int, default: 4}}}}\n{_NETWORK}layers: [dense: $width]",
    "search": "parameters: {width: {type: int, default: 4, search: {from: 4, to: 16, step: 4}}}\n"
    f"{_NETWORK}layers: [dense: $width]",
    "variants": "parameters: {width: {type: int, default: 4}}\nvariants: {wide: {width: 16}}\n"
    f"{_NETWORK}layers: [dense: $width]",
    "let": f"let: {{width: $(2 * 4)}}\n{_NETWORK}layers: [dense: $width]",
    "defaults": f"defaults: {{dense: {{bias: false}}}}\n{_NETWORK}layers: [dense: 4]",
    "shared": "shared: {tower: [dense: 4]}\ninputs: {left: [8], right: [8]}\n"
    "layers:\n  - concat: {a: {from: left, layers: [tower]}, b: {from: right, layers: [tower]}}",
    "inputs": f"{_NETWORK}layers: [dense: 4]",
    "outputs": f"{_NETWORK}layers: [{{dense: 4, name: scores}}]\noutputs: [scores]",
    "expect": f"{_NETWORK}layers: [dense: 4]\nexpect: {{params: 36}}",
}


def language_word(word: str) -> str | None:
    """A word of the language explained, with a whole spec as its example; `None` for any other."""
    text = LINE_TEXTS.get(word) or KEY_TEXTS.get(word) or PARAMETER_TEXTS.get(word)
    spec = example_of(word)
    if text is None or spec is None:
        return None
    return f"{word}: a word of the language\n\n{text}\n\n{textwrap.indent(spec, '    ')}"


def example_of(word: str) -> str | None:
    """A whole spec that uses a word of the language."""
    if word in _LINES:
        return f"archspec: 1\n{_NETWORK}layers:\n{textwrap.indent(_LINES[word], '  ')}\n"
    return f"archspec: 1\n{_SPECS[word]}\n" if word in _SPECS else None


def language_words() -> tuple[str, ...]:
    """Every word that is explained."""
    return (*_LINES, *_SPECS)
