"""The words that a layer may be, ops and standard blocks, each with its fields as JSON Schema."""

from __future__ import annotations

import inspect
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import Field

from archspec.diagnostics import DiagnosticSink, SourceFile
from archspec.elaboration.field_types import FieldType, field_types, read_number, type_scalar
from archspec.elaboration.modules import standard_text, standard_words
from archspec.elaboration.parameters import HANDED_ON, SIMPLE
from archspec.ops import OWN, Vocabulary
from archspec.schema.values import Json, field_schema
from archspec.syntax import ast, tree
from archspec.syntax.evaluation import Value
from archspec.syntax.parser import parse
from archspec.syntax.reader import read


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
    made = [_op(word, ops) for word in ops.words()] + [_block(word) for word in standard_words()]
    return tuple(sorted(made, key=lambda word: word.name))


def explain_word(name: str, ops: Vocabulary = OWN) -> str:
    """What an op or standard block does and the fields that it takes, as text."""
    word = _block(name) if name in standard_words() else _op(name, ops)
    lines = [f"{name}: {word.text}", "", "Fields:" if word.fields else "It has no fields."]
    for field, schema in word.fields.items():
        needed = ", required" if field in word.required else ""
        alone = ", may stand alone" if field == word.principal else ""
        lines.append(f"    {field}{needed}{alone}: " + str(schema["description"]).replace("\n", "; "))
    return "\n".join(lines)


def _op(name: str, ops: Vocabulary) -> Word:
    op = ops.find(name)
    assert op is not None
    required = tuple(field for field, info in op.model_fields.items() if info.is_required())
    fields = {field: field_schema(kind, required=field in required) for field, kind in field_types(op).items()}
    module = inspect.getmodule(op)
    alone = module is not None and not module.__name__.startswith("archspec.ops.families")
    text = inspect.cleandoc((module.__doc__ if alone and module else op.__doc__) or "")
    return Word(name, text.partition("\n")[0].rstrip("."), text, fields, required, op.principal, op.is_join)


def _block(name: str) -> Word:
    block = _standard_block(name)
    about = block.about.text if block.about else ""
    fields: dict[str, Json] = {}
    required = []
    for parameter in block.parameters:
        kind = _kind(parameter)
        needed = parameter.default is None and (kind is None or kind.default is None)
        required += [parameter.name.text] if needed else []
        fields[parameter.name.text] = _handed_on(parameter) if kind is None else field_schema(kind, required=needed)
    return Word(name, about, about, fields, tuple(required), next(iter(fields), None))


def _standard_block(name: str) -> ast.Block:
    sink = DiagnosticSink()
    source = SourceFile(f"{name}.yaml", standard_text(name))
    root = read(source, sink)
    document = parse(source, root, sink) if root is not None else None
    assert document is not None
    return next(block for block in document.blocks if block.name.text == name)


def _kind(parameter: ast.Parameter) -> FieldType | None:
    """A parameter's type, with what its declaration says in place of the op's field; `None` for what is handed on."""
    if parameter.kind in HANDED_ON:
        return None
    word, _, field = parameter.kind.partition(".")
    op = OWN.find(word)
    kind = SIMPLE[parameter.kind] if op is None else field_types(op)[field]
    kind = replace(kind, annotation=_narrowed(kind.annotation, parameter))
    if parameter.about is not None:
        kind = replace(kind, description=parameter.about.text)
    if parameter.default is not None:
        kind = replace(kind, default=_read(parameter.default, kind.annotation))
    return kind


def _narrowed(annotation: Any, parameter: ast.Parameter) -> Any:
    """A type within the parameter's `min`, `max` and `one_of`, as far as these are values and no expressions."""
    if isinstance(parameter.one_of, tree.Sequence):
        choices = tuple(_read(item, annotation) for item in parameter.one_of.items)
        return Literal[choices]
    least, most = _limit(parameter.minimum), _limit(parameter.maximum)
    return annotation if least is None and most is None else Annotated[annotation, Field(ge=least, le=most)]


def _limit(scalar: tree.Scalar | None) -> float | None:
    number = None if scalar is None else read_number(scalar.text)
    return float(number) if isinstance(number, Fraction) else number


def _read(node: tree.Tree, annotation: Any) -> Value:
    """A written value; an expression as its text."""
    if isinstance(node, tree.Sequence):
        return tuple(_read(item, annotation) for item in node.items)
    assert isinstance(node, tree.Scalar)
    return type_scalar(node, annotation)


def _handed_on(parameter: ast.Parameter) -> Json:
    """A block's word, layers or a table, which are seen by `archspec check` alone."""
    made: Json = {"type": "string" if parameter.kind == "block" else ["array", "string"]}
    return {"description": parameter.about.text, **made} if parameter.about else made
