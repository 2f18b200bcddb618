"""Old specs brought to the language's present version, as edits of their text: comments and layout stay.

A change of the language that would refuse a sound spec lands with a `Step` in `STEPS`, which turns the old form into
the new. The number of steps is the language's version: the first version needs none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from archspec.diagnostics import DiagnosticSink, Edit, Fix, SourceFile, Span
from archspec.diagnostics.fixes import apply, respell
from archspec.syntax import tree
from archspec.syntax.reader import read


class Step(NamedTuple):
    """From one version to the next: what changes, in a few words, and the edits that change it in a spec."""

    about: str
    edits: Callable[[tree.Mapping], Sequence[Edit]]


STEPS: tuple[Step, ...] = ()
"""From version 1 to 2, from 2 to 3, and so on."""


def rename_key(mapping: tree.Mapping, old: str, new: str) -> Fix:
    """The edit that renames a key of a mapping, if it is there."""
    return next((respell(entry.key.span, old, new) for entry in mapping.entries if entry.key.text == old), ())


def migrate(root: tree.Mapping, version: int, steps: Sequence[Step] = STEPS) -> Fix:
    """The edits that bring a spec of an older version to the present one."""
    source = text = root.span.source
    for number, step in enumerate(steps[version - 1 :], start=version):
        again = read(text, DiagnosticSink())
        assert isinstance(again, tree.Mapping)
        stated = again.get("archspec")
        assert isinstance(stated, tree.Scalar)
        edits = [tuple(step.edits(again)), respell(stated.span, str(number), str(number + 1))]
        text = SourceFile(source.name, apply(text, edits))
    return _edits_between(source, text.text)


def _edits_between(source: SourceFile, text: str) -> Fix:
    """The lines that differ, as edits: each step's own places are those of the text before it."""
    # Imported here: a spec of the present version does without it.
    import difflib

    before, after = (re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+", one) for one in (source.text, text))
    changes = difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    return tuple(
        Edit(
            Span(source, *_place(before, start), *_place(before, end)), "".join(after[first:last]).replace("\r\n", "\n")
        )
        for kind, start, end, first, last in changes
        if kind != "equal"
    )


def _place(lines: list[str], number: int) -> tuple[int, int]:
    """Where line `number`, counted from 0, begins: after the text where there is no such line."""
    if number == len(lines) and lines and not lines[-1].endswith(("\r", "\n")):
        return number, len(lines[-1]) + 1
    return number + 1, 1
