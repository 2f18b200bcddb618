"""What a file or block declares before its lines, as JSON Schema: parameters, variants, blocks, shapes, contracts."""

from __future__ import annotations

import re

from archspec.analysis.bounds import FORMS
from archspec.analysis.figures import FIGURES, MEMORY
from archspec.elaboration.field_types import field_types
from archspec.elaboration.parameters import HANDED_ON, SIMPLE
from archspec.ir.op import Op
from archspec.ops import Vocabulary
from archspec.schema.items import REFERENCES, Strictness, variable_names
from archspec.schema.values import EXPRESSION, Json, value_schema
from archspec.syntax.declarations import BLOCK_KEYS, FILE_ENDINGS, PARAMETER_KEYS
from archspec.syntax.items import RESERVED
from archspec.syntax.names import NAME
from archspec.syntax.patches import EXTENDS_KEYS, OPERATIONS

BLOCK_TEXTS = {
    "about": "what the block is, in a line",
    "reference": "where the block was published",
    "parameters": "what a use may set; the first may stand alone",
    "inputs": "the names of the values that flow in; left out, any number may, as `in`",
    "let": "derived values",
    "shared": "layers with one set of weights for each use of the block",
    "layers": "the block's lines; `in` is its input everywhere",
    "outputs": "what the block gives; left out, what flows at the end",
}
PARAMETER_TEXTS = {
    "type": "the parameter's type: a word, or an op's field, which brings its default and range",
    "default": "the value unless given",
    "min": "the smallest value",
    "max": "the largest value",
    "one_of": "the values there are",
    "search": "the values over which `archspec enumerate` goes: a list, or a range with both its ends",
    "about": "what the parameter is, in a line",
}
FIGURE_TEXTS = {
    "params": "all parameters, trainable or not",
    "trainable": "trainable parameters",
    "non_trainable": "parameters that training does not change, such as moving statistics",
    "macs": "multiply-accumulates of convolutions and matrix products for one example",
    "flops": "operations on floating-point numbers: two for each multiply-accumulate",
    "connections": "connections for one example, as LeNet-5's paper counts them",
    "depth": "layers with weights on the longest way through the network",
    "memory": "bytes at the peak of inference, or of a training step by SGD, of one example in 32 bits",
}
TEXT: Json = {"type": ["string", "number", "boolean"]}


def declaration_definitions(ops: Vocabulary) -> Json:
    """The definitions that document and blocks refer to."""
    return {"parameters": _parameters(ops), "variant": _variant(), "expect": _expect(), "figure": _figure()}


def block(strictness: Strictness) -> Json:
    """A block's declaration."""
    values: dict[str, Json] = {
        "about": TEXT,
        "parameters": {
            "allOf": [{"$ref": "#/definitions/parameters"}],
            # Only what is set from outside a file is searched.
            "additionalProperties": {"properties": {"search": False}},
        },
        "inputs": REFERENCES,
        "let": {"type": "object", "propertyNames": variable_names()},
        "shared": shared_layers(strictness),
        "layers": {"$ref": f"#/definitions/layers{strictness.value}"},
        "outputs": REFERENCES,
    }
    return {
        "type": "object",
        "properties": {key: {"description": BLOCK_TEXTS.get(key, ""), **values.get(key, {})} for key in BLOCK_KEYS},
        "required": ["layers"],
        "additionalProperties": False,
    }


def block_or_import(strictness: Strictness) -> Json:
    """A block, or the file that it comes from."""
    of_file: Json = {"type": "string", "pattern": _endings(), "errorMessage": "must be a file's path or a mapping"}
    imported = _closed({"from": {"description": "the file", **of_file}, "block": {"description": "its name there"}})
    written: Json = {"$ref": f"#/definitions/block{strictness.value}"}
    by_mapping: Json = {"if": {"required": ["from"]}, "then": imported, "else": written}
    return {"type": ["string", "object"], "if": {"type": "string"}, "then": of_file, "else": by_mapping}


def extends(strictness: Strictness) -> Json:
    """What a file extends: a spec, or a spec with its settings and patches."""
    path: Json = {"type": "string", "description": "the path of a line, as `archspec summary` shows it"}
    contents: dict[str | None, Json] = {
        "layers": {"layers": {"$ref": f"#/definitions/layers{strictness.value}"}},
        "with": {"with": {"type": "object", "description": "the fields and their new values"}},
        None: {},
    }
    patches = [
        {**_closed({word: path, **contents[content]}), "required": [word, content] if content else [word]}
        for word, content in OPERATIONS.items()
    ]
    spec: Json = {"type": "string", "description": "a file's path, or a shipped spec's name"}
    values: dict[str, Json] = {
        "spec": spec,
        "variant": {"type": "string", "description": "which of its variants"},
        "with": {"type": "object", "description": "what its parameters are set to"},
        "patch": {"type": "array", "description": "changes to its lines, each by path", "items": {"oneOf": patches}},
    }
    whole: Json = {**_closed({key: values[key] for key in EXTENDS_KEYS}), "required": ["spec"]}
    return {"type": ["string", "object"], "if": {"type": "object"}, "then": whole}


def _endings() -> str:
    return "(?:" + "|".join(re.escape(ending) for ending in FILE_ENDINGS) + ")$"


def shared_layers(strictness: Strictness) -> Json:
    """Shared layers by their words, which are paths."""
    return {
        "type": "object",
        "propertyNames": own_words(f"{NAME.pattern}(?:/{NAME.pattern})*"),
        "additionalProperties": {"$ref": f"#/definitions/layers{strictness.value}"},
    }


def own_words(pattern: str) -> Json:
    """The words that a file may declare: names of that pattern, but for the words of the language."""
    pattern = f"^(?!(?:{'|'.join([*RESERVED, 'in', 'parallel'])})$)(?:{pattern})$"
    return {"title": "name", "pattern": pattern, "errorMessage": "must be a name, and no word of the language"}


def shape(largest: int) -> Json:
    """A shape: sizes, expressions, and words for open sizes; one size may stand alone."""
    message = f"must be sizes of 1 to {largest:,}, expressions such as `$size`, or words for open sizes"
    size: Json = {"minimum": 1, "maximum": largest, "pattern": rf"^(?:{NAME.pattern})$|^\?$|{EXPRESSION}"}
    item: Json = {"type": ["integer", "string"], **size, "errorMessage": message}
    return {"type": ["array", "integer", "string"], "items": item, "minItems": 1, **size, "errorMessage": message}


def _parameters(ops: Vocabulary) -> Json:
    of_ops = (f"{word}.{field}" for word in sorted(ops.words()) for field in field_types(_op(word, ops)))
    message = f"must be one of {', '.join([*SIMPLE, *HANDED_ON])}, or an op's field such as `conv.padding`"
    kind: Json = {"enum": [*SIMPLE, *HANDED_ON, *of_ops], "errorMessage": message}
    limit = value_schema(float)
    choices: Json = {"type": ["array", "string"], "pattern": EXPRESSION, "errorMessage": "must be a list"}
    values: dict[str, Json] = {
        "type": kind, "min": limit, "max": limit, "one_of": choices, "search": _search(), "about": TEXT,
    }  # fmt: skip
    parameter: Json = {
        "type": ["string", "object"],
        "anyOf": [kind, {"type": "object"}],
        "properties": {
            key: {"description": PARAMETER_TEXTS.get(key, ""), **values.get(key, {})} for key in PARAMETER_KEYS
        },
        "required": ["type"],
        "additionalProperties": False,
        "allOf": [_default_of(name) for name in SIMPLE],
    }
    return {"type": "object", "propertyNames": variable_names(), "additionalProperties": parameter}


def _search() -> Json:
    """Choices, or a range."""
    number: Json = {"type": "number"}
    span = {
        **_closed({"from": number, "to": number, "step": {**number, "exclusiveMinimum": 0}}),
        "required": ["from", "to"],
    }
    message = "must be a list of choices, or a range `{from: 16, to: 128, step: 16}`"
    choices: Json = {"type": ["array", "object"], "minItems": 1, "uniqueItems": True, "errorMessage": message}
    return {**choices, "if": {"type": "object"}, "then": span}


def _op(word: str, ops: Vocabulary) -> type[Op]:
    op = ops.find(word)
    assert op is not None
    return op


def _default_of(name: str) -> Json:
    """A parameter's default is of its type."""
    is_of_it: Json = {"required": ["type"], "properties": {"type": {"const": name}}}
    return {"if": is_of_it, "then": {"properties": {"default": value_schema(SIMPLE[name].annotation)}}}


def _variant() -> Json:
    expect: Json = {"description": "the contracts that hold for this variant", "$ref": "#/definitions/expect"}
    return {"type": ["object", "null"], "properties": {"expect": expect}}


def _expect() -> Json:
    node = {**_figures(), "shape": _open_shape("the node's shape"), "cite": _cite()}
    nodes: Json = {"type": "object", "minProperties": 1, "additionalProperties": _closed(node)}
    outputs: Json = {"type": "object", "minProperties": 1, "additionalProperties": _open_shape("the output's shape")}
    outputs["properties"] = {"cite": _cite()}
    return _closed(
        {
            **_figures(),
            MEMORY: _described(MEMORY),
            "nodes": {"description": "contracts on nodes and blocks, by path", **nodes},
            "outputs": {"description": "the outputs' shapes, by name", **outputs},
            "cite": _cite(),
        }
    )


def _figures() -> Json:
    return {figure: _described(figure) for figure in FIGURES}


def _described(figure: str) -> Json:
    return {"description": FIGURE_TEXTS.get(figure, ""), "allOf": [_FIGURE]}


_FIGURE: Json = {"$ref": "#/definitions/figure"}


def _figure() -> Json:
    """A figure: exact, bounded, with a tolerance, or one for each mode."""
    forms = "|".join(form.pattern for form, _ in FORMS)
    one: Json = {
        "type": ["number", "string"],
        "minimum": 0,
        "pattern": rf"^\s*(?:{forms})\s*$",
        "patternErrorMessage": "must be a number, `<= 5M`, `5M .. 6M` or `60M +- 1%`",
    }
    modes: Json = {mode: {"description": f"the figure in {mode}", **one} for mode in ("inference", "training")}
    return {**one, **_closed(modes), "type": ["number", "string", "object"], "minProperties": 1}


def _open_shape(text: str) -> Json:
    size: Json = {"type": ["integer", "string"], "minimum": 0}
    return {"description": text, "type": ["array", "integer", "string"], "items": size, "minItems": 1}


def _cite() -> Json:
    return {"description": "where the figures are from"}


def _closed(properties: Json) -> Json:
    return {"type": "object", "properties": properties, "additionalProperties": False}
