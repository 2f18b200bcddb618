"""The paths that are others now, scope by scope: trained weights are found by them."""

from __future__ import annotations

from typing import NamedTuple

from archspec.analysis.difference.changes import Difference
from archspec.report.difference.path_pattern import pattern, template


class Rename(NamedTuple):
    """Paths before and after, as one each, and how many nodes have them."""

    old: str
    new: str
    nodes: int


def renames_of(found: Difference) -> tuple[Rename, ...]:
    """What was renamed: of a scope as one, and of those that differ in numbers alone as one."""
    steps: dict[tuple[str, str], int] = {}
    for pair in found.pairs:
        old, new = pair.old.node.path, pair.new.node.path
        if old != new:
            step = _least(old, new)
            steps[step] = steps.get(step, 0) + 1
    groups: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for old, new in steps:
        groups.setdefault((template(old), template(new)), []).append((old, new))
    return tuple(_rename(group, sum(steps[step] for step in group)) for group in groups.values())


def _least(old: str, new: str) -> tuple[str, str]:
    """Two paths without what both end in: the scopes that were renamed, or the nodes.

    >>> _least("stem/conv/bn", "entry/conv/bn"), _least("bn", "unit/bn")
    (('stem', 'entry'), ('bn', 'unit/bn'))
    """
    left, right = old.split("/"), new.split("/")
    while min(len(left), len(right)) > 1 and left[-1] == right[-1]:
        left.pop()
        right.pop()
    return "/".join(left), "/".join(right)


def _rename(group: list[tuple[str, str]], nodes: int) -> Rename:
    return Rename(pattern([old for old, _ in group]), pattern([new for _, new in group]), nodes)
