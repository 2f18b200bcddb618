"""The words that a layer may be, ops and standard blocks, each with its fields as JSON Schema."""

from __future__ import annotations

import inspect
from dataclasses import dataclass, replace

from archspec import ops
from archspec.diagnostics import DiagnosticSink, SourceFile
from archspec.elaboration.field_types import FieldType, field_types, read_number, type_scalar
from archspec.elaboration.modules import standard_text, standard_words
from archspec.elaboration.parameters import SIMPLE
from archspec.schema.values import OR_EXPRESSION, EXPRESSION, Json, field_schema
from archspec.syntax import ast, tree
from archspec.syntax.evaluation import Value, written
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


def all_words() -> tuple[Word, ...]:
    """Every op and standard block, in order of the alphabet."""
    made = [_op(word) for word in ops.words()] + [_block(word) for word in standard_words()]
    return tuple(sorted(made, key=lambda word: word.name))


def _op(name: str) -> Word:
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
    kinds = {parameter.name.text: _kind(parameter) for parameter in block.parameters}
    required = tuple(parameter for parameter, kind in kinds.items() if kind.default is None)
    fields: dict[str, Json] = {}
    for parameter in block.parameters:
        parameter_name = parameter.name.text
        made = field_schema(kinds[parameter_name], required=parameter_name in required)
        fields[parameter_name] = made | _range(parameter)
    return Word(name, about, about, fields, required, next(iter(kinds), None))


def _standard_block(name: str) -> ast.Block:
    sink = DiagnosticSink()
    source = SourceFile(f"{name}.yaml", standard_text(name))
    root = read(source, sink)
    document = parse(source, root, sink) if root is not None else None
    assert document is not None
    return next(block for block in document.blocks if block.name.text == name)


def _kind(parameter: ast.Parameter) -> FieldType:
    """A parameter's type, with what its declaration says of it in place of what the op's field does."""
    word, _, field = parameter.kind.partition(".")
    op = ops.find(word)
    kind = SIMPLE[parameter.kind] if op is None else field_types(op)[field]
    if parameter.about is not None:
        kind = replace(kind, description=parameter.about.text)
    if parameter.default is not None:
        kind = replace(kind, default=_read(parameter.default, kind))
    return kind


def _read(node: tree.Tree, kind: FieldType) -> Value:
    """A default as far as it is a value; an expression as its text."""
    if isinstance(node, tree.Sequence):
        return tuple(_read(item, kind) for item in node.items)
    assert isinstance(node, tree.Scalar)
    return type_scalar(node, kind.annotation)


def _range(parameter: ast.Parameter) -> Json:
    limits = {"minimum": parameter.minimum, "maximum": parameter.maximum}
    read = {keyword: read_number(limit.text) for keyword, limit in limits.items() if limit is not None}
    return {keyword: limit for keyword, limit in read.items() if isinstance(limit, int)}
