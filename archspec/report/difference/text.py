"""A difference as text: totals, blocks, what was edited in graph order, and the paths that changed.

~ edited   + added   - removed   . what only follows
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archspec.analysis.difference.changes import BlockChange, Change, Difference
from archspec.ir.graph import Input, Output
from archspec.report.difference.counts import count_line
from archspec.report.difference.figures import FigureChange, figure_changes, signed
from archspec.report.difference.renames import renames_of
from archspec.report.difference.rows import Row, rows_of
from archspec.report.figures import count_text, figure_title
from archspec.report.table import table_lines

FIGURE_HEAD = ("", "old", "new", "change", "")
BLOCK_HEAD = ("block", "params", "change", "MACs", "change")
COLOURS = {"+": "\x1b[32m", "-": "\x1b[31m", "~": "\x1b[33m", ".": "\x1b[2m"}
RESET = "\x1b[0m"


def difference_text(found: Difference, left: str, right: str, *, colour: bool = False) -> str:
    """The whole difference; `left` and `right` are what the two networks are called."""
    if found.is_empty:
        return f"no difference between {left} and {right}: {count_line(found)}"
    parts = [
        [f"--- {left}", f"+++ {right}"],
        _figures(found),
        _blocks(found.blocks),
        _changes(found, colour=colour),
        _renames(found),
        [count_line(found)],
    ]
    return "\n\n".join("\n".join(lines) for lines in parts if lines)


def figure_cells(change: FigureChange) -> tuple[str, ...]:
    """One figure's row."""
    name = figure_title(change.name)
    return name, count_text(change.old), count_text(change.new), signed(change.delta), change.percent


def block_cells(block: BlockChange) -> tuple[str, ...]:
    """One block's row: its figures as they are now, and what they added."""
    changes = {change.name: change for change in figure_changes(block.before, block.after)}
    cells = [(count_text(changes[name].new), signed(changes[name].delta)) for name in ("params", "macs")]
    return _block_name(block), *cells[0], *cells[1]


def change_rows(found: Difference) -> list[tuple[str, ...]]:
    """The rows of inputs, nodes and outputs, each with its mark and a blank at the front of its first cell."""
    rows = [*(_port("input", change) for change in found.inputs), *map(_row, rows_of(found))]
    return [*rows, *(_port("output", change) for change in found.outputs)]


def _figures(found: Difference) -> list[str]:
    return table_lines([FIGURE_HEAD, *map(figure_cells, figure_changes(found.before, found.after))], left=1)


def _blocks(blocks: Sequence[BlockChange]) -> list[str]:
    return table_lines([BLOCK_HEAD, *map(block_cells, blocks)], left=1) if blocks else []


def _block_name(block: BlockChange) -> str:
    if block.old is None or block.new is None:
        return f"{block.old} (removed)" if block.new is None else f"{block.new} (added)"
    return block.new if block.old == block.new else f"{block.old} -> {block.new}"


def _changes(found: Difference, *, colour: bool) -> list[str]:
    rows = change_rows(found)
    if not rows:
        return []
    head, *lines = table_lines([("  node", "op", "params", "MACs", ""), *rows], left=2, last_left=True)
    return [head, *(_coloured(line) if colour else line for line in lines)]


def _coloured(line: str) -> str:
    return f"{COLOURS[line[0]]}{line}{RESET}"


def _row(row: Row) -> tuple[str, ...]:
    return f"{row.mark} {row.subject}", row.op, signed(row.params), signed(row.macs), "; ".join(row.words)


def _port(what: str, change: Change[Input] | Change[Output]) -> tuple[str, ...]:
    """An input or output as a row."""
    old, new = change.old, change.new
    if old is None or new is None:
        there = old or new
        mark, name, words = (
            ("+" if old is None else "-"),
            there.name if there else "",
            str(there.shape if there else ""),
        )
    else:
        mark, name = "~", new.name if old.name == new.name else f"{old.name} -> {new.name}"
        words = "; ".join(_port_words(old, new))
    return f"{mark} {what} {name}", "", "", "", words


def _port_words(old: Input | Output, new: Input | Output) -> Iterator[str]:
    if old.shape != new.shape:
        yield f"{old.shape} -> {new.shape}"
    if isinstance(old, Output) and isinstance(new, Output):
        if str(old.value) != str(new.value) and old.name == new.name:
            yield f"from {old.value} -> {new.value}"
        if old.training_only != new.training_only:
            yield "in training only" if new.training_only else "not in training only"


def _renames(found: Difference) -> list[str]:
    """The paths that changed, each scope once."""
    renames = renames_of(found)
    if not renames:
        return []
    rows = [(f"  {one.old}", f"-> {one.new}", f"{one.nodes} nodes" if one.nodes > 1 else "") for one in renames]
    return ["other paths, where trained weights would be looked for:", *table_lines(rows, left=3)]
