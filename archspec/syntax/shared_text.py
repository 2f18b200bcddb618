"""The stretches of a file that stand for several places: an edit there would change all of them.

Loaded only where a fix is at hand: the text is parsed once more for it.
"""

from __future__ import annotations

import yaml
from yaml import events

from archspec.diagnostics import Diagnostic, SourceFile
from archspec.syntax.reader import LOADER

Place = tuple[int, int]
Stretch = tuple[Place, Place]
"""From a (line, column) up to, not including, another."""


def keep_own_fixes(source: SourceFile, found: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
    """The findings, without the fixes that would edit another file, or lines that an alias repeats elsewhere."""
    shared = _shared(source) if "*" in source.text else []
    return tuple(one if _is_own(one, source, shared) else one._replace(fix=()) for one in found)


def _is_own(one: Diagnostic, source: SourceFile, shared: list[Stretch]) -> bool:
    return all(
        edit.span.source is source and not any(edit.span[3:] > start and edit.span[1:3] < end for start, end in shared)
        for edit in one.fix
    )


def _shared(source: SourceFile) -> list[Stretch]:
    """Where each anchored value that an alias names begins and ends; one that cannot be read on ends with the file."""
    beyond = (len(source.lines) + 1, 1)
    anchored: list[tuple[str, Place, Place]] = []
    aliases: set[str] = set()
    open_values: list[events.CollectionStartEvent] = []
    try:
        for event in yaml.parse(source.text, Loader=LOADER):
            if isinstance(event, events.AliasEvent):
                aliases.add(event.anchor or "")
            elif isinstance(event, events.CollectionStartEvent):
                open_values.append(event)
            elif isinstance(event, events.CollectionEndEvent):
                begun = open_values.pop()
                anchored.append((begun.anchor or "", _start(begun), _end(event)))
            elif isinstance(event, events.ScalarEvent) and event.anchor:
                anchored.append((event.anchor, _start(event), _end(event)))
    except yaml.YAMLError:
        anchored += [(begun.anchor or "", _start(begun), beyond) for begun in open_values]
        aliases = {name for name, _, _ in anchored}
    return [(start, end) for name, start, end in anchored if name and name in aliases]


def _start(event: events.Event) -> Place:
    mark = event.start_mark
    assert mark is not None
    return mark.line + 1, mark.column + 1


def _end(event: events.Event) -> Place:
    mark = event.end_mark
    assert mark is not None
    return mark.line + 1, mark.column + 1
