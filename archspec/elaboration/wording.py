"""Types and values in a message's words."""

from __future__ import annotations

import types
from fractions import Fraction
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from archspec.syntax.evaluation import Value, shown
from archspec.syntax.tree import Scalar, Tree, shorten

MANY = 12
"""Words of which a message names all."""

FEW = 4
"""Words that it names of more."""

OR_A_LIST = ", or a list of such"

PLUGIN = "an op of a plugin is there where `--plugin FILE.py` names it"
"""Said of a word that nobody knows."""


def describe(annotation: Any) -> str:
    """A type, as the end of a sentence ("must be …").

    >>> describe(int), describe(Literal["down", "up"])
    ('a whole number', '`down` or `up`')
    >>> describe(Literal["same", "valid"] | tuple[Annotated[int, FieldInfo(ge=1)], ...])
    '`same`, `valid` or a whole number of at least 1, or a list of such'
    """
    pieces = _pieces(annotation)
    return pieces[0] if len(pieces) == 1 else ", ".join(pieces[:-1]) + " or " + pieces[-1]


def wanted(annotation: Any) -> str:
    """A type as a message names it, which does not list more words than one can take in.

    >>> wanted(Literal["down", "up"])
    '`down` or `up`'
    """
    words = get_args(annotation) if get_origin(annotation) is Literal else ()
    if len(words) <= MANY:
        return describe(annotation)
    return f"one of {len(words)} words such as " + ", ".join(f"`{word}`" for word in words[:FEW])


def _pieces(annotation: Any) -> list[str]:
    """What a type admits, one by one."""
    origin = get_origin(annotation)
    if origin is Literal:
        return [f"`{word}`" for word in get_args(annotation)]
    if origin is Annotated:
        inner, *bounds = get_args(annotation)
        limits = [words for bound in bounds for words in _describe_bound(bound)]
        return [f"{describe(inner)} {' and '.join(limits)}".rstrip()]
    if origin in (Union, types.UnionType):
        return [piece for member in get_args(annotation) if member is not type(None) for piece in _pieces(member)]
    if origin is tuple:
        member = describe(get_args(annotation)[0])
        return [member if member.endswith(OR_A_LIST) else member + OR_A_LIST]
    names = {int: "a whole number", float: "a number", bool: "`true` or `false`", str: "a word"}
    return [names.get(annotation, "a value")]


def _describe_bound(bound: Any) -> list[str]:
    if isinstance(bound, FieldInfo):
        return [words for one in bound.metadata for words in _describe_bound(one)]
    known = (("ge", "of at least"), ("gt", "above"), ("le", "of at most"), ("lt", "below"))
    return [f"{words} {plain(getattr(bound, name))}" for name, words in known if getattr(bound, name, None) is not None]


def plain(limit: float) -> float:
    """A limit, whole where it is.

    `Gt(0)` and `Gt(0.0)` are equal, and typing's cache gives the one that was written first in a process.

    >>> plain(0.0), plain(0.5)
    (0, 0.5)
    """
    return int(limit) if limit == int(limit) else limit


def show_written(node: Tree | None, value: Value) -> str:
    """A value as a message quotes it: as the user wrote it, or what an expression gave."""
    if not isinstance(node, Scalar):
        return shown(value)
    if "$" not in node.text:
        return f'`"{shorten(node.text)}"`' if node.quoted else f"`{shorten(node.text)}`"
    if isinstance(value, Fraction) and "/" not in node.text and Fraction(text := f"{float(value):g}") == value:
        return f"`{text}`"  # 0.33 * 64 is 21.12 to who wrote it, and not 528/25
    return shown(value)
