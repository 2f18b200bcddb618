"""The lines of `layers` as JSON Schema: ops, blocks and joins with their modifiers, loops, sides, `use`.

What a line may hold depends on the file: its `defaults:` may supply a field that a line leaves out, and its `blocks:`
may give a word of archspec another meaning. A schema cannot look from a line to those, so there are three sets of
definitions, and the document chooses one (`Strictness`). A word that archspec does not know is a block of the file's
own, of which nothing can be said.
"""

from __future__ import annotations

from enum import Enum

from archspec.schema.values import EXPRESSION, Json, mapping_schema, types_of, value_schema, without_texts
from archspec.schema.words import Word
from archspec.syntax.expressions import FUNCTIONS, KEYWORDS
from archspec.syntax.items import BRANCH_KEYS, RESERVED
from archspec.syntax.names import BOUND_BY_LOOPS, NAME, VARIABLE


class Strictness(Enum):
    """How much a file lets be known of its lines. The value ends the names of its definitions."""

    FULL = ""
    DEFAULTS = "_with_defaults"
    OWN_WORDS = "_with_own_words"


IN_FULL = ".required"
"""What ends the name of a word's definition with the fields that it cannot do without."""

NAME_SCHEMA: Json = {"type": "string", "pattern": f"^(?:{NAME.pattern})$", "errorMessage": "must be a name"}
NODE_NAME: Json = {
    "description": "the line's name: other lines refer to it, and it is the weights' path; `$index` may stand in it",
    "type": "string",
    "pattern": rf"^(?:{NAME.pattern})$|{EXPRESSION}",
    "errorMessage": "must be a name: letters, digits, `_` and `-`, a letter first",
}
REFERENCES: Json = {
    "type": ["string", "array"],
    "minLength": 1,
    "minItems": 1,
    "allOf": [{"items": {"type": "string", "minLength": 1}}],
}
FROM: Json = {
    "description": "what flows in, instead of what the line above gives: a name or a list of names",
    **REFERENCES,
}
WHEN: Json = {"description": "whether the line is there: `$(…)`", **value_schema(bool)}
ONLY: Json = {"description": "the line is there in training alone", "const": "training"}
BESIDE = {"name": NODE_NAME, "from": FROM, "when": WHEN, "only": ONLY}
"""The modifiers that any line takes; `with` belongs to `use` and to joins."""

JUST_ALLOWED: Json = dict.fromkeys(BESIDE, True)
"""The same, where they have been described already."""


def variable_names(*, column: bool = False) -> Json:
    """The rule for names that expressions read: parameters, `let`s, a loop's columns."""
    taken = (*KEYWORDS, *FUNCTIONS, "in", *(BOUND_BY_LOOPS if column else ()))
    pattern = f"^(?!(?:{'|'.join(taken)})$)(?:{VARIABLE.pattern})$"
    return {"title": "name", "pattern": pattern, "errorMessage": "must be a name that expressions can read"}


REPEAT: Json = {"description": "how often the layers are placed", "type": ["integer", "string"], "minimum": 0}
REPEAT |= {"pattern": EXPRESSION, "errorMessage": "must be a whole number, or an expression such as `$depth`"}
FOR: Json = {
    "description": "lists walked in step, `{width: [64, 128], depth: [3, 4]}`, or the names of a table's columns",
    "type": ["object", "array"],
    "minProperties": 1,
    "propertyNames": variable_names(column=True),
    "additionalProperties": {"type": ["array", "string"], "pattern": EXPRESSION, "errorMessage": "must be a list"},
    "items": {"type": "string", **variable_names(column=True)},
    "minItems": 1,
}
ROWS: Json = {
    "description": "the table that `for` walks: a list of rows",
    "type": ["array", "string"],
    "items": {"type": ["array", "string", "number", "boolean"]},
    "pattern": EXPRESSION,
    "errorMessage": "must be a list of rows",
}
WITH: Json = {"description": "the arguments of what `use` places, or the own fields of a join", "type": "object"}
USE: Json = {
    "description": "a parameter of type `block` or `layers`, placed here: `use: $unit`",
    "type": "string",
    "pattern": EXPRESSION,
    "errorMessage": "must be a parameter, as `$unit`; a block stands by its own word",
}
FORMS = ("parallel", "repeat", "for", "side", "use")
"""The words of the language that make a line, beside those of ops and blocks."""

SIDE = "a branch off the trunk, which flows on past it"
PARALLEL = "branches that are left flowing side by side"


def item_definitions(words: tuple[Word, ...], strictness: Strictness) -> Json:
    """The definitions of `layers` and all that lines hold, under names that end in the strictness' own."""
    end = strictness.value
    joins: Json = {f"{word.name}{end}": {**_texts(word), **_branches(end)} for word in words if word.is_join}
    return {
        f"layers{end}": {"type": "array", "items": _to("item", end)},
        f"item{end}": _item(words, strictness),
        f"line{end}": _line(words, strictness),
        f"branch{end}": _branch(end),
        f"parallel{end}": {"description": PARALLEL, **_branches(end)},
        **joins,
    }


def word_definitions(words: tuple[Word, ...]) -> Json:
    """The definitions of what stands after a word: `conv`, `conv.filters`, `conv.required`, …"""
    made: Json = {}
    for word in words:
        made |= {f"{word.name}.{field}": value for field, value in word.fields.items()}
        if not word.is_join:
            made[word.name] = {**_texts(word), **_fields(word)}
        if word.required:
            made[f"{word.name}{IN_FULL}"] = _in_full(word)
    return made


def names_no_word(words: tuple[Word, ...]) -> Json:
    """Whether a mapping has none of archspec's words among its keys."""
    known = [*(word.name for word in words), *FORMS]
    # A pattern, since completion takes the beginning of an `enum`'s word for the word, and `anyOf` is slow in editors.
    return {"propertyNames": {"pattern": f"^(?!(?:{'|'.join(known)})$)"}}


def _to(name: str, end: str) -> Json:
    return {"$ref": f"#/definitions/{name}{end}"}


def _texts(word: Word) -> Json:
    at_length: Json = {"markdownDescription": f"```text\n{word.text}\n```"} if word.text != word.about else {}
    return {"description": word.about, **at_length}


def _fields(word: Word) -> Json:
    """The fields of an op or block, the principal one alone, a table's `$row`, or nothing: all may be in `defaults`."""
    properties: Json = {field: word.reference_to(field) for field in word.fields}
    message = f"`{word.name}` has no field that may stand alone"
    alone: Json = {"type": "string", "pattern": EXPRESSION, "patternErrorMessage": message}
    if word.principal is not None:
        alone = without_texts(word.fields[word.principal])
    return mapping_schema(properties, (), alone, may_be_nothing=True)


def _in_full(word: Word) -> Json:
    """The same where nothing can supply a field that is left out."""
    stands_alone = set(word.required) == {word.principal}
    kinds = types_of(_fields(word)) if stands_alone else ["object", "string"]
    needs = " and ".join(f"`{field}`" for field in word.required)
    whole: Json = {"type": [kind for kind in kinds if kind != "null"], "errorMessage": f"`{word.name}` needs {needs}"}
    return {
        "description": word.about,
        "allOf": [_to(word.name, ""), whole if stands_alone else {**whole, "pattern": EXPRESSION}],
        "properties": {field: word.reference_to(field) for field in word.required},
        "required": [*word.required],
    }


def _value_of(word: Word, strictness: Strictness) -> Json:
    """A reference to what stands after a word, or anything where the word may be the file's own."""
    if word.is_join:
        value = _to(word.name, strictness.value)
    else:
        value = _to(word.name, IN_FULL if word.required and strictness is Strictness.FULL else "")
    return {"anyOf": [value, True]} if strictness is Strictness.OWN_WORDS else value


def _branches(end: str) -> Json:
    """A join's value; nothing where it joins what flows."""
    return {
        "type": ["object", "null"],
        "minProperties": 1,
        "propertyNames": {
            "title": "branch",
            "pattern": f"^(?!in$)(?:{NAME.pattern})$",
            "errorMessage": "must be a name, and not `in`, which is a block's input",
        },
        "additionalProperties": _to("branch", end),
    }


def _branch(end: str) -> Json:
    layers: Json = {"description": "the branch's lines; none is the identity", **_to("layers", end)}
    loops: Json = {"repeat": REPEAT, "for": FOR, "rows": ROWS}
    known: Json = {**loops, "when": WHEN, "from": FROM, "only": ONLY, "layers": layers}
    return {
        "type": ["array", "object"],
        "items": _to("item", end),
        "properties": {key: known.get(key, True) for key in BRANCH_KEYS},
        "required": ["layers"],
        "additionalProperties": False,
        "dependencies": {"rows": ["for"]},
    }


def _item(words: tuple[Word, ...], strictness: Strictness) -> Json:
    needing = [word.name for word in words if word.required] if strictness is Strictness.FULL else []
    standing: list[object] = [{"const": word.name, "description": word.about} for word in words if not word.required]
    bare: Json = {
        "type": "string",
        "pattern": f"^(?!(?:{'|'.join([*RESERVED, *needing])})$)(?:{NAME.pattern})$",
        "errorMessage": "must be a layer: `- relu`, or `- conv: {…}` where the word needs fields",
        # Each word for its description and for completion; any other is a block of the file's own.
        "anyOf": [*standing, True],
    }
    return {"if": {"type": "object"}, "then": _to("line", strictness.value), "else": bare}


def _line(words: tuple[Word, ...], strictness: Strictness) -> Json:
    end = strictness.value
    layers: Json = {"description": "the lines that are placed in each pass", **_to("layers", end)}
    forms = {
        "repeat": {**_only({"repeat": REPEAT, "layers": layers}), "required": ["layers"]},
        "for": {
            **_only({"for": FOR, "rows": ROWS, "layers": layers}),
            "required": ["layers"],
            "if": {"properties": {"for": {"type": "array"}}},
            "then": {"required": ["rows"]},
            "else": {"properties": {"rows": False}},
        },
        "side": _only({"side": {"description": SIDE, **_to("layers", end)}}),
        "use": _only({"use": USE, "with": WITH}),
    }
    known: Json = {word.name: _use(word, strictness) for word in words}
    known["parallel"] = _only({"parallel": _to("parallel", end)})
    loops = [{"required": ["repeat"]}, {"required": ["for"]}]
    takes_arguments = [{"required": [word]} for word in ("use", *(word.name for word in words if word.is_join))]
    dependent: Json = {"rows": ["for"], "layers": {"anyOf": loops}, "with": {"anyOf": takes_arguments}}
    offered: Json = {word.name: _offer(word, strictness) for word in words if word.fields or word.is_join}
    offered |= {"parallel": _to("parallel", end), "repeat": REPEAT, "for": FOR}
    offered |= {"side": {"description": SIDE, **_to("layers", end)}, "use": USE}
    return {
        "type": "object",
        "minProperties": 1,
        "properties": BESIDE,
        "dependencies": {**known, **forms, **dependent},
        "if": {"$ref": "#/definitions/names_no_word"},
        "then": {"properties": offered},
    }


def _offer(word: Word, strictness: Strictness) -> Json:
    """A word as an editor proposes it: with the fields that it cannot do without, and no others."""
    if word.required and strictness is Strictness.FULL:
        return _value_of(word, strictness)
    return {"description": word.about, "type": "object"}


def _use(word: Word, strictness: Strictness) -> Json:
    """A line that holds a word: beside it stand modifiers alone, unless the word is the file's own."""
    value = _value_of(word, strictness)
    if strictness is Strictness.OWN_WORDS:
        return {"properties": {word.name: value}}
    if not word.is_join:
        return _only({word.name: value})
    fields = {field: word.reference_to(field) for field in word.fields}
    return _only({word.name: value, "with": {**WITH, "properties": fields, "additionalProperties": False}})


def _only(properties: Json) -> Json:
    return {"properties": {**properties, **JUST_ALLOWED}, "additionalProperties": False}
