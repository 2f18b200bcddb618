"""What each pass of a loop binds: `index`, `first`, `last`, and the columns or the row of its table."""

from __future__ import annotations

from collections.abc import Iterator

from archspec.diagnostics import Span
from archspec.elaboration.context import Context
from archspec.elaboration.field_types import show
from archspec.elaboration.modules import Row
from archspec.elaboration.scope import Bindings
from archspec.syntax import ast
from archspec.syntax.evaluation import UNKNOWN, Value
from archspec.syntax.limits import MAX_NODES


def passes_of(passes: ast.Passes, span: Span, context: Context) -> Iterator[Bindings]:
    """The bindings of each pass, in order; none where an error hides them.

    Reports E0310 (columns of different lengths, rows of the wrong width), E0502 and E0802 (too many passes).
    """
    rows = _rows(passes, span, context)
    for index, row in enumerate(rows, start=1):
        bindings = Bindings(context.bindings)
        bindings.set("index", index)
        bindings.set("first", index == 1)
        bindings.set("last", index == len(rows))
        for name, value in row.items():
            bindings.set(name, value)
        if passes.row_names:
            bindings.set("row", Row(tuple(row.items())))
        yield bindings


def _rows(passes: ast.Passes, span: Span, context: Context) -> list[dict[str, Value]]:
    """What each pass binds besides its index."""
    if passes.count is not None:
        return [{} for _ in range(_count(passes, context))]
    if passes.columns:
        return _from_columns(passes, span, context)
    return _from_table(passes, context)


def _count(passes: ast.Passes, context: Context) -> int:
    assert passes.count is not None
    value = context.value(passes.count, int)
    if value is UNKNOWN:
        return 0
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        context.report("E0502", f"`repeat` must be a whole number of at least 0, got {show(value)}", passes.count.span)
        return 0
    if value > MAX_NODES:
        context.report("E0802", f"a loop may have {MAX_NODES:,} passes, got {value:,}", passes.count.span)
        return 0
    return value


def _from_columns(passes: ast.Passes, span: Span, context: Context) -> list[dict[str, Value]]:
    columns: dict[str, tuple[Value, ...]] = {}
    for entry in passes.columns:
        value = context.value(entry.value, float | bool | str)
        if value is UNKNOWN:
            return []
        if not isinstance(value, tuple):
            context.report("E0502", f"`{entry.key.text}` must be a list, got {show(value)}", entry.value.span)
            return []
        columns[entry.key.text] = value
    lengths = {name: len(values) for name, values in columns.items()}
    if len(set(lengths.values())) > 1:
        found = ", ".join(f"`{name}` has {length}" for name, length in lengths.items())
        context.report("E0310", f"columns walk in step and must be equally long: {found}", span)
        return []
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _from_table(passes: ast.Passes, context: Context) -> list[dict[str, Value]]:
    assert passes.rows is not None
    names = [name.text for name in passes.row_names]
    table = context.value(passes.rows, float | bool)
    if table is UNKNOWN:
        return []
    if not isinstance(table, tuple):
        context.report("E0502", "`rows` must be a list of rows", passes.rows.span)
        return []
    made: list[dict[str, Value]] = []
    for place, row in enumerate(table, start=1):
        values = row if isinstance(row, tuple) else (row,)
        if len(values) != len(names):
            head = f"a row must have {len(names)} values, for " + ", ".join(f"`{name}`" for name in names)
            context.report("E0310", f"{head}, got {len(values)} in row {place}", passes.rows.span)
            return []
        made.append(dict(zip(names, values, strict=True)))
    return made
