"""A difference as Markdown: the tables of the text, for a pull request's comment."""

from __future__ import annotations

from archspec.analysis.difference.changes import Difference
from archspec.report.difference import text
from archspec.report.difference.counts import count_line
from archspec.report.difference.figures import figure_changes
from archspec.report.difference.renames import renames_of
from archspec.report.table import markdown_table


def difference_markdown(found: Difference, left: str, right: str) -> str:
    """The whole difference; `left` and `right` are what the two networks are called."""
    if found.is_empty:
        return f"No difference between `{left}` and `{right}`: {count_line(found)}."
    figures = [text.figure_cells(change) for change in figure_changes(found.before, found.after)]
    parts = [
        [f"`{left}` → `{right}`: {count_line(found)}."],
        markdown_table([text.FIGURE_HEAD, *figures], left=1),
    ]
    if found.blocks:
        parts.append(markdown_table([text.BLOCK_HEAD, *map(text.block_cells, found.blocks)], left=1))
    changes = [_quoted(row) for row in text.change_rows(found)]
    if changes:
        parts.append(markdown_table([("", "node", "op", "params", "MACs", ""), *changes], left=3, last_left=True))
    renames = [(f"`{one.old}`", f"`{one.new}`", str(one.nodes)) for one in renames_of(found)]
    if renames:
        parts.append(markdown_table([("path", "is now", "nodes"), *renames], left=2))
    return "\n\n".join("\n".join(lines) for lines in parts)


def _quoted(row: tuple[str, ...]) -> tuple[str, ...]:
    """A row with its mark in a cell of its own, each in code so that Markdown takes no sign for its own."""
    mark, _, subject = row[0].partition(" ")
    return f"`{mark}`", f"`{subject}`" if mark != "." else subject, *row[1:]
