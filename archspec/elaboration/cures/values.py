"""What a value that its field refuses most likely stands for, and the text that says so in this language.

Loaded only where a value is refused. A cure is certain, and so a fix, where the field takes the new text.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from fractions import Fraction
from typing import NamedTuple

from archspec.diagnostics import Fix
from archspec.diagnostics.fixes import respell
from archspec.elaboration.cures.foreign_words import cure_name
from archspec.elaboration.field_types import FieldType, read_number, type_scalar
from archspec.elaboration.wording import describe
from archspec.elaboration.wording import wanted as of_type
from archspec.syntax import tree
from archspec.syntax.evaluation import Value
from archspec.syntax.expression_tree import Apply, ExpressionError, Name
from archspec.syntax.expressions import parse_template
from archspec.syntax.written_expressions import names_of

TRUTHS = {"yes": "true", "on": "true", "no": "false", "off": "false"}
GROUPED = re.compile(r"\d{1,3}(,\d{3})+|\d+(_\d+)+")
SIZES = re.compile(r"\d+(\s*[xX×]\s*\d+)+")
TUPLE = re.compile(r"\(\s*\d+(\s*,\s*\d+)*\s*,?\s*\)")
PERCENTAGE = re.compile(r"(\d+(?:\.\d+)?)\s?%")


class ValueCure(NamedTuple):
    """What to do about a refused value, as a sentence and as edits."""

    help: str | None = None
    fix: Fix = ()


class _Meant(NamedTuple):
    """A text that could be meant, and its value; `None` where only the running spec could tell."""

    help: str
    text: str
    value: Value | None


def cure_value(
    node: tree.Tree | None, value: Value, wanted: str, field: FieldType, name: str, bound: Collection[str]
) -> ValueCure:
    """The cure of a value written for the field `name` where it must be `wanted`; `bound` are the names in sight."""
    if not isinstance(node, tree.Scalar):
        return ValueCure()
    if "$" in node.text:
        is_broken = "whole number" in wanted and isinstance(value, Fraction)
        return ValueCure(
            "the value does not come out whole: use `//`, `floor`, `ceil` or `round`" if is_broken else None
        )
    if name == "rate" and isinstance(value, int | Fraction) and 1 < value < 100:
        return ValueCure(f"a share between 0 and 1: `{float(value) / 100:g}`")
    for meant in _meanings(node, name, bound):
        if meant.value is None or field.check(meant.value) is None:
            return ValueCure(meant.help, respell(node.span, node.text, meant.text))
    if opened := _open_tuple(node):
        return opened
    # What is said of a type may leave out some of its words.
    is_type = wanted == of_type(field.annotation)
    return _nearest_word(node, describe(field.annotation) if is_type else wanted)


def _meanings(node: tree.Scalar, name: str, bound: Collection[str]) -> Iterator[_Meant]:
    """What a text could stand for, the likeliest first."""
    text = node.text
    if node.quoted and (plain := type_scalar(node._replace(quoted=False), float | bool)) != text:
        yield _Meant("remove the quotes: what is in quotes is text", text, plain)
    if truth := TRUTHS.get(text.lower()):
        yield _Meant(f"write `{truth}`", truth, truth == "true")
    if GROUPED.fullmatch(text):
        yield _number(re.sub("[,_]", "", text))
    if percentage := PERCENTAGE.fullmatch(text):
        yield _number(f"{float(Fraction(percentage[1]) / 100):g}")
    if SIZES.fullmatch(text) or TUPLE.fullmatch(text):
        sizes = re.findall(r"\d+", text)
        listed = f"[{', '.join(sizes)}]"
        yield _Meant(f"write `{listed}`", listed, tuple(int(size) for size in sizes))
    if text.startswith(f"{name}:") and not node.span.source.line(node.span.line)[: node.span.column - 1].strip():
        yield _Meant("write a space after the colon", f"{name}: {text.removeprefix(f'{name}:')}", None)
    yield from _formulas(node, bound)


def _number(text: str) -> _Meant:
    return _Meant(f"write `{text}`", text, read_number(text))


def _formulas(node: tree.Scalar, bound: Collection[str]) -> Iterator[_Meant]:
    """A formula of names in sight that lacks its `$(…)`, or such a name its `$`."""
    formula = f"$({node.text})"
    try:
        alone = parse_template(formula).alone
    except ExpressionError:
        return
    if alone is None or not isinstance(alone, Name | Apply) or not names_of(alone) or not names_of(alone) <= set(bound):
        return
    quote = '"' if node.quoted else ""
    if isinstance(alone, Name):
        yield _Meant(f"write `${alone.name}`", f"${alone.name}", None)
    else:
        yield _Meant(f"a formula is written `{formula}`", quote + formula + quote, None)


def _open_tuple(node: tree.Scalar) -> ValueCure | None:
    """`{kernel: (3, 3)}`, which YAML cuts at the comma: a list in brackets."""
    line = node.span.source.line(node.span.line)
    found = TUPLE.match(line, node.span.column - 1)
    if node.quoted or not found or node.span.text != node.text:
        return None
    listed = f"[{', '.join(re.findall(r'[0-9]+', found.group()))}]"
    whole = node.span._replace(end_column=found.end() + 1)
    return ValueCure(f"lists are written `{listed}`", respell(whole, found.group(), listed))


def _nearest_word(node: tree.Scalar, wanted: str) -> ValueCure:
    """The nearest of the words that a field takes."""
    words = wanted.split("`")[1::2]
    cure = cure_name(node.text, words)
    return ValueCure(cure.help, respell(node.span, node.text, cure.instead))
