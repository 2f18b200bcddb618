"""Two sequences of places aligned: which place of the one is which of the other, both in their order.

A short stretch gets the alignment that leaves the least to read, by the costs in `costs`. A long one is first cut at
what is plainly equal, by a search that gives up once the stretches differ much, so that any two networks of thousands
of nodes take no more than seconds.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterator, Sequence

from archspec.analysis.difference.costs import pair_cost
from archspec.analysis.difference.place_tree import Place

MOST_CELLS = 20_000
"""Of the table that an exact alignment fills, a hundredth of a second or two."""

MOST_EDITS = 300
"""That the search for equal stretches follows."""

Match = tuple[int, int]
"""A place of the old sequence and one of the new, by their positions."""


def align(old: Sequence[Place], new: Sequence[Place]) -> list[Match]:
    """The pairs of an alignment, in order; what is in none was removed or added."""
    return list(_aligned(old, new, (0, len(old)), (0, len(new)), KEYS))


Key = Callable[[Place], Hashable]

KEYS: tuple[Key, ...] = (
    lambda place: (place.digest, place.name),
    lambda place: place.digest,
    lambda place: place.skeleton,
    lambda place: place.name,
)
"""By what a long stretch is cut, one after another."""


def _aligned(
    old: Sequence[Place], new: Sequence[Place], at: tuple[int, int], to: tuple[int, int], keys: tuple[Key, ...]
) -> Iterator[Match]:
    """Align `old[at[0]:at[1]]` with `new[to[0]:to[1]]`."""
    (left, left_end), (right, right_end) = at, to
    if (left_end - left) * (right_end - right) <= MOST_CELLS:
        yield from _least_cost(old, new, at, to)
        return
    if not keys:
        return
    key, *others = keys
    anchors = equal_stretches(list(map(key, old[left:left_end])), list(map(key, new[right:right_end])))
    certain = len(others) >= len(KEYS) - 2  # what the first two keys find equal is so
    for one, other in [*((left + one, right + other) for one, other in anchors), (left_end, right_end)]:
        yield from _aligned(old, new, (left, one), (right, other), tuple(others))
        if one < left_end and (certain or pair_cost(old[one], new[other]) is not None):
            yield one, other
        left, right = one + 1, other + 1


def _least_cost(old: Sequence[Place], new: Sequence[Place], at: tuple[int, int], to: tuple[int, int]) -> list[Match]:
    """The alignment of least cost, where a place alone costs its size."""
    left, right = old[slice(*at)], new[slice(*to)]
    # rest[i][j]: the least cost of aligning left[i:] with right[j:].
    rest = [[0.0] * (len(right) + 1) for _ in range(len(left) + 1)]
    for j in range(len(right) - 1, -1, -1):
        rest[-1][j] = rest[-1][j + 1] + right[j].size
    joined: dict[Match, float] = {}
    for i in range(len(left) - 1, -1, -1):
        row, below = rest[i], rest[i + 1]
        row[-1] = below[-1] + left[i].size
        for j in range(len(right) - 1, -1, -1):
            best = min(below[j] + left[i].size, row[j + 1] + right[j].size)
            cost = pair_cost(left[i], right[j])
            if cost is not None and cost + below[j + 1] <= best:
                best = joined[i, j] = cost + below[j + 1]
            row[j] = best
    found, i, j = [], 0, 0
    while i < len(left) and j < len(right):
        if (i, j) in joined:
            found.append((at[0] + i, to[0] + j))
            i, j = i + 1, j + 1
        elif rest[i][j] == rest[i + 1][j] + left[i].size:
            i += 1
        else:
            j += 1
    return found


def equal_stretches(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[Match]:
    """Positions of equal items, in order: the most there can be where few items differ, and otherwise some.

    >>> equal_stretches("abcd", "xbcyd")
    [(1, 1), (2, 2), (3, 4)]
    """
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    inner_old, inner_new = old[start : len(old) - end], new[start : len(new) - end]
    inner = _fewest_edits(inner_old, inner_new)
    if inner is None:
        inner = _unique_in_order(inner_old, inner_new)
    return [
        *((place, place) for place in range(start)),
        *((start + one, start + other) for one, other in inner),
        *((len(old) - place, len(new) - place) for place in range(end, 0, -1)),
    ]


def _fewest_edits(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[Match] | None:
    """The equal items of a shortest edit script, or `None` where that takes more than `MOST_EDITS`.

    Myers, "An O(ND) difference algorithm and its variations", 1986: `furthest[k]` is how much of `old` the best way on
    the diagonal `k`, as many more items of `old` as of `new`, has behind it.
    """
    if abs(len(old) - len(new)) > MOST_EDITS:
        return None
    furthest = {1: 0}
    history: list[dict[int, int]] = []
    for edits in range(MOST_EDITS + 1):
        history.append(dict(furthest))
        for diagonal in range(-edits, edits + 1, 2):
            i, _ = _begin(furthest, diagonal, edits)
            j = i - diagonal
            while i < len(old) and j < len(new) and old[i] == new[j]:
                i, j = i + 1, j + 1
            furthest[diagonal] = i
            if i >= len(old) and j >= len(new):
                return _traced(history, len(old), len(new))
    return None


def _begin(furthest: dict[int, int], diagonal: int, edits: int) -> tuple[int, bool]:
    """How much of the old items is behind right after the edit that leads to a diagonal, and whether it removes."""
    removes = diagonal != -edits and (diagonal == edits or furthest[diagonal - 1] >= furthest[diagonal + 1])
    return (furthest[diagonal - 1] + 1 if removes else furthest[diagonal + 1]), removes


def _traced(history: list[dict[int, int]], i: int, j: int) -> list[Match]:
    """The equal items on the way to (i, j), back through what was furthest before each edit."""
    found: list[Match] = []
    for edits in range(len(history) - 1, -1, -1):
        begin, removes = _begin(history[edits], i - j, edits)
        while i > begin:
            i, j = i - 1, j - 1
            found.append((i, j))
        i, j = (i - 1, j) if removes else (i, j - 1)
    return found[::-1]


def _unique_in_order(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[Match]:
    """Those items that each sequence has once, as many as are in the same order."""
    there = _once(new)
    return longest_rise([(place, there[item]) for item, place in _once(old).items() if item in there])


def _once(items: Sequence[Hashable]) -> dict[Hashable, int]:
    """The places of the items that there are one of, in order."""
    places: dict[Hashable, list[int]] = {}
    for place, item in enumerate(items):
        places.setdefault(item, []).append(place)
    return {item: found[0] for item, found in places.items() if len(found) == 1}


def longest_rise(matches: Sequence[Match]) -> list[Match]:
    """The most of these matches, given by rising old positions, whose new positions rise too.

    >>> longest_rise([(0, 2), (1, 0), (2, 1)])
    [(1, 0), (2, 1)]
    """
    ends: list[int] = []
    chains: list[int] = []
    before: list[int | None] = []
    for index, (_, place) in enumerate(matches):
        length = bisect_left(ends, place)
        before.append(chains[length - 1] if length else None)
        ends[length : length + 1] = [place]
        chains[length : length + 1] = [index]
    found, at = [], chains[-1] if chains else None
    while at is not None:
        found.append(matches[at])
        at = before[at]
    return found[::-1]
