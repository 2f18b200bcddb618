"""The words that a layer may be, ops and standard blocks, with all that is declared of them: for readers and editors.

Nothing that elaborates a spec needs it: it reads every op's file. What stands here of a word is written nowhere else.
"""

from __future__ import annotations

import inspect
import textwrap
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from archspec.diagnostics import DiagnosticSink, SourceFile
from archspec.elaboration.field_types import FieldType, field_types, read_number, type_scalar
from archspec.elaboration.modules import standard_block, standard_text, standard_words
from archspec.elaboration.parameters import HANDED_ON, SIMPLE
from archspec.elaboration.wording import describe
from archspec.ir.op import Op
from archspec.ops import OWN, Vocabulary
from archspec.syntax import ast, tree
from archspec.syntax.evaluation import Value, written
from archspec.syntax.reader import read

KINDS_HANDED_ON = {"block": "the name of a block or op", "layers": "a list of layers", "rows": "a table, row by row"}


@dataclass(frozen=True, slots=True)
class Argument:
    """A field of an op, or a parameter of a block. `kind` is `None` for what is handed on: a block, layers, a table."""

    name: str
    about: str
    takes: str
    required: bool
    kind: FieldType | None
    handed_on: str = ""
    """Which of `HANDED_ON` it is, if it is one."""

    @property
    def default(self) -> str:
        """The default as a spec would write it; empty where there is none."""
        value = self.kind.default if self.kind else None
        if self.required or value is None:
            return ""
        if isinstance(value, tuple) and len(value) == 1:
            (value,) = value  # a lone value stands for a list of one
        return f"{float(value):g}" if isinstance(value, Fraction) else written(value)


@dataclass(frozen=True, slots=True)
class Word:
    """An op or a standard block. `text` is all that is said of it; `spec` an op's example, or a block's own file."""

    name: str
    text: str
    arguments: tuple[Argument, ...]
    spec: str
    principal: str | None
    is_join: bool = False
    is_block: bool = False
    reference: str = ""
    """Where a block was published; an op's text ends in its source."""

    @property
    def body(self) -> str:
        """A block's file without the line that every spec begins with."""
        return self.spec.removeprefix("archspec: 1\n")

    @property
    def summary(self) -> str:
        """The text's first line."""
        return self.text.partition("\n")[0].rstrip(".")


def names(ops: Vocabulary = OWN) -> frozenset[str]:
    """Every op's and standard block's word."""
    return ops.words() | standard_words()


def find_word(name: str, ops: Vocabulary = OWN) -> Word | None:
    """What is declared of a word; `None` for what is neither an op nor a standard block."""
    if name in standard_words():
        return _block(name)
    op = ops.find(name)
    return _op(name, op) if op is not None else None


def arguments_of(model: type[BaseModel]) -> tuple[Argument, ...]:
    """The fields of an op, or of another record that is written in a spec."""
    required = {name for name, info in model.model_fields.items() if info.is_required()}
    return tuple(
        Argument(name, kind.description, describe(kind.annotation), name in required, kind)
        for name, kind in field_types(model).items()
    )


def _op(name: str, op: type[Op]) -> Word:
    module = inspect.getmodule(op)
    alone = module is not None and not module.__name__.startswith("archspec.ops.families")
    text = inspect.cleandoc((module.__doc__ if alone and module else op.__doc__) or "")
    return Word(name, text, arguments_of(op), textwrap.dedent(op.example).strip(), op.principal, op.is_join)


def _block(name: str) -> Word:
    found = standard_block(name)
    text = found.block.about.text if found.block.about else ""
    arguments = tuple(map(_argument, found.block.parameters))
    principal = arguments[0].name if arguments else None
    spec = standard_text(name).strip()
    return Word(name, text, arguments, spec, principal, is_block=True, reference=_reference(name, spec))


def _reference(name: str, spec: str) -> str:
    """The block's `reference:` in one line: its title and its id, and the rest with their keys."""
    node: tree.Tree | None = read(SourceFile(f"{name}.yaml", spec), DiagnosticSink())
    for key in ("blocks", name, "reference"):
        node = node.get(key) if isinstance(node, tree.Mapping) else None
    entries = node.entries if isinstance(node, tree.Mapping) else ()
    said = [(entry.key.text, entry.value.text) for entry in entries if isinstance(entry.value, tree.Scalar)]
    return ", ".join(text if key in ("title", "id") else f"{key} {text}" for key, text in said)


def _argument(parameter: ast.Parameter) -> Argument:
    kind = _kind(parameter)
    about = kind.description if kind else parameter.about.text if parameter.about else ""
    takes = KINDS_HANDED_ON[parameter.kind] if kind is None else describe(kind.annotation)
    needed = parameter.default is None and (kind is None or kind.default is None)
    return Argument(parameter.name.text, about, takes, needed, kind, parameter.kind if kind is None else "")


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
