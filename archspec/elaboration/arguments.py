"""What is written for an op or block: its fields with their places, defaults of the file added, values checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from archspec.diagnostics import Span
from archspec.diagnostics.fixes import respell
from archspec.elaboration.context import Context
from archspec.elaboration.field_types import FieldType, coerce, field_types, is_known
from archspec.elaboration.modules import Row
from archspec.elaboration.wording import describe, show_written
from archspec.syntax import tree
from archspec.syntax.evaluation import UNKNOWN, Value
from archspec.syntax.expression_tree import ExpressionError, Name
from archspec.syntax.expressions import parse_template
from archspec.syntax.items import MODIFIERS

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Argument:
    """One field as written: its name, the places of name and value, and the value: a tree, or known from a row."""

    name: str
    name_span: Span
    span: Span
    context: Context
    tree: tree.Tree | None = None
    known: Value = UNKNOWN


@dataclass(frozen=True, slots=True)
class Written:
    """All fields written for one use. `slips` are those that an unknown field, already reported, likely stands for."""

    word: str
    span: Span
    arguments: tuple[Argument, ...]
    slips: frozenset[str] = frozenset()

    def span_of(self, field: str | None) -> Span:
        """The place of a field's value, or of the word where the field was not written."""
        return next((argument.span for argument in self.arguments if argument.name == field), self.span)


def collect(
    word: str, span: Span, value: tree.Tree | None, principal: str | None, known: Iterable[str], context: Context
) -> Written | None:
    """The fields of a use, the file's defaults for the word included. `None` after an error that hides them.

    `value` is the fields as a mapping, or the principal field alone, or `$row`. Reports E0501 (unknown field) and
    E0504 (a lone value where no field may stand alone).
    """
    names = tuple(known)
    written = _written(word, value, principal, names, context)
    if written is None:
        return None
    written = _overridden(written, context.overrides)
    have = {argument.name for argument in written}
    default = context.module.defaults.get(word)
    everything = tuple(written)
    if default is not None:
        of_file = replace(context, bindings=context.module.bindings)
        everything += tuple(_argument(entry, of_file) for entry in default.fields if entry.key.text not in have)
    fitting = tuple(argument for argument in everything if argument.name in names)
    slips = _refuse_unknown(word, span, value, everything, names) if len(fitting) < len(everything) else frozenset()
    return Written(word, span, fitting, slips)


def _overridden(written: list[Argument], overrides: tuple[Argument, ...]) -> list[Argument]:
    """The arguments with those that patches set, each in its place or at the end; of two the later holds."""
    merged = {argument.name: argument for argument in written}
    merged.update({argument.name: argument for argument in overrides})
    return list(merged.values())


def _written(
    word: str, value: tree.Tree | None, principal: str | None, known: tuple[str, ...], context: Context
) -> list[Argument] | None:
    if value is None:
        return []
    if isinstance(value, tree.Mapping):
        return [_argument(entry, context) for entry in value.entries]
    if isinstance(value, tree.Broken):
        return None
    row = _row(value, context)
    if row is not None:
        return [Argument(name, value.span, value.span, context, known=item) for name, item in row.values]
    if principal is None:
        rule = f"`{word}` has no field that may stand alone" if known else f"`{word}` takes no fields"
        cure = f"write `{word}: {{{known[0]}: …}}`" if known else f"write `- {word}`"
        context.report("E0504", f"{rule}, got {tree.describe(value)}", value.span, help_=cure)
        return None
    return [Argument(principal, value.span, value.span, context, value)]


def _argument(entry: tree.Entry, context: Context) -> Argument:
    return Argument(entry.key.text, entry.key.span, entry.value.span, context, entry.value)


def _row(value: tree.Tree, context: Context) -> Row | None:
    """The row of the loop's table where the value is `$row` alone."""
    if not isinstance(value, tree.Scalar) or "$" not in value.text:
        return None
    try:
        alone = parse_template(value.text).alone
    except ExpressionError:
        return None
    if not isinstance(alone, Name):
        return None
    found = context.bindings.get(alone.name)
    return found if isinstance(found, Row) else None


def _refuse_unknown(
    word: str, span: Span, value: tree.Tree | None, everything: tuple[Argument, ...], known: tuple[str, ...]
) -> frozenset[str]:
    """Report E0501 for each field that is unknown; the fields that these likely stand for."""
    # Imported here: only a mistake needs them.
    from archspec.elaboration.cures.foreign_words import cure_field
    from archspec.elaboration.cures.misplaced import beside

    taken = {argument.name for argument in everything}
    otherwise = f"`{word}` has " + ", ".join(known) if known else f"`{word}` has no fields"
    slips = set()
    for argument in everything:
        if argument.name in known:
            continue
        cure = cure_field(argument.name, known, otherwise, taken)
        # After `use: $unit` the field may be right for what another variant chooses.
        fix = respell(argument.name_span, argument.name, cure.instead if span.text == word else None)
        help_ = cure.help
        slips.add(cure.near or "")
        if argument.name in MODIFIERS:
            help_ = f"`{argument.name}` stands beside `{word}`, not inside it"
            fix = beside(value, argument.name_span, span)
        headline = f"`{word}` has no field `{tree.shorten(argument.name)}`"
        argument.context.report("E0501", headline, argument.name_span, help_=help_, fix=fix)
    return frozenset(slips)


def resolve(argument: Argument, field: FieldType) -> Value:
    """The argument's value, typed as far as the field asks, or UNKNOWN. Reports what cannot be evaluated."""
    value = argument.known if argument.tree is None else argument.context.value(argument.tree, field.annotation)
    return value if is_known(value) else UNKNOWN


def refuse(argument: Argument, value: Value, wanted: str, word: str, field: FieldType) -> None:
    """Report E0502 for a value that is not what was wanted."""
    # Imported here: only a mistake needs it.
    from archspec.elaboration.cures.values import cure_value

    headline = f"`{word}.{argument.name}` must be {wanted}, got {show_written(argument.tree, value)}"
    bound = argument.context.bindings.names()
    cure = cure_value(argument.tree, value, wanted, field, argument.name, bound)
    argument.context.report("E0502", headline, argument.span, help_=cure.help, fix=cure.fix)


def make(model: type[Model], written: Written, context: Context) -> Model | None:
    """An op from what was written for it. Reports E0502 for each wrong value and E0505 for each missing field."""
    types = field_types(model)
    values = {argument.name: resolve(argument, types[argument.name]) for argument in written.arguments}
    lacking = [name for name, info in model.model_fields.items() if info.is_required() and name not in values]
    missing = [name for name in lacking if name not in written.slips]
    if missing:
        names = ", ".join(f"`{name}`" for name in missing)
        context.report("E0505", f"`{written.word}` needs {names}", written.span, help_=_types_of(missing, types))
    if not lacking and all(map(is_known, values.values())):
        try:
            return model(**{name: coerce(value, types[name].annotation) for name, value in values.items()})
        except ValidationError as error:
            _report_refused(written, values, types, error, context)
            return None
    _report_refused(written, values, types, None, context)
    return None


def _report_refused(
    written: Written,
    values: Mapping[str, Value],
    types: Mapping[str, FieldType],
    error: ValidationError | None,
    context: Context,
) -> None:
    """Report each value that its field refuses by itself, or else what the op says of them together."""
    found = False
    for argument in written.arguments:
        value = values[argument.name]
        wanted = types[argument.name].check(value) if is_known(value) else None
        if wanted is not None:
            refuse(argument, value, wanted, written.word, types[argument.name])
            found = True
    for problem in error.errors() if error is not None and not found else ():
        context.report("E0502", f"`{written.word}` {problem['msg'].removeprefix('Value error, ')}", written.span)


def _types_of(missing: list[str], types: Mapping[str, FieldType]) -> str:
    return "; ".join(f"`{name}` is {describe(types[name].annotation)}" for name in missing)
