"""A whole spec as JSON Schema of draft 7, from the declarations: an editor then helps with what `check` demands.

It says nothing of what follows from several places of a file: shapes, references, arguments of the file's own blocks.
`errorMessage`, `patternErrorMessage` and `markdownDescription` are words of editors, which validators pass over.
"""

from __future__ import annotations

import json

from archspec.elaboration.boundary import LARGEST_SIZE
from archspec.ops import OWN, Vocabulary
from archspec.schema.declarations import (
    block,
    block_or_import,
    declaration_definitions,
    extends,
    own_words,
    shape,
    shared_layers,
)
from archspec.schema.items import (
    NAME_SCHEMA,
    REFERENCES,
    Strictness,
    item_definitions,
    names_no_word,
    variable_names,
    word_definitions,
)
from archspec.schema.records import record_schema
from archspec.schema.values import Json
from archspec.schema.words import Word, all_words
from archspec.syntax.limits import MAX_NAME, MAX_VARIANTS
from archspec.syntax.names import NAME
from archspec.syntax.parser import DOCUMENT_KEYS
from archspec.syntax.version import VERSION
from archspec.training.config import Recipe

KEY_TEXTS = {
    "archspec": "the version of the language",
    "name": "the network's name; left out, the file's",
    "reference": "where the network was published: title, id, year, table, …",
    "meta": "anything else that the author wants to keep here",
    "extends": "the one spec whose lines these are, with its variant, its parameters and the patches to its lines",
    "parameters": "what can be set from outside: `name: type`, or `name: {type: …, default: …}`",
    "variants": "named sets of parameters, each with its own `expect` if it has one",
    "let": "derived values, tables and long formulas, which cannot be set from outside",
    "inputs": "the network's inputs by name, each with its shape without the batch: `image: [224, 224, 3]`",
    "defaults": "fields that uses of an op or block in this file have unless they say otherwise",
    "blocks": "blocks of layers to be used like ops, each with parameters of its own",
    "shared": "layers with one set of weights each, used by their word like an op, however often",
    "layers": "the network, line by line; each takes what the line above gives",
    "outputs": "the names of the network's outputs; left out, what flows at the end",
    "expect": "contracts: what must come out, proven by `archspec check`",
    "training": "how `archspec train` trains the network; it never changes the network",
}
"""What each key of a document is for."""

REFERENCE_TEXTS = {
    "title": "the paper's title",
    "id": "where it is found, such as `arXiv:1512.03385`",
    "year": "when it was published",
    "table": "the table that the spec follows",
    "figure": "the figure that the spec follows",
    "section": "the section that the spec follows",
}


def schema_text(ops: Vocabulary = OWN) -> str:
    """The schema as the text of a file: a line for each definition."""
    whole = json_schema(ops)
    definitions = whole.pop("definitions")
    assert isinstance(definitions, dict)
    lines = ",\n".join(f"  {json.dumps(name)}: {_in_a_line(one)}" for name, one in definitions.items())
    head = ",\n".join(f" {json.dumps(key)}: {_in_a_line(value)}" for key, value in whole.items())
    return f'{{\n{head},\n "definitions": {{\n{lines}\n }}\n}}\n'


def _in_a_line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def json_schema(ops: Vocabulary = OWN) -> Json:
    """The schema of a network or a library of blocks."""
    words = all_words(ops)
    of_networks: Json = dict.fromkeys(("extends", "inputs", "outputs", "expect", "variants", "training"), False)
    is_library: Json = {"required": ["blocks"], "properties": of_networks}
    is_network: Json = {"anyOf": [{"required": ["layers"]}, {"required": ["extends"], "properties": {"layers": False}}]}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$comment": "Made by `archspec schema` from the declarations; do not edit.",
        "description": "A neural network described for archspec, or a library of blocks.",
        "type": "object",
        "properties": {key: {"description": KEY_TEXTS.get(key, ""), **_value(key)} for key in DOCUMENT_KEYS},
        "required": ["archspec"],
        "additionalProperties": False,
        "dependencies": {"layers": ["inputs"]},
        "allOf": [{"if": is_library, "else": is_network}, _lines(words)],
        "definitions": _definitions(words, ops),
    }


def _value(key: str) -> Json:
    """What stands under a key; for lines, blocks and defaults, which depend on the rest of the file, see `_lines`."""
    named: Json = {"type": "object", "propertyNames": {"title": "name", **NAME_SCHEMA}}
    values: dict[str, Json] = {
        "archspec": {"const": VERSION},
        "name": {**NAME_SCHEMA, "maxLength": MAX_NAME},
        "reference": {"properties": {one: {"description": text} for one, text in REFERENCE_TEXTS.items()}},
        "extends": {"type": ["string", "object"]},
        "parameters": {"$ref": "#/definitions/parameters"},
        "variants": {**named, "maxProperties": MAX_VARIANTS, "additionalProperties": {"$ref": "#/definitions/variant"}},
        "let": {"type": "object", "propertyNames": variable_names()},
        "inputs": {**named, "minProperties": 1, "additionalProperties": shape(LARGEST_SIZE)},
        "outputs": REFERENCES,
        "defaults": {"type": "object"},
        "blocks": {"type": "object"},
        "shared": {"type": "object"},
        "layers": {"type": "array"},
        "expect": {"$ref": "#/definitions/expect"},
        "training": record_schema(Recipe),
    }
    return values.get(key, {})


def _lines(words: tuple[Word, ...]) -> Json:
    """Which definitions the file's lines keep to; see `items.Strictness`."""
    defaults: Json = {"type": "object", "properties": {word.name: _defaults(word) for word in words}}
    defaults["additionalProperties"] = {"type": "object"}
    own: Json = {"$ref": "#/definitions/names_no_word"}
    blocks = {**own, "additionalProperties": {"properties": {"shared": own}}}
    return {
        "if": {"properties": {"blocks": blocks, "shared": own}},
        "then": {
            "if": {"required": ["defaults"]},
            "then": {"properties": {**_parts(Strictness.DEFAULTS), "defaults": defaults}},
            "else": {"properties": {**_parts(Strictness.FULL), "defaults": defaults}},
        },
        "else": {"properties": _parts(Strictness.OWN_WORDS)},
    }


def _parts(strictness: Strictness) -> Json:
    blocks: Json = {
        "type": "object",
        "propertyNames": own_words(NAME.pattern),
        "additionalProperties": block_or_import(strictness),
    }
    return {
        "layers": {"$ref": f"#/definitions/layers{strictness.value}"},
        "blocks": blocks,
        "shared": shared_layers(strictness),
        "extends": extends(strictness),
    }


def _defaults(word: Word) -> Json:
    return {
        "description": word.about,
        "type": "object",
        "properties": {field: word.reference_to(field) for field in word.fields},
        "additionalProperties": False,
    }


def _definitions(words: tuple[Word, ...], ops: Vocabulary) -> Json:
    made: Json = {"names_no_word": names_no_word(words), **declaration_definitions(ops)}
    for strictness in Strictness:
        made |= {f"block{strictness.value}": block(strictness), **item_definitions(words, strictness)}
    return {**made, **word_definitions(words)}
