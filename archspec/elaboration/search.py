"""The values over which a file's parameters are searched: choices or a range, in the file or given from outside.

    parameters:
      width: {type: int, default: 64, search: {from: 16, to: 128, step: 16}}
      unit:  {type: block, default: bottleneck, search: [basic, bottleneck]}

What a spec compiles to never depends on them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from archspec.diagnostics.suggest import did_you_mean
from archspec.elaboration.arguments import Argument
from archspec.elaboration.context import Context
from archspec.elaboration.field_types import is_known, read_number
from archspec.elaboration.parameters import HANDED_ON, argument_value
from archspec.syntax import ast, tree
from archspec.syntax.evaluation import Opaque, Unknown, Value, shown
from archspec.syntax.limits import MAX_LIST

RANGE_KEYS = ("from", "to", "step")

NUMBER = r"\s*([-+]?[0-9]+(?:\.[0-9]+)?)\s*"
SHORT_RANGE = re.compile(rf"{NUMBER}\.\.{NUMBER}(?:/{NUMBER})?")
"""A range as a command line takes it: `16..128/16`."""

Plain = int | float | bool | str | list["Plain"]
"""A value as Python and JSON have it."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a parameter: as a tree to set it to, as a spec would write it, and as Python has it."""

    node: tree.Tree
    text: str
    plain: Plain


@dataclass(frozen=True, slots=True)
class Space:
    """A parameter and all values that it is to have."""

    name: str
    choices: tuple[Choice, ...]


def read_spaces(document: ast.Document, given: Mapping[str, tree.Tree], context: Context) -> tuple[Space, ...]:
    """The spaces of a file's parameters, in the order declared; those `given` from outside stand for the file's own.

    Reports E0221 (no such parameter), E0510 (no space) and what a wrong value has to report.
    """
    known = {parameter.name.text for parameter in document.parameters}
    for name, node in given.items():
        if name not in known:
            cure = did_you_mean(name, known, "there are " + ", ".join(known) if known else "the file has no parameters")
            context.report("E0221", f"there is no parameter `{tree.shorten(name)}`", node.span, help_=cure.help)
    spaces = []
    for parameter in document.parameters:
        written = given.get(parameter.name.text, parameter.search)
        choices = _choices(parameter, written, context) if written is not None else None
        if choices is not None:
            spaces.append(Space(parameter.name.text, choices))
    return tuple(spaces)


def as_range(node: tree.Tree) -> tree.Tree:
    """A range in a command line's form, `16..128/16`, as a file has it; anything else as it is."""
    found = SHORT_RANGE.fullmatch(node.text) if isinstance(node, tree.Scalar) and not node.quoted else None
    if found is None or not isinstance(node, tree.Scalar):
        return node
    entries = []
    for place, key in enumerate(RANGE_KEYS, start=1):
        if found[place] is not None:
            span = node.part(found.start(place), found.end(place))
            entries.append(tree.Entry(tree.Scalar(key, False, span), tree.Scalar(found[place], False, span)))
    return tree.Mapping(tuple(entries), node.span)


def _choices(parameter: ast.Parameter, node: tree.Tree, context: Context) -> tuple[Choice, ...] | None:
    """The values of one space; `None` after an error."""
    if isinstance(node, tree.Broken) or parameter.type is None:
        return None
    name = parameter.name.text
    if parameter.kind == "layers":
        cure = "write the layers as blocks, and search a parameter of type `block`"
        context.report("E0510", f"`{name}` holds layers, which are not searched", node.span, help_=cure)
        return None
    expression = next((scalar for scalar in tree.scalars(node) if "$" in scalar.text), None)
    if expression is not None:
        cure = "compute from the parameter in `let:`, and search plain values"
        headline = f"`search` holds values, and `{tree.shorten(expression.text)}` is an expression"
        context.report("E0510", headline, expression.span, help_=cure)
        return None
    if isinstance(node, tree.Mapping):
        return _of_range(parameter, node, context)
    if isinstance(node, tree.Sequence) and node.items:
        return _of_list(parameter, node, context)
    got = "an empty list" if isinstance(node, tree.Sequence) else tree.describe(node)
    cure = "write `[32, 64, 96]`, or `{from: 16, to: 128, step: 16}`"
    context.report("E0510", f"`search` must be a list of choices or a range, got {got}", node.span, help_=cure)
    return None


def _of_list(parameter: ast.Parameter, node: tree.Sequence, context: Context) -> tuple[Choice, ...] | None:
    if len(node.items) > MAX_LIST:
        context.report("E0510", f"a search may have {MAX_LIST:,} choices, got {len(node.items):,}", node.span)
        return None
    choices: dict[str, Choice] = {}
    for item in node.items:
        choice = _choice(parameter, item, context)
        if choice is not None and choices.setdefault(choice.text, choice) is not choice:
            headline = f"the choice `{tree.shorten(choice.text)}` stands twice"
            context.report("E0510", headline, item.span, help_="remove one of the two")
    return tuple(choices.values())


def _of_range(parameter: ast.Parameter, node: tree.Mapping, context: Context) -> tuple[Choice, ...] | None:
    """The values of `{from: …, to: …, step: …}`, both ends included. Between the checked ones all are as these are."""
    found = _ends(parameter, node, context)
    if found is None:
        return None
    first, last, step = found
    count = int((last - first) // step) + 1
    if count > MAX_LIST:
        headline = f"a search may have {MAX_LIST:,} choices, got {count:,}"
        context.report("E0510", headline, node.span, help_="take a larger `step`")
        return None
    nodes = [tree.Scalar(_decimal(first + place * step), False, node.span) for place in range(count)]
    # The first, the second and the last: whether numbers are whole, and within the parameter's range.
    checked = [_choice(parameter, nodes[place], context) for place in sorted({0, min(1, count - 1), count - 1})]
    if None in checked:
        return None
    is_list = isinstance(checked[0].plain, list) if checked[0] is not None else False
    return tuple(Choice(one, one.text, [_number(one.text)] if is_list else _number(one.text)) for one in nodes)


def _ends(parameter: ast.Parameter, node: tree.Mapping, context: Context) -> tuple[Fraction, Fraction, Fraction] | None:
    """The first number, the bound and the step of a range. Reports E0510."""
    numbers: dict[str, Fraction] = {"step": Fraction(1)}
    for entry in node.entries:
        key, value = entry.key.text, entry.value
        number = read_number(value.text) if isinstance(value, tree.Scalar) and not value.quoted else None
        if key not in RANGE_KEYS:
            cure = did_you_mean(key, RANGE_KEYS, "a range has from, to, step")
            context.report("E0510", f"a range has no key `{tree.shorten(key)}`", entry.key.span, help_=cure.help)
            return None
        if number is None:
            context.report("E0510", f"`{key}` must be a number, got {tree.describe(value)}", value.span)
            return None
        numbers[key] = Fraction(number)
    missing = [key for key in RANGE_KEYS if key not in numbers]
    headline = ""
    if missing:
        headline = "a range needs " + " and ".join(f"`{key}`" for key in missing)
    elif parameter.kind in HANDED_ON:
        headline = f"`{parameter.name.text}` is of type `{parameter.kind}`, and a range is of numbers"
    elif numbers["step"] <= 0:
        headline = f"`step` must be more than 0, got {shown(_plain_number(numbers['step']))}"
    elif numbers["to"] < numbers["from"]:
        headline = f"a range goes upwards, got {_decimal(numbers['from'])} to {_decimal(numbers['to'])}"
    if headline:
        context.report("E0510", headline, node.span, help_="write `{from: 16, to: 128, step: 16}`")
        return None
    return numbers["from"], numbers["to"], numbers["step"]


def _choice(parameter: ast.Parameter, node: tree.Tree, context: Context) -> Choice | None:
    """A choice that the parameter takes; `None` after its error, which is the one that setting it so would have."""
    argument = Argument(parameter.name.text, node.span, node.span, context, node)
    value = argument_value(parameter, argument, "search", context)
    return Choice(node, text_of(node), plain(value)) if is_known(value) else None


def plain(value: Value) -> Plain:
    """A value as Python and JSON have it: a block as its word.

    >>> plain((1, Fraction(1, 2), True))
    [1, 0.5, True]
    """
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    if isinstance(value, Fraction):
        return float(value)
    return str(value) if isinstance(value, Opaque | Unknown) else value


def text_of(node: tree.Tree) -> str:
    """A value in YAML's flow style."""
    if isinstance(node, tree.Scalar):
        return "'" + node.text.replace("'", "''") + "'" if node.quoted else node.text
    return "[" + ", ".join(text_of(item) for item in node.items) + "]" if isinstance(node, tree.Sequence) else ""


def _plain_number(number: Fraction) -> int | Fraction:
    return number.numerator if number.denominator == 1 else number


def _number(text: str) -> int | float:
    return float(text) if "." in text else int(text)


def _decimal(number: Fraction) -> str:
    """A number whose decimals end, as those of what is written do.

    >>> _decimal(Fraction(16)), _decimal(Fraction(-5, 4))
    ('16', '-1.25')
    """
    places = 0
    while (number * 10**places).denominator != 1:
        places += 1
    digits = str(abs((number * 10**places).numerator)).rjust(places + 1, "0")
    whole = digits[:-places] if places else digits
    sign = "-" if number < 0 else ""
    return f"{sign}{whole}.{digits[-places:]}" if places else f"{sign}{whole}"
