"""Expressions to values: exact, total, bounded. Numbers are whole or exact fractions, never floats.

What cannot be known because of an earlier error is `UNKNOWN`, and so is everything computed from it, in silence.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from enum import Enum
from fractions import Fraction
from typing import Protocol

from archspec.syntax.expression_tree import Apply, Channels, Constant, Expression, ExpressionError, Name, Template
from archspec.syntax.limits import MAX_DIGITS, MAX_LIST


class Unknown(Enum):
    """The value of what depends on an error that has been reported."""

    UNKNOWN = "unknown"


UNKNOWN = Unknown.UNKNOWN


class Opaque:
    """A value that expressions hand on unopened: a block, layers, a row. The subclasses are in `elaboration`."""


Value = int | Fraction | bool | str | tuple["Value", ...] | Unknown | Opaque
"""What an expression can give: a number, true or false, a word, a list, or something to hand on."""


class Environment(Protocol):
    """Where names are looked up. Both methods raise `ExpressionError` for a name that is not in sight."""

    def value_of(self, name: Name) -> Value:
        """The value of a parameter, a `let` or a loop's column."""

    def channels_of(self, node: Channels) -> Value:
        """The number of channels of a node in sight."""

    def charge(self, operations: int) -> None:
        """Account for work done. Raises `TooMuchWorkError` beyond the bound."""


def expand(template: Template, environment: Environment) -> Value:
    """The value of a scalar: that of its one expression with its type, or text with the values written into it."""
    if template.alone is not None:
        return evaluate(template.alone, environment)
    parts = [part if isinstance(part, str) else evaluate(part, environment) for part in template.parts]
    return UNKNOWN if UNKNOWN in parts else "".join(written(part) for part in parts)


def evaluate(expression: Expression, environment: Environment) -> Value:
    """The value of an expression. Raises `ExpressionError` at the part that has none."""
    if isinstance(expression, Constant):
        return expression.value
    if isinstance(expression, Name):
        return environment.value_of(expression)
    if isinstance(expression, Channels):
        return environment.channels_of(expression)
    if expression.function in ("if", "and", "or"):
        return _evaluate_lazily(expression, environment)
    arguments = [evaluate(argument, environment) for argument in expression.arguments]
    if any(argument is UNKNOWN for argument in arguments):
        return UNKNOWN
    environment.charge(1 + max((len(argument) for argument in arguments if isinstance(argument, tuple)), default=0))
    try:
        value = _bounded(_apply(expression.function, arguments), expression)
        environment.charge(len(value) if isinstance(value, tuple) else 0)
        return value
    except _Misuse as error:
        raise ExpressionError(str(error), expression.start, expression.end, error.cure) from None


def written(value: Value) -> str:
    """A value as it is written in a spec and in messages.

    >>> written(True), written(Fraction(5, 2)), written((1, 2))
    ('true', '5/2', '[1, 2]')
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return "[" + ", ".join(written(item) for item in value) + "]"
    return str(value)


def shown(value: Value) -> str:
    """A value as a message quotes it.

    >>> shown((1, 2)), len(shown(tuple(range(1000))))
    ('`[1, 2]`', 62)
    """
    text = f"'{value}'" if isinstance(value, str) and " " in value else written(value)
    return f"`{text}`" if len(text) <= 60 else f"`{text[:59]}…`"


class _Misuse(Exception):  # noqa: N818 - becomes an ExpressionError once its place is known
    """An operation on values it does not take."""

    def __init__(self, message: str, cure: str | None = None) -> None:
        super().__init__(message)
        self.cure = cure


def _evaluate_lazily(expression: Apply, environment: Environment) -> Value:
    """The forms that evaluate only the side they need."""
    first = evaluate(expression.arguments[0], environment)
    if first is UNKNOWN:
        return UNKNOWN
    if not isinstance(first, bool):
        raise _no_truth(expression, 0, first)
    if expression.function == "if":
        return evaluate(expression.arguments[1 if first else 2], environment)
    if first == (expression.function == "or"):
        return first
    second = evaluate(expression.arguments[1], environment)
    if not isinstance(second, bool | Unknown):
        raise _no_truth(expression, 1, second)
    return second


def _no_truth(expression: Apply, place: int, value: Value) -> ExpressionError:
    wrong = expression.arguments[place]
    return ExpressionError(f"`{expression.function}` needs true or false, got {shown(value)}", wrong.start, wrong.end)


def _bounded(value: Value, expression: Apply) -> Value:
    """The value, whole where it is whole, within the cap on digits."""
    if isinstance(value, Fraction):
        value = value.numerator if value.denominator == 1 else value
    parts = (value.numerator, value.denominator) if isinstance(value, int | Fraction) else ()
    if any(abs(part) >= 10**MAX_DIGITS for part in parts):
        raise ExpressionError(f"a number may have {MAX_DIGITS} digits", expression.start, expression.end)
    return value


def _apply(function: str, arguments: list[Value]) -> Value:
    if function in SPREADING and any(isinstance(argument, tuple) for argument in arguments):
        return _spread(function, arguments)
    operation = OPERATIONS[function]
    try:
        return operation(*arguments)
    except TypeError as error:
        # Only a wrong number of arguments gets here: the operations check the types of their own.
        raise _Misuse(f"`{function}` does not take {len(arguments)} argument{'s' * (len(arguments) != 1)}") from error


def _spread(function: str, arguments: list[Value]) -> Value:
    """Arithmetic over lists, value by value."""
    lengths = {len(argument) for argument in arguments if isinstance(argument, tuple)}
    if len(lengths) > 1:
        raise _Misuse(f"lists must be equally long, got {' and '.join(map(str, sorted(lengths)))} values")
    (length,) = lengths
    columns = [argument if isinstance(argument, tuple) else (argument,) * length for argument in arguments]
    return tuple(_apply(function, list(row)) for row in zip(*columns, strict=True))


def _number(value: Value, what: str) -> int | Fraction:
    if isinstance(value, bool) or not isinstance(value, int | Fraction):
        raise _Misuse(f"`{what}` needs numbers, got {shown(value)}")
    return value


def _whole(value: Value, what: str) -> int:
    number = _number(value, what)
    if not isinstance(number, int):
        raise _Misuse(f"`{what}` needs whole numbers, got {shown(number)}", "use `//`, `floor`, `ceil` or `round`")
    return number


def _list(value: Value, what: str) -> tuple[Value, ...]:
    if not isinstance(value, tuple):
        raise _Misuse(f"`{what}` needs a list, got {shown(value)}")
    return value


def _numbers(values: tuple[Value, ...], what: str) -> list[int | Fraction]:
    """The numbers given as arguments, or as one list."""
    given = values[0] if len(values) == 1 and isinstance(values[0], tuple) else values
    if not given:
        raise _Misuse(f"`{what}` needs at least one number")
    return [_number(value, what) for value in given]


def _arithmetic(
    sign: str, operation: Callable[[Fraction, Fraction], int | Fraction]
) -> Callable[[Value, Value], Value]:
    def apply(left: Value, right: Value) -> Value:
        numbers = Fraction(_number(left, sign)), Fraction(_number(right, sign))
        if sign in ("/", "//", "%") and not numbers[1]:
            raise _Misuse("a division by zero has no value")
        return Fraction(operation(*numbers))

    return apply


def _power(base: Value, exponent: Value) -> Value:
    number, times = _number(base, "**"), _whole(exponent, "**")
    digits = len(str(max(abs(number.numerator), number.denominator)))
    if abs(times) * digits > 4 * MAX_DIGITS or (not number and times < 0):
        raise _Misuse(f"{number} to the power {times} is beyond {MAX_DIGITS} digits")
    return Fraction(number) ** times


def _order(sign: str, operation: Callable[[Fraction, Fraction], bool]) -> Callable[[Value, Value], Value]:
    return lambda left, right: operation(Fraction(_number(left, sign)), Fraction(_number(right, sign)))


def _equal(left: Value, right: Value) -> bool:
    kinds = [
        bool if isinstance(side, bool) else (int if isinstance(side, int | Fraction) else type(side))
        for side in (left, right)
    ]
    if kinds[0] is not kinds[1]:
        raise _Misuse(f"`==` needs two values of one kind, got {shown(left)} and {shown(right)}")
    return left == right


def _not(value: Value) -> bool:
    if not isinstance(value, bool):
        raise _Misuse(f"`not` needs true or false, got {shown(value)}")
    return not value


def _index(values: Value, index: Value) -> Value:
    items, place = _list(values, "[]"), _whole(index, "[]")
    if not 1 <= place <= len(items):
        cure = "counting is from 1" if place == 0 else None
        has = f"the list has the places 1 to {len(items)}" if items else "the list is empty"
        raise _Misuse(f"{has}, got {shown(place)}", cure)
    return items[place - 1]


def _round(value: Value) -> Value:
    """Half away from zero, as people round; Python's own rounds half to even."""
    number = Fraction(_number(value, "round"))
    magnitude = math.floor(abs(number) + Fraction(1, 2))
    return magnitude if number >= 0 else -magnitude


def _make_divisible(value: Value, divisor: Value = 8) -> Value:
    """To the nearest multiple, at least one, and never below nine tenths of the value.

    Source: Howard et al., arXiv:1704.04861, as in the authors' code.
    """
    number, step = Fraction(_number(value, "make_divisible")), _whole(divisor, "make_divisible")
    if step < 1:
        raise _Misuse(f"`make_divisible` needs a divisor of at least 1, got {shown(step)}")
    nearest = max(step, math.floor(number + Fraction(step, 2)) // step * step)
    return nearest + step if nearest < number * Fraction(9, 10) else nearest


def _range(first: Value, last: Value | None = None) -> Value:
    low, high = (1, _whole(first, "range")) if last is None else (_whole(first, "range"), _whole(last, "range"))
    if high - low >= MAX_LIST:
        raise _Misuse(f"a list may have {MAX_LIST:,} values, got {high - low + 1:,}")
    return tuple(range(low, high + 1))


def _take(values: Value, count: Value) -> Value:
    items, wanted = _list(values, "take"), _whole(count, "take")
    if not 0 <= wanted <= len(items):
        raise _Misuse(f"`take` needs a count of 0 to {len(items)}, the list's length, got {shown(wanted)}")
    return items[:wanted]


SPREADING = frozenset(("+", "-", "*", "/", "//", "%", "**", "negate", "ceil", "floor", "round", "make_divisible"))

OPERATIONS: dict[str, Callable[..., Value]] = {
    "+": _arithmetic("+", lambda a, b: a + b),
    "-": _arithmetic("-", lambda a, b: a - b),
    "*": _arithmetic("*", lambda a, b: a * b),
    "/": _arithmetic("/", lambda a, b: a / b),
    "//": _arithmetic("//", lambda a, b: a // b),
    "%": _arithmetic("%", lambda a, b: a % b),
    "**": _power,
    "negate": lambda value: -_number(value, "-"),
    "not": _not,
    "==": _equal,
    "!=": lambda left, right: not _equal(left, right),
    "<": _order("<", lambda a, b: a < b),
    "<=": _order("<=", lambda a, b: a <= b),
    ">": _order(">", lambda a, b: a > b),
    ">=": _order(">=", lambda a, b: a >= b),
    "[]": _index,
    "min": lambda *values: min(_numbers(values, "min")),
    "max": lambda *values: max(_numbers(values, "max")),
    "ceil": lambda value: math.ceil(_number(value, "ceil")),
    "floor": lambda value: math.floor(_number(value, "floor")),
    "round": _round,
    "make_divisible": _make_divisible,
    "len": lambda values: len(_list(values, "len")),
    "sum": lambda values: sum((Fraction(_number(value, "sum")) for value in _list(values, "sum")), Fraction(0)),
    "range": _range,
    "take": _take,
}
