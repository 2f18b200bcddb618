"""Parameters of files and blocks: their declared types, their values from arguments or defaults, and `let`.

Checked before a body is expanded, so that a mistake is shown at the use.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import partial

from archspec.diagnostics.fixes import respell
from archspec.diagnostics.suggest import Cure
from archspec.elaboration.arguments import Argument, Written, refuse, resolve
from archspec.elaboration.context import Context, SharedLayers
from archspec.elaboration.field_types import FieldType, field_types, is_known, read_number
from archspec.elaboration.modules import BlockReference, OpReference, find_block
from archspec.elaboration.wording import PLUGIN
from archspec.syntax import ast, tree
from archspec.syntax.evaluation import UNKNOWN, Opaque, Value, shown, written
from archspec.syntax.items import parse_items

SIMPLE = {
    "int": FieldType(int),
    "number": FieldType(float),
    "bool": FieldType(bool),
    "word": FieldType(str),
    "ints": FieldType(tuple[int, ...]),
    "numbers": FieldType(tuple[float, ...]),
    "words": FieldType(tuple[str, ...]),
    "shape": FieldType(tuple[int, ...]),
}
HANDED_ON = ("block", "layers", "rows")
"""Types whose values expressions do not look into, but for `rows`, whose cells are typed where they are used."""


@dataclass(frozen=True, eq=False)
class Closure(Opaque):
    """Layers given as an argument: placed where the body says, with the names and numbers of where they are written."""

    parameter: str
    layers: tuple[ast.Item, ...]
    context: Context

    def __str__(self) -> str:
        return f"the layers of `{self.parameter}`"


def declared_type(parameter: ast.Parameter, context: Context) -> FieldType | None:
    """The type of a parameter; `None` for those in `HANDED_ON`, and after E0506 for a type that does not exist."""
    text = parameter.kind
    if text in SIMPLE or text in HANDED_ON or parameter.type is None:
        return SIMPLE.get(text)
    word, _, field = text.partition(".")
    op = context.ops.find(word)
    types = field_types(op) if op else {}
    if field in types:
        return types[field]
    known = [*SIMPLE, *HANDED_ON]
    # Imported here: only a mistake needs it.
    from archspec.elaboration.cures.foreign_words import cure_type

    fields = [f"{word}.{name}" for name in types]
    cure = cure_type(text, fields or known, f"there are {', '.join(known)}, and an op's field as `conv.padding`")
    if (number := read_number(text)) is not None or text in ("true", "false"):
        kind = "bool" if number is None else "int" if isinstance(number, int) else "number"
        declared = f"{{type: {kind}, default: {text}}}"
        is_whole = parameter.default is None and (parameter.minimum, parameter.maximum) == (None, None)
        cure = Cure(f"write `{parameter.name.text}: {declared}`", declared if is_whole else None)
    fix = respell(parameter.type.span, text, cure.instead)
    context.report("E0506", f"`{text}` is not a type", parameter.type.span, help_=cure.help, fix=fix)
    return None


def bind(parameters: tuple[ast.Parameter, ...], given: Written, caller: Context, body: Context) -> bool:
    """Bind a block's parameters in its body's bindings. False where one has no value, which has been reported.

    Arguments are evaluated where the block is used, defaults in the block. Reports E0502, E0505 and E0506.
    """
    arguments = {argument.name: argument for argument in given.arguments}
    lacking = [one.name.text for one in parameters if one.name.text not in arguments and not _has_default(one, body)]
    missing = [name for name in lacking if name not in given.slips]
    if missing:
        names = ", ".join(f"`{name}`" for name in missing)
        caller.report("E0505", f"`{given.word}` needs {names}", given.span)
    if lacking:
        return False
    body.bindings.arguments = arguments
    for parameter in parameters:
        name = parameter.name.text
        if name in arguments:
            body.bindings.set(name, argument_value(parameter, arguments[name], given.word, body))
        else:
            body.bindings.define(name, partial(default_value, parameter, body))
    return True


def define_lets(lets: tuple[tree.Entry, ...], context: Context) -> None:
    """Bind the `let`s of a file or block in its bindings."""
    for entry in lets:
        context.bindings.define(entry.key.text, partial(context.value, entry.value, float | bool | str))


def argument_value(parameter: ast.Parameter, argument: Argument, word: str, body: Context) -> Value:
    """The checked value of an argument. Reports at the argument, in the user's own file."""
    if parameter.kind in HANDED_ON:
        return _handed_on(parameter, argument)
    kind = declared_type(parameter, body)
    if kind is None:
        return UNKNOWN
    value = resolve(argument, kind)
    if value is UNKNOWN:
        return UNKNOWN
    wanted = kind.check(value) or _out_of_range(parameter, value, body)
    if wanted is None:
        return value
    refuse(argument, value, wanted, word, kind)
    return UNKNOWN


def default_value(parameter: ast.Parameter, body: Context) -> Value:
    """The value of a parameter that was not given."""
    if parameter.default is not None:
        argument = Argument(parameter.name.text, parameter.name.span, parameter.default.span, body, parameter.default)
        return argument_value(parameter, argument, "parameters", body)
    kind = declared_type(parameter, body)
    return UNKNOWN if kind is None or kind.default is None else kind.default


def _has_default(parameter: ast.Parameter, body: Context) -> bool:
    if parameter.default is not None or parameter.kind in SIMPLE or parameter.kind in HANDED_ON:
        return parameter.default is not None
    kind = declared_type(parameter, body)
    return kind is None or kind.default is not None


def _out_of_range(parameter: ast.Parameter, value: Value, body: Context) -> str | None:
    """What a parameter's `min`, `max` and `one_of` demand, where the value does not keep to it."""
    values = value if isinstance(value, tuple) else (value,)
    numbers = [one for one in values if isinstance(one, int | Fraction)]
    least = body.value(parameter.minimum, float) if parameter.minimum else None
    most = body.value(parameter.maximum, float) if parameter.maximum else None
    if isinstance(least, int | Fraction) and any(one < least for one in numbers):
        return f"at least {written(least)}"
    if isinstance(most, int | Fraction) and any(one > most for one in numbers):
        return f"at most {written(most)}"
    if parameter.one_of is None:
        return None
    choices = body.value(parameter.one_of, float | bool | str)
    if not isinstance(choices, tuple) or not is_known(choices) or all(one in choices for one in values):
        return None
    return "one of " + ", ".join(shown(choice) for choice in choices)


def _handed_on(parameter: ast.Parameter, argument: Argument) -> Value:
    """A block, layers or table: an opaque value handed on, or made of what is written."""
    kind, node, context = parameter.kind, argument.tree, argument.context
    if node is None:
        return argument.known
    if kind == "layers" and isinstance(node, tree.Sequence):
        return Closure(parameter.name.text, parse_items(node, parameter.name.text, context.sink), context)
    if kind == "rows":
        return _rows(node, context)
    if isinstance(node, tree.Scalar) and "$" in node.text:
        value = context.value(node, str)
        if value is UNKNOWN or isinstance(value, BlockReference | OpReference | Closure | SharedLayers):
            return value
    elif isinstance(node, tree.Scalar) and kind == "block":
        return find_used(node, context)
    wanted = "a list of layers" if kind == "layers" else "the name of a block or op"
    context.report("E0502", f"`{parameter.name.text}` must be {wanted}, got {tree.describe(node)}", argument.span)
    return UNKNOWN


def find_used(word: tree.Scalar, context: Context) -> Value:
    """The shared layers, block or op that a word names from here. Reports E0305."""
    if word.text in context.shared:
        return context.shared[word.text]
    block = find_block(word.text, context.module)
    if block is not None:
        return block
    if context.ops.find(word.text) is not None:
        return OpReference(word.text)
    known = [*context.module.blocks, *context.ops.words()]
    # Imported here: only a mistake needs it.
    from archspec.elaboration.cures.foreign_words import cure_word

    cure = cure_word(word.text, known, PLUGIN)
    headline = f"`{tree.shorten(word.text)}` is neither an op nor a block"
    context.report("E0305", headline, word.span, help_=cure.help, fix=respell(word.span, word.text, cure.instead))
    return UNKNOWN


def _rows(node: tree.Tree, context: Context) -> Value:
    """A table. Its cells are typed by what they look like, and again by the fields that take them."""
    value = context.value(node, float | bool)
    if value is UNKNOWN:
        return UNKNOWN
    if isinstance(value, tuple) and all(isinstance(row, tuple) for row in value):
        return value
    context.report("E0502", "a table must be a list of rows, each a list", node.span)
    return UNKNOWN
