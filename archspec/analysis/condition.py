"""A condition on figures and parameters, as `archspec enumerate --where` takes it: `params <= 5M and width > 32`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from archspec.diagnostics import Diagnostic, DiagnosticSink, Label, SourceFile, Span, SpecError
from archspec.diagnostics.suggest import did_you_mean
from archspec.syntax.evaluation import UNKNOWN, Value, evaluate, shown
from archspec.syntax.expression_tree import Channels, Expression, ExpressionError, Name, within
from archspec.syntax.expressions import parse_condition

WHERE = "--where"
"""What messages call the text: that of the command line's option."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition that has been parsed, and whose names are known."""

    source: SourceFile
    expression: Expression

    def holds(self, value_of: Callable[[str], Value]) -> bool | None:
        """Whether it holds; `None` where a name's value is not known. A name is looked up only where it counts.

        Raises `SpecError` at the part that has no value, with E0602, and with E0604 for what is not true or false.
        """
        try:
            value = evaluate(self.expression, _Names(value_of))
        except ExpressionError as error:
            raise SpecError((_at(self.source, "E0602", error),)) from None
        if value is UNKNOWN or isinstance(value, bool):
            return None if value is UNKNOWN else value
        end = len(self.source.text)
        wrong = ExpressionError(f"`{WHERE}` must be true or false, got {shown(value)}", 0, end, "write `params <= 5M`")
        raise SpecError((_at(self.source, "E0604", wrong),))


def read_condition(text: str, names: Iterable[str], sink: DiagnosticSink) -> Condition | None:
    """The condition that a text states. Reports E0601 for what is none, and E0602 for names that are not these."""
    source = SourceFile(WHERE, text)
    try:
        expression = parse_condition(text)
    except ExpressionError as error:
        sink.report(_at(source, "E0601", error))
        return None
    known = list(names)
    unknown = [one for one in _names(expression) if isinstance(one, Channels) or one.name not in known]
    for one in unknown:
        sink.report(_at(source, "E0602", _unknown(one, known)))
    return None if unknown else Condition(source, expression)


class _Names:
    """Where the names of a condition are looked up: the evaluator's environment."""

    def __init__(self, value_of: Callable[[str], Value]) -> None:
        self._value_of = value_of

    def value_of(self, name: Name) -> Value:
        try:
            return self._value_of(name.name)
        except OpenFigureError as error:
            raise ExpressionError(str(error), name.start, name.end, "state the size with `--input`") from None

    def channels_of(self, node: Channels) -> Value:
        raise AssertionError("refused when the condition was read")

    def charge(self, operations: int) -> None:
        """A condition is short, and is bounded by that."""


class OpenFigureError(Exception):
    """A figure that is not known while an input's size is open."""


def _unknown(one: Name | Channels, known: list[str]) -> ExpressionError:
    if isinstance(one, Channels):
        return ExpressionError("a condition knows figures and parameters, and no node", one.start, one.end)
    cure = did_you_mean(one.name, known, "there are " + ", ".join(known))
    return ExpressionError(f"`{one.name}` is neither a figure nor a parameter", one.start, one.end, cure.help)


def _names(expression: Expression) -> list[Name | Channels]:
    """The names in an expression, in the order written."""
    return sorted((one for one in within(expression) if isinstance(one, Name | Channels)), key=lambda name: name.start)


def _at(source: SourceFile, code: str, error: ExpressionError) -> Diagnostic:
    place = Span(source, 1, error.start + 1, 1, error.end + 1)
    return Diagnostic(code, error.message, Label(place), help=error.cure)
