"""What an expression is, once parsed: constants, names, channels, and operations on them, each with its place."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple


class ExpressionError(Exception):
    """A mistake in an expression: characters `start` to `end` of the scalar's text, and what to write there instead."""

    def __init__(self, message: str, start: int, end: int, cure: str | None = None, instead: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.start = start
        self.end = end
        self.cure = cure
        self.instead = instead


class TooMuchWorkError(Exception):
    """The expressions of a spec take more operations than they may."""


class Constant(NamedTuple):
    """A number, a word in single quotes, `true` or `false`."""

    value: int | Fraction | bool | str
    start: int
    end: int


class Name(NamedTuple):
    """A parameter, a `let`, a loop's column."""

    name: str
    start: int
    end: int


class Channels(NamedTuple):
    """`node.channels`: the number of channels of a node in sight, or of the block's input `in`."""

    node: str
    start: int
    end: int


class Apply(NamedTuple):
    """An operator or a named function on its arguments. Index is `[]`, the conditional `if` (condition first)."""

    function: str
    arguments: tuple[Expression, ...]
    start: int
    end: int


Expression = Constant | Name | Channels | Apply


def within(*expressions: Expression) -> Iterator[Expression]:
    """The expressions and all that they hold, each before what is in it, in the order written."""
    stack = list(reversed(expressions))
    while stack:
        expression = stack.pop()
        yield expression
        if isinstance(expression, Apply):
            stack.extend(reversed(expression.arguments))


class Template(NamedTuple):
    """A scalar with expressions in it: texts and expressions in turn."""

    parts: tuple[str | Expression, ...]

    @property
    def alone(self) -> Expression | None:
        """The expression of a scalar that is nothing else, whose value keeps its type."""
        if len(self.parts) == 1 and not isinstance(self.parts[0], str):
            return self.parts[0]
        return None
