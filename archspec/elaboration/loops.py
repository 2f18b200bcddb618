"""What each pass of a loop binds: `index`, `first`, `last`, and the columns or the row of its table."""

from __future__ import annotations

from collections.abc import Iterator

from archspec.diagnostics import Span
from archspec.elaboration.context import Context
from archspec.elaboration.modules import Row
from archspec.elaboration.scope import Bindings, Pass
from archspec.elaboration.wording import show_written
from archspec.syntax import ast, tree
from archspec.syntax.evaluation import UNKNOWN, Value, shown
from archspec.syntax.limits import MAX_NODES


def passes_of(passes: ast.Passes, span: Span, context: Context) -> Iterator[Bindings] | None:
    """The bindings of each pass, in order; `None` where an error hides how many there are.

    Reports E0310 (columns of different lengths, rows of the wrong width), E0502 and E0802 (too many passes).
    """
    rows = _rows(passes, span, context)
    return None if rows is None else _bind_each(rows, passes, context)


def unknown_pass(passes: ast.Passes, context: Context) -> Bindings:
    """What a pass binds, all of it unknown."""
    bindings = Bindings(context.bindings)
    columns = [name.text for name in (*(entry.key for entry in passes.columns), *passes.row_names)]
    for name in ("index", "first", "last", *columns):
        bindings.set(name, UNKNOWN)
    if passes.row_names:
        bindings.set("row", Row(tuple((name, UNKNOWN) for name in columns)))
    return bindings


def _bind_each(rows: list[dict[str, Value]], passes: ast.Passes, context: Context) -> Iterator[Bindings]:
    for index, row in enumerate(rows, start=1):
        bindings = Bindings(context.bindings)
        bindings.passed = Pass(passes, index, context)
        bindings.set("index", index)
        bindings.set("first", index == 1)
        bindings.set("last", index == len(rows))
        for name, value in row.items():
            bindings.set(name, value)
        if passes.row_names:
            bindings.set("row", Row(tuple(row.items())))
        yield bindings


def _rows(passes: ast.Passes, span: Span, context: Context) -> list[dict[str, Value]] | None:
    """What each pass binds besides its index."""
    if passes.repeats is not None:
        count = _count(passes.repeats, context)
        return None if count is None else [{} for _ in range(count)]
    if passes.columns:
        return _from_columns(passes, span, context)
    return _from_table(passes, context)


def _count(count: tree.Scalar, context: Context) -> int | None:
    value = context.value(count, int)
    if value is UNKNOWN:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        context.report(
            "E0502", f"`repeat` must be a whole number of at least 0, got {show_written(count, value)}", count.span
        )
        return None
    if value > MAX_NODES:
        context.report("E0802", f"a loop may have {MAX_NODES:,} passes, got {shown(value)}", count.span)
        return None
    return value


def _from_columns(passes: ast.Passes, span: Span, context: Context) -> list[dict[str, Value]] | None:
    columns: dict[str, tuple[Value, ...]] = {}
    for entry in passes.columns:
        value = context.value(entry.value, float | bool | str)
        if isinstance(value, tuple):
            columns[entry.key.text] = value
        elif value is not UNKNOWN:
            context.report("E0502", f"`{entry.key.text}` must be a list, got {shown(value)}", entry.value.span)
    if len(columns) < len(passes.columns):
        return None
    lengths = {name: len(values) for name, values in columns.items()}
    if len(set(lengths.values())) > 1:
        found = ", ".join(f"`{name}` has {length}" for name, length in lengths.items())
        context.report("E0310", f"columns walk in step and must be equally long: {found}", span)
        return None
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _from_table(passes: ast.Passes, context: Context) -> list[dict[str, Value]] | None:
    assert passes.rows is not None
    names = [name.text for name in passes.row_names]
    table = context.value(passes.rows, float | bool)
    if table is UNKNOWN:
        return None
    if not isinstance(table, tuple):
        context.report("E0502", f"`rows` must be a list of rows, got {shown(table)}", passes.rows.span)
        return None
    made: list[dict[str, Value]] = []
    for place, row in enumerate(table, start=1):
        values = row if isinstance(row, tuple) else (row,)
        if row is UNKNOWN:
            return None
        if len(values) != len(names):
            head = f"a row must have {len(names)} values, for " + ", ".join(f"`{name}`" for name in names)
            written = passes.rows.items[place - 1] if isinstance(passes.rows, tree.Sequence) else passes.rows
            context.report("E0310", f"{head}, got {len(values)} in row {place}", written.span)
        made.append(dict(zip(names, values, strict=False)))
    return made if all(len(row) == len(names) for row in made) else None
