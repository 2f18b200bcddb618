"""A difference as rows to read: the same edit in many places is one row, and what only follows is counted below it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from archspec.analysis.difference.changes import Difference, Kind, Pair, Part
from archspec.ir.shape import Dim, map_dims, total
from archspec.report.difference.events import Whole, events_of
from archspec.report.difference.path_pattern import moved, pattern, template
from archspec.report.difference.words import edit_words, shape_words, whole_words


@dataclass(frozen=True)
class Row:
    """One line: `mark` is `+`, `-`, `~`, or `.` for what follows. `params` and `macs` are what they add to the old."""

    mark: str
    subject: str
    op: str
    params: Dim
    macs: Dim
    words: tuple[str, ...]


@dataclass
class _Group:
    """Events that are told as one row, where the first of them stands."""

    mark: str
    op: str
    words: tuple[str, ...]
    paths: list[str] = field(default_factory=list)
    was: list[str] = field(default_factory=list)
    nodes: int = 0
    params: list[Dim] = field(default_factory=list)
    macs: list[Dim] = field(default_factory=list)
    shapes: dict[str, None] = field(default_factory=dict)


def rows_of(found: Difference) -> tuple[Row, ...]:
    """The rows of all nodes that are not the same, in graph order."""
    groups: dict[object, _Group] = {}
    place = 0
    for event in events_of(found):
        if isinstance(event, Pair) and event.kind is not Kind.CHANGED:
            _add_pair(groups.setdefault(place, _Group(".", "", ())), event)
            continue
        key = _key(event)
        if key not in groups:
            place += 1
            groups[key] = _Group(*key[:3])
        if isinstance(event, Whole):
            _add_whole(groups[key], event)
        else:
            _add_pair(groups[key], event)
    return tuple(map(_row, groups.values()))


def _key(event: Pair | Whole) -> tuple[str, str, tuple[str, ...], tuple[str, ...]]:
    """What events have in common that are told as one: mark, op, words, and their paths but for the numbers."""
    if isinstance(event, Whole):
        mark = "+" if event.is_new else "-"
        words = tuple(word for part in event.parts for word in whole_words(part.node))
        if event.is_scope:
            return mark, "", (), (template(event.path), *(part.node.word for part in event.parts), *words)
        return mark, event.parts[0].node.word, words, (template(event.path),)
    old, new = event.old.node, event.new.node
    op = new.word if old.word == new.word else f"{old.word} -> {new.word}"
    return "~", op, edit_words(event), (template(old.path), template(new.path))


def _add_whole(group: _Group, whole: Whole) -> None:
    sign = 1 if whole.is_new else -1
    group.paths.append(whole.path)
    group.nodes += len(whole.parts)
    group.params.append(sign * sum(part.params for part in whole.parts))
    group.macs.append(map_dims(lambda macs: sign * macs, total(part.node.cost.macs for part in whole.parts)))
    group.shapes[_outcome(whole.parts)] = None


def _outcome(parts: Sequence[Part]) -> str:
    return ", ".join(map(str, parts[-1].node.shapes))


def _add_pair(group: _Group, pair: Pair) -> None:
    old, new = pair.old, pair.new
    group.paths.append(new.node.path)
    group.was.append(old.node.path)
    group.nodes += 1
    group.params.append(new.params - old.params)
    group.macs.append(map_dims(lambda before, after: after - before, old.node.cost.macs, new.node.cost.macs))
    group.shapes[shape_words(old.node, new.node)] = None


def _row(group: _Group) -> Row:
    params, macs = total(group.params), total(group.macs)
    if group.mark == ".":
        return Row(".", _follow_subject(group), "", params, macs, tuple(_consequences(group, params, macs)))
    subject = pattern(group.paths)
    if group.was and group.was != group.paths:
        subject = moved(pattern(group.was), subject)
    count = f"{group.nodes} nodes" if group.nodes > 1 else ""
    op = " ".join(filter(None, (group.op, f"({count})" if group.op and count else count)))
    shapes = [shape for shape in group.shapes if shape] if len(group.shapes) == 1 else []
    return Row(group.mark, subject, op, params, macs, (*group.words, *shapes))


def _follow_subject(group: _Group) -> str:
    if group.nodes == 1:
        return f"{group.paths[0]} follows"
    return f"{group.nodes} nodes follow, {group.paths[0]} .. {group.paths[-1]}"


def _consequences(group: _Group, params: Dim, macs: Dim) -> Iterator[str]:
    if group.nodes == 1:
        yield from filter(None, group.shapes)
    elif any(group.shapes):
        yield "shapes"
    else:
        yield "input shapes"
