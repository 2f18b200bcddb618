"""`archspec enumerate`: the members of a search space that meet a budget, each on a line of its own.

Members are printed as they are found, unless they are sorted. What is said about them goes to standard error: why the
first that are not legal are not, and at the end how many there were.
"""

from __future__ import annotations

import csv
import gc
import heapq
import io
import json
import shlex
import sys
from argparse import Namespace
from collections.abc import Callable, Iterator

from archspec import zoo
from archspec.analysis.figures import FIGURES
from archspec.cli.output import wants_colour
from archspec.cli.settings import read_settings
from archspec.cli.status import FOUND_ERRORS, OK
from archspec.diagnostics import Diagnostic, DiagnosticSink, Severity, SpecError
from archspec.diagnostics.fixes import without_fixes
from archspec.diagnostics.render import render_text
from archspec.elaboration.settings import read_setting
from archspec.enumeration import Enumeration, Member

SHOWN = ("params", "trainable", "macs", "depth")
"""The figures in the table; the other formats have them all."""

Lines = Callable[[Iterator[Member], Enumeration], Iterator[str]]


def enumerate_members(options: Namespace) -> int:
    """Print the members; 1 where none of those tried is legal."""
    enumeration = _open(options)
    # Of each member the garbage must go, which `cli` keeps for short commands; what there is by now stays.
    gc.freeze()
    gc.enable()
    members = _listed(enumeration, options)
    for line in FORMATS[options.format](members, enumeration):
        print(line, flush=True)
    print(_summary(enumeration, has_budget=options.where is not None), file=sys.stderr)
    return FOUND_ERRORS if enumeration.illegal and enumeration.illegal == enumeration.tried else OK


def _open(options: Namespace) -> Enumeration:
    if options.limit is not None and options.limit < 1:
        options.parser.error("`--limit` must be at least 1")
    settings = read_settings(options)
    sink = DiagnosticSink()
    searched = [read_setting("--search", text, sink) for text in options.search]
    source = zoo.open_spec(options.spec, sink)
    if sink.errors:
        raise SpecError(without_fixes(sink.sorted()))
    return Enumeration(source, settings, search=dict(filter(None, searched)), where=options.where)


def _listed(enumeration: Enumeration, options: Namespace) -> Iterator[Member]:
    """The members in the order asked for, as many as asked for."""
    members = _told(enumeration)
    if options.sort is None:
        for number, member in enumerate(members, start=1):
            yield member
            if number == options.limit:
                return
        return
    sign = -1 if options.reverse else 1

    def place(member: Member) -> int:
        figure = member.figures[options.sort]
        if not isinstance(figure, int):
            headline = f"members cannot be sorted by `{options.sort}`, which is open while an input's size is"
            raise zoo.UnreadableSpecError(headline, "state the size with `--input`")
        return sign * figure

    if options.limit is None:
        yield from sorted(members, key=place)
    else:
        yield from heapq.nsmallest(options.limit, members, key=place)


def _told(enumeration: Enumeration) -> Iterator[Member]:
    """The members that are legal; of the first others it is told why they are not."""
    told: set[tuple[Diagnostic, ...]] = set()
    for found in enumeration.steps():
        if isinstance(found, Member):
            yield found
            continue
        errors = tuple(one for one in found.diagnostics if one.severity is Severity.ERROR)
        if errors and errors not in told:
            told.add(errors)
            text = render_text(errors, colour=wants_colour())
            print(f"not legal: {_sets(found.written)}\n{text}\n", file=sys.stderr)


def _summary(enumeration: Enumeration, *, has_budget: bool) -> str:
    tried, size = enumeration.tried, enumeration.size
    parts = [f"{tried:,} members" if tried == size else f"{tried:,} of {size:,} members tried"]
    if has_budget:
        parts.append(f"{enumeration.met:,} meet the budget")
    if enumeration.illegal:
        parts.append(f"{enumeration.illegal:,} not legal")
    return ", ".join(parts)


def _sets(written: dict[str, str]) -> str:
    """The options that set a member's parameters, quoted for a shell."""
    return " ".join(f"--set {shlex.quote(f'{name}={value}')}" for name, value in written.items())


def _as_text(members: Iterator[Member], enumeration: Enumeration) -> Iterator[str]:
    """A table whose columns are as wide as the widest choice."""
    widths = {
        space.name: max(len(space.name), *(len(choice.text) for choice in space.choices))
        for space in enumeration.spaces
    }
    head = [name.ljust(width) for name, width in widths.items()] + [name.rjust(15) for name in SHOWN]
    yield "  ".join(head)
    for member in members:
        row = [member.written[name].ljust(width) for name, width in widths.items()]
        figures = [member.figures[name] for name in SHOWN]
        row += [(f"{one:,}" if isinstance(one, int) else str(one or "?")).rjust(15) for one in figures]
        yield "  ".join(row)


def _as_csv(members: Iterator[Member], enumeration: Enumeration) -> Iterator[str]:
    """A header, and a row for each; a parameter with a figure's name has `parameter` before it."""
    names = [space.name for space in enumeration.spaces]
    yield _csv_row([*(f"parameter {name}" if name in FIGURES else name for name in names), *FIGURES])
    for member in members:
        yield _csv_row([*member.written.values(), *member.figures.values()])


def _csv_row(values: list[object]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow(values)
    return text.getvalue()


def _as_json(members: Iterator[Member], enumeration: Enumeration) -> Iterator[str]:
    """One document: `{"members": [...], "tried": …, "met": …, "not_legal": …}`, a line for each member."""
    yield '{"members": ['
    before = None
    for line in _as_json_lines(members, enumeration):
        if before is not None:
            yield f"  {before},"
        before = line
    if before is not None:
        yield f"  {before}"
    counts = {"tried": enumeration.tried, "met": enumeration.met, "not_legal": enumeration.illegal}
    yield f"], {json.dumps(counts)[1:]}"


def _as_json_lines(members: Iterator[Member], _: Enumeration) -> Iterator[str]:
    for member in members:
        yield json.dumps({"parameters": member.parameters, "figures": member.figures})


def _as_sets(members: Iterator[Member], _: Enumeration) -> Iterator[str]:
    for member in members:
        yield _sets(member.written)


FORMATS: dict[str, Lines] = {
    "text": _as_text, "csv": _as_csv, "json": _as_json, "jsonl": _as_json_lines, "sets": _as_sets,
}  # fmt: skip
