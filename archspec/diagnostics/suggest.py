"""The nearest known word to a misspelt one."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import NamedTuple

MOST_WORDS = 2_000
LONGEST = 64

SHORT = 8
"""Letters of a word in which two wrong ones may make another: `min_pool`, `softmin`."""

COUNTER = r"\d+|(?<![a-z])[a-z](?![a-z])"  # compiled by the first mistake, as the patterns of cures are
"""What tells the names of a series apart: `stage2` is no slip of `stage3`, and `branch_a` none of `branch_b`."""


class Cure(NamedTuple):
    """What to do about a mistake, as a sentence; the text to write instead, where that is certain; the nearest word."""

    help: str | None = None
    instead: str | None = None
    near: str | None = None


NO_CURE = Cure()


def meant(near: str, *, is_certain: bool) -> Cure:
    """The cure for a word that stands for another."""
    return Cure(f"did you mean `{near}`?", near if is_certain else None, near)


def did_you_mean(word: str, known: Iterable[str], otherwise: str | None = None, taken: Collection[str] = ()) -> Cure:
    """The cure for a wrong word: the nearest right one, or else another sentence.

    It is certain where only one can be meant, which is not among those `taken`.

    >>> did_you_mean("kernal", ["kernel", "stride"])
    Cure(help='did you mean `kernel`?', instead='kernel', near='kernel')
    """
    candidates = sorted(set(known))
    slip = certain(word, candidates)
    near = slip or nearest(word, candidates)
    return meant(near, is_certain=near == slip and near not in taken) if near else Cure(otherwise)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that `word` most likely stands for, or `None` where none is near.

    >>> nearest("batchnorm", ["batch_norm", "dense"]), nearest("zzz", ["dense"])
    ('batch_norm', None)
    """
    # Imported here: only a mistake needs it.
    import difflib

    candidates = sorted(set(known))[:MOST_WORDS]
    if len(word) > LONGEST:
        return None
    if slip := certain(word, candidates):
        return slip
    folded = {_fold(candidate): candidate for candidate in reversed(candidates)}
    if exact := folded.get(_fold(word)):
        return exact if exact != word else None
    found = difflib.get_close_matches(_fold(word), folded, n=1, cutoff=0.7)
    return folded[found[0]] if found else None


def certain(word: str, known: Iterable[str]) -> str | None:
    """The one known word that `word` can be a slip of, or `None` where there is none or more than one.

    A slip has other signs or another case, or one letter wrong, two in a long word, and never the first: what stands in
    front makes another word (`deconv`, `unflatten`, `no_bias`), as do more letters than one (`minimum`).

    >>> certain("kernal", ["kernel", "stride"]), certain("stage3", ["stage2"]), certain("bat", ["cat", "hat"])
    ('kernel', None, None)
    """
    candidates = sorted(set(known))[:MOST_WORDS]
    if len(word) > LONGEST or word in candidates:
        return None
    distances: dict[str, int] = {}
    for candidate in candidates:
        distance = _slips(word, candidate)
        if distance is not None:
            distances[candidate] = distance
    least = [candidate for candidate, distance in distances.items() if distance == min(distances.values())]
    return least[0] if len(least) == 1 else None


def _slips(word: str, candidate: str) -> int | None:
    """How many letters are wrong, where so few are that one word can be meant by the other."""
    one, other = _fold(word), _fold(candidate)
    if one == other:
        return 0
    most = 0 if len(one) < 3 else 1 if len(one) <= SHORT else 2
    if one[:1] != other[:1] or abs(len(one) - len(other)) > 1:
        return None
    apart = max(len(set(one) - set(other)), len(set(other) - set(one)))
    if apart > most or re.findall(COUNTER, word.lower()) != re.findall(COUNTER, candidate.lower()):
        return None
    distance = _distance(one, other)
    return distance if distance <= most else None


def _distance(one: str, other: str) -> int:
    """Letters to add, remove, change or swap with their neighbour to get from one word to the other.

    >>> _distance("kernal", "kernel"), _distance("form", "from")
    (1, 1)
    """
    before: list[int] = []
    row = list(range(len(other) + 1))
    for place, letter in enumerate(one):
        before, above, row = row, before, [place + 1]
        for index, wanted in enumerate(other):
            least = min(before[index + 1] + 1, row[index] + 1, before[index] + (letter != wanted))
            if place and index and letter == other[index - 1] and one[place - 1] == wanted:
                least = min(least, above[index - 1] + 1)
            row.append(least)
    return row[-1]


def _fold(word: str) -> str:
    return word.lower().replace("_", "").replace("-", "")
