"""Declared types, and the one converter from a spec's values to them.

A scalar is text until the type of the field that takes it is known; then YAML 1.2's core table applies, as far as
that type admits: `no` is a word, `1e3` a number, `017` seventeen. pydantic has the last word on every value.
"""

from __future__ import annotations

import re
import types
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from archspec.elaboration.wording import wanted
from archspec.syntax.evaluation import UNKNOWN, Value
from archspec.syntax.limits import MAX_DIGITS
from archspec.syntax.tree import Scalar

if TYPE_CHECKING:
    from pydantic import TypeAdapter

INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
LARGEST = 10**300
"""Below what a float can hold: a larger number is read as a word, and refused as one."""

BOOLS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}


@dataclass(frozen=True)
class FieldType:
    """What a field or parameter takes. `annotation` may be `Annotated` with pydantic's bounds."""

    annotation: Any
    description: str = ""
    default: Value | None = None
    """`None` where a value must be given."""

    def check(self, value: Value) -> str | None:
        """What is wrong with a value, as the end of a sentence ("must be …"), or `None`."""
        if _is_plain(value, self.annotation):
            return None
        try:
            _adapter(self.annotation).validate_python(coerce(value, self.annotation))
        except ValidationError:
            return wanted(self.annotation)
        return None


def _is_plain(value: Value, annotation: Any) -> bool:
    """Whether a value is of an unbounded type as it stands, which needs no validator to see."""
    return annotation in (int, str, bool) and type(value) is annotation


def field_types(model: type[BaseModel]) -> dict[str, FieldType]:
    """The fields of a model, by name, in the order declared."""
    return _field_types(model)


@cache
def _field_types(model: type[BaseModel]) -> dict[str, FieldType]:
    return {name: _of_field(info) for name, info in model.model_fields.items()}


def _of_field(info: FieldInfo) -> FieldType:
    annotation: Any = info.annotation
    for bound in info.metadata:
        annotation = Annotated[annotation, bound]
    unset = info.default in (PydanticUndefined, None) or isinstance(info.default, BaseModel)
    default = None if unset else as_value(info.default)
    return FieldType(annotation, info.description or "", default)


@cache
def _adapter(annotation: Any) -> TypeAdapter[Any]:
    # Imported here, since a spec without blocks and mistakes has no need of it.
    from pydantic import TypeAdapter

    return TypeAdapter(annotation, config={"strict": True})


def type_scalar(scalar: Scalar, annotation: Any) -> Value:
    """A scalar without expressions as a value, by the core table as far as the type admits its entries."""
    text = scalar.text
    admitted = _kinds(annotation)
    if scalar.quoted or text in admitted.words:
        return text
    if text in BOOLS and (admitted.bools or not admitted.any_word):
        return BOOLS[text]
    if admitted.numbers or not admitted.any_word:
        number = read_number(text)
        if number is not None:
            return number
    return text


def read_number(text: str) -> int | Fraction | None:
    """The number that YAML 1.2's core table sees in a plain text, exactly; `None` for none.

    >>> read_number("1e3"), read_number("017"), read_number("0.5"), read_number("12:30")
    (1000, 17, Fraction(1, 2), None)
    """
    if len(text) > MAX_DIGITS:
        return None
    if INTEGER.fullmatch(text):
        return int(text, 0) if text[:2] in ("0o", "0x") else int(text)
    if not FLOAT.fullmatch(text):
        return None
    exponent = re.search(r"[eE]([-+]?[0-9]+)", text)
    if exponent and abs(int(exponent[1])) > 300:
        return None
    number = Fraction(text)
    if abs(number) >= LARGEST:
        return None
    return number.numerator if number.denominator == 1 else number


@dataclass(frozen=True, slots=True)
class _Kinds:
    """Which scalars a type admits somewhere in it: any word, certain words, numbers, true and false."""

    words: frozenset[str]
    any_word: bool
    numbers: bool
    bools: bool


@cache
def _kinds(annotation: Any) -> _Kinds:
    words: set[str] = set()
    plain: set[Any] = set()
    stack = [annotation]
    while stack:
        kind = stack.pop()
        origin = get_origin(kind)
        if origin is Literal:
            words.update(word for word in get_args(kind) if isinstance(word, str))
        elif origin is Annotated:
            stack.append(get_args(kind)[0])
        elif origin is None:
            plain.add(kind)
        else:
            stack.extend(get_args(kind))
    return _Kinds(frozenset(words), str in plain, bool({int, float} & plain), bool in plain)


def coerce(value: Value, annotation: Any) -> Any:
    """A value as strict pydantic wants it for a type: tuples for lists, a lone value as a list of one, floats."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return coerce(value, get_args(annotation)[0])
    if origin in (Union, types.UnionType):
        return _coerce_to_one(value, get_args(annotation))
    if origin is tuple:
        members = get_args(annotation)
        values = value if isinstance(value, tuple) else (value,)
        if len(members) == 2 and members[1] is Ellipsis:
            return tuple(coerce(item, members[0]) for item in values)
        return tuple(coerce(item, kind) for item, kind in zip(values, members, strict=False)) + values[len(members) :]
    if annotation is float and isinstance(value, int | Fraction) and not isinstance(value, bool):
        return float(value)
    return value


def _coerce_to_one(value: Value, members: tuple[Any, ...]) -> Any:
    """The coercion to the first member of a union that takes the value; the value itself where none does."""
    for member in members:
        if _is_of(value, member):
            return coerce(value, member)
    return value


def _is_of(value: Value, member: Any) -> bool:
    """Whether a value is of a union's member by its kind alone; pydantic checks it whole later."""
    origin = get_origin(member)
    if origin is Annotated:
        return _is_of(value, get_args(member)[0])
    if origin is Literal:
        return value in get_args(member)
    if origin is tuple:
        return isinstance(value, tuple) or _is_of(value, get_args(member)[0])
    if isinstance(value, bool):
        return member is bool
    if member is float:
        return isinstance(value, int | Fraction)
    return isinstance(member, type) and isinstance(value, member)


def as_value(default: Any) -> Value:
    """A declared default as a value of the expression language."""
    if isinstance(default, tuple):
        return tuple(as_value(item) for item in default)
    if isinstance(default, float):
        number = Fraction(repr(default))
        return number.numerator if number.denominator == 1 else number
    if isinstance(default, bool | int | str):
        return default
    raise TypeError(f"a field's default must be a value of the language, got {default!r}")


def is_known(value: Value) -> bool:
    """Whether no part of a value depends on an earlier error."""
    if isinstance(value, tuple):
        return all(is_known(item) for item in value)
    return value is not UNKNOWN
