"""Equal items of two sequences, by a shortest edit script or, where that is long, by what stands there once."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from archspec.analysis.difference.sequences import MOST_EDITS, equal_stretches, longest_rise

WORDS = st.text("abc", max_size=12)


def longest_common(old: str, new: str) -> int:
    """The length of a longest common subsequence, by its definition."""
    lengths = [[0] * (len(new) + 1)]
    for one in old:
        row = [0]
        for place, other in enumerate(new):
            row.append(lengths[-1][place] + 1 if one == other else max(row[-1], lengths[-1][place + 1]))
        lengths.append(row)
    return lengths[-1][-1]


@given(WORDS, WORDS)
def test_as_many_items_as_a_longest_common_subsequence_has(old: str, new: str) -> None:
    found = equal_stretches(old, new)
    assert all(old[left] == new[right] for left, right in found)
    assert all(one[0] < other[0] and one[1] < other[1] for one, other in pairwise(found))
    assert len(found) == longest_common(old, new)


def test_beyond_the_limit_what_stands_there_once_is_kept_in_order() -> None:
    old = [*("x" * MOST_EDITS), "a", "b", "c", *("x" * MOST_EDITS)]
    new = [*("y" * MOST_EDITS), "b", "a", "c", *("y" * MOST_EDITS)]
    found = [(old[left], new[right]) for left, right in equal_stretches(old, new)]
    assert found in ([("a", "a"), ("c", "c")], [("b", "b"), ("c", "c")])


@given(st.lists(st.integers(0, 20), unique=True, max_size=8))
def test_the_longest_rise_is_longest(places: list[int]) -> None:
    found = longest_rise(list(enumerate(places)))
    assert [place for _, place in found] == sorted(place for _, place in found)
    rises = [0] * len(places)
    for at, place in enumerate(places):
        rises[at] = 1 + max((rises[before] for before in range(at) if places[before] < place), default=0)
    assert len(found) == max(rises, default=0)
