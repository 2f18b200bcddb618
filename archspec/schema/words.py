"""The words that a layer may be, ops and standard blocks, each with its fields as JSON Schema."""

from __future__ import annotations

from dataclasses import dataclass

from archspec.elaboration import vocabulary
from archspec.elaboration.vocabulary import Argument, find_word
from archspec.ops import OWN, Vocabulary
from archspec.schema.values import Json, field_schema


@dataclass(frozen=True, slots=True)
class Word:
    """A word of `layers`: what it does, in a line and at length, and the fields it takes."""

    name: str
    about: str
    text: str
    fields: dict[str, Json]
    required: tuple[str, ...]
    principal: str | None = None
    is_join: bool = False

    def reference_to(self, field: str) -> Json:
        """A reference to the definition of a field."""
        return {"$ref": f"#/definitions/{self.name}.{field}"}


def all_words(ops: Vocabulary = OWN) -> tuple[Word, ...]:
    """Every op and standard block, in order of the alphabet."""
    return tuple(_word(name, ops) for name in sorted(vocabulary.names(ops)))


def _word(name: str, ops: Vocabulary) -> Word:
    word = find_word(name, ops)
    assert word is not None
    about = word.text if word.is_block else word.summary
    fields = {argument.name: _field(argument) for argument in word.arguments}
    required = tuple(argument.name for argument in word.arguments if argument.required)
    return Word(name, about, word.text, fields, required, word.principal, word.is_join)


def _field(argument: Argument) -> Json:
    if argument.kind is not None:
        return field_schema(argument.kind, required=argument.required)
    # A block's word, layers or a table, which are seen by `archspec check` alone.
    made: Json = {"type": "string" if argument.handed_on == "block" else ["array", "string"]}
    return {"description": argument.about, **made} if argument.about else made
