"""Declared types as JSON Schema: what an editor accepts for a field.

Schemas are flat where they can be: `minimum` speaks of numbers, `items` of lists and `pattern` of text, so one schema
holds all that a field takes, and an editor's message is about the value and not about alternatives.
"""

from __future__ import annotations

import json
import types
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Annotated, Any, Literal, TypeAlias, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from archspec.elaboration.field_types import FieldType
from archspec.elaboration.wording import describe, plain
from archspec.syntax.evaluation import Value

Json: TypeAlias = "dict[str, object]"
"""A schema, or a part of one."""

EXPRESSION = r"\$"
"""Text that holds an expression: what it gives is seen by `archspec check` alone."""

OR_EXPRESSION = ", or an expression such as `$name`"
BOUNDS = {"ge": "minimum", "gt": "exclusiveMinimum", "le": "maximum", "lt": "exclusiveMaximum"}
KINDS: dict[object, tuple[str, ...]] = {
    int: ("integer",),
    float: ("number",),
    bool: ("boolean",),
    str: ("string", "number", "boolean"),  # a word may look like a number
}


@dataclass
class _Admitted:
    """What a type admits: certain words, JSON types, and the keywords that narrow these."""

    words: list[str] = field(default_factory=list)
    types: list[str] = field(default_factory=list)
    keywords: Json = field(default_factory=dict)


def value_schema(annotation: Any) -> Json:
    """What a field of a type takes: its values, or an expression."""
    return _schema(_admitted(annotation), f"must be {describe(annotation)}{OR_EXPRESSION}")


def field_schema(kind: FieldType, *, required: bool) -> Json:
    """A field: what it is for, what it takes, what it is unless given."""
    takes = [] if get_origin(kind.annotation) is Literal else [describe(kind.annotation)]
    if kind.default is not None:
        takes.append(f"{_in_words(to_json(kind.default))} unless given")
    elif required:
        takes.append("required")
    said = "\n".join(filter(None, (kind.description, "; ".join(takes))))
    made: Json = {"description": said, **value_schema(kind.annotation)}
    return made if kind.default is None else {**made, "default": to_json(kind.default)}


def mapping_schema(properties: Json, needed: Iterable[str], alone: Json, *, may_be_nothing: bool = False) -> Json:
    """Fields as a mapping, or what may stand alone in its place."""
    others = ["object", "null"] if may_be_nothing else ["object"]
    made: Json = {
        "type": [others[0], *types_of(alone), *others[1:]],
        "properties": properties,
        "additionalProperties": False,
    }
    if needed := list(needed):
        made["required"] = needed
    if isinstance(alternatives := alone.get("anyOf"), list):
        return {**made, "anyOf": [*alternatives, {"type": others}]}
    return {**alone, **made}


def without_texts(field: Json) -> Json:
    """A field's schema as what may stand for a whole mapping; its message is then about text alone."""
    kept = {key: value for key, value in field.items() if key not in ("description", "default", "errorMessage")}
    return {**kept, "patternErrorMessage": field["errorMessage"]} if "errorMessage" in field else kept


def types_of(schema: Json) -> list[object]:
    """The JSON types that a field's schema admits."""
    if isinstance(alternatives := schema.get("anyOf"), list):
        return list(dict.fromkeys(kind for one in alternatives for kind in types_of({"type": "string", **one})))
    kinds = schema["type"]
    return kinds if isinstance(kinds, list) else [kinds]


def to_json(value: Value) -> object:
    """A value of the language in JSON; a list of one as the one that may stand for it.

    >>> to_json((1,)), to_json(Fraction(1, 2))
    (1, 0.5)
    """
    if isinstance(value, tuple):
        items = [to_json(item) for item in value]
        return items[0] if len(items) == 1 else items
    if isinstance(value, Fraction):
        return float(value)
    assert isinstance(value, bool | int | str)
    return value


def _in_words(default: object) -> str:
    return f"`{default if isinstance(default, str) else json.dumps(default)}`"


def _schema(admitted: _Admitted, message: str) -> Json:
    kinds = admitted.types if "string" in admitted.types else [*admitted.types, "string"]
    rest: Json = {"type": kinds[0] if len(kinds) == 1 else kinds, **_inner_items(admitted.keywords, kinds)}
    if "string" not in admitted.types:
        rest |= {"pattern": EXPRESSION, "errorMessage": message}
    if not admitted.words:
        return rest
    return {"anyOf": [{"enum": admitted.words, "errorMessage": message}, rest]}


def _inner_items(keywords: Json, kinds: list[str]) -> Json:
    """The same, with `items` a step further in where a lone value may stand: an editor then offers no list first."""
    if "items" not in keywords or kinds[0] == "array":
        return keywords
    return {
        **{key: value for key, value in keywords.items() if key != "items"},
        "allOf": [{"items": keywords["items"]}],
    }


def _admitted(annotation: Any) -> _Admitted:
    origin = get_origin(annotation)
    if origin is Literal:
        return _Admitted(words=list(get_args(annotation)))
    if origin is Annotated:
        inner, *bounds = get_args(annotation)
        admitted = _admitted(inner)
        for bound in bounds:
            _narrow(admitted, bound)
        return admitted
    if origin in (Union, types.UnionType):
        return _either(_admitted(member) for member in get_args(annotation) if member is not type(None))
    if origin is tuple:
        return _list_of(get_args(annotation))
    return _Admitted(types=list(KINDS[annotation]))


def _either(members: Iterable[_Admitted]) -> _Admitted:
    """What any member admits. Two that narrow one JSON type differently would need alternatives, and none do."""
    whole = _Admitted()
    for member in members:
        clashing = {
            key for key in member.keywords if whole.keywords.get(key, member.keywords[key]) != member.keywords[key]
        }
        if clashing:
            raise TypeError(f"a type's members set {', '.join(sorted(clashing))} to different values")
        whole.words = _unique([*whole.words, *member.words])
        whole.types = _unique([*whole.types, *member.types])
        whole.keywords |= member.keywords
    return whole


def _list_of(members: tuple[Any, ...]) -> _Admitted:
    """A list, or of `tuple[X, ...]` a lone member in its place."""
    item = value_schema(members[0])
    if members[-1] is not Ellipsis:
        return _Admitted(types=["array"], keywords={"items": item, "minItems": len(members), "maxItems": len(members)})
    lone = _admitted(members[0])
    of_lists = ("items", "minItems", "maxItems")
    kept = {key: value for key, value in lone.keywords.items() if key not in of_lists}
    return _Admitted(lone.words, _unique([*lone.types, "array"]), {**kept, "items": item})


def _narrow(admitted: _Admitted, bound: Any) -> None:
    if isinstance(bound, FieldInfo):
        for one in bound.metadata:
            _narrow(admitted, one)
        return
    for name, keyword in BOUNDS.items():
        if (limit := getattr(bound, name, None)) is not None:
            admitted.keywords[keyword] = plain(limit)
    what = "Items" if "array" in admitted.types else "Length"
    for side in ("min", "max"):
        if (limit := getattr(bound, f"{side}_length", None)) is not None:
            admitted.keywords[side + what] = limit


def _unique(items: list[str]) -> list[str]:
    return list(dict.fromkeys(items))
