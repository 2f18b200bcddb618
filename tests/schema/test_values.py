"""Declared types as schemas: what each admits, held against the same type's own check."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import pytest
from jsonschema import Draft7Validator
from pydantic import Field

from archspec.elaboration.field_types import FieldType
from archspec.schema.values import field_schema, mapping_schema, value_schema

Positive = Annotated[int, Field(ge=1)]
TYPES: dict[str, Any] = {
    "a whole number": int,
    "a number": float,
    "true or false": bool,
    "a positive number": Positive,
    "a share": Annotated[float, Field(ge=0, lt=1)],
    "a word of two": Literal["down", "up"],
    "a list": tuple[Positive, ...],
    "a list of lists": tuple[tuple[Positive, ...], ...],
    "a list that holds something": Annotated[tuple[int, ...], Field(min_length=1, max_length=2)],
    "a pair": tuple[int, int],
    "a word or numbers": Literal["same"] | tuple[Positive, ...],
    "a number or nothing": Positive | None,
}
VALUES: tuple[Any, ...] = (0, 1, -1, 2, True, "down", "same", "other", (), (1,), (1, 2), (1, 2, 3), (0,), ((1, 2), 3))


def is_admitted(annotation: Any, value: object) -> bool:
    return Draft7Validator(value_schema(annotation)).is_valid(as_json(value))


def as_json(value: object) -> object:
    return [as_json(one) for one in value] if isinstance(value, tuple) else value


@pytest.mark.parametrize("name", TYPES)
@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_a_schema_admits_what_the_type_does(name: str, value: Any) -> None:
    assert is_admitted(TYPES[name], value) == (FieldType(TYPES[name]).check(value) is None)


@pytest.mark.parametrize("name", TYPES)
def test_every_field_takes_an_expression(name: str) -> None:
    assert is_admitted(TYPES[name], ("$a", "$(b)") if name == "a pair" else "$(2 * width)")


def test_lists_take_expressions_in_them() -> None:
    assert is_admitted(tuple[tuple[Positive, ...], ...], (1, ("$before", 2)))
    assert not is_admitted(tuple[tuple[Positive, ...], ...], (1, ("before", 2)))


def test_two_ranges_for_one_kind_of_number_are_refused() -> None:
    clashing: Any = Positive | tuple[Annotated[int, Field(ge=0)], ...]
    with pytest.raises(TypeError, match="minimum"):
        value_schema(clashing)


def test_a_field_names_its_default() -> None:
    made = field_schema(FieldType(tuple[int, ...], "steps", (1, 2)), required=False)
    assert made["description"] == "steps\na whole number, or a list of such; `[1, 2]` unless given"
    assert made["default"] == [1, 2]


def test_a_mapping_gives_way_to_what_stands_alone() -> None:
    made = Draft7Validator(mapping_schema({"size": {"type": "integer"}}, ["size"], value_schema(Literal["whole"])))
    assert made.is_valid({"size": 3})
    assert made.is_valid("whole")
    assert made.is_valid("$size")
    assert not made.is_valid("half")
    assert not made.is_valid({"sise": 3})
    assert not made.is_valid(None)
