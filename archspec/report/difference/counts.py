"""How many nodes of a difference there are of each kind, in a line."""

from __future__ import annotations

from collections import Counter

from archspec.analysis.difference.changes import Difference, Kind

WORDS = {Kind.CHANGED: "edited", Kind.FOLLOWS: "following", Kind.RENAMED: "renamed", Kind.SAME: "the same"}


def counts(found: Difference) -> dict[str, int]:
    """The nodes by kind, all kinds: `added`, `removed`, and those of `Kind`."""
    kinds = Counter(pair.kind for pair in found.pairs)
    return {"added": len(found.added), "removed": len(found.removed), **{kind.value: kinds[kind] for kind in Kind}}


def count_line(found: Difference) -> str:
    """`1 node edited, 3 added, 20 the same`."""
    counted = counts(found)
    said = [(counted[kind.value], word) for kind, word in WORDS.items()]
    said[1:1] = [(counted["added"], "added"), (counted["removed"], "removed")]
    (first, word), *others = [(many, word) for many, word in said if many] or [(0, "the same")]
    return ", ".join(
        [f"{first:,} node{'s' if first != 1 else ''} {word}", *(f"{many:,} {word}" for many, word in others)]
    )
