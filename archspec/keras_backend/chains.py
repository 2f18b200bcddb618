"""Room for Keras to follow a long chain: it orders a model's layers by a recursion as deep as the chain is long.

That is so when a model is made and when a saved one is opened, and Python's limit, 1,000 frames unless changed, would
end either. Python runs such a recursion without the machine's stack, so a higher limit costs memory that is used only
as the recursion goes. What else Keras does with a model (saving, calling, training, printing it) takes no recursion.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from archspec.syntax.limits import MAX_NODES

RESERVE = 1000
"""Frames besides the chain's: those of the caller, and of what Keras does at the chain's end. Python's own limit."""

LONGEST_SAVED = 4 * MAX_NODES
"""Calls in the longest chain of a saved model: of so many nodes, with layers before and after each."""


@contextmanager
def room_for_chain(calls: int) -> Iterator[None]:
    """Python's recursion limit raised as a chain of that many calls needs it."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, _frames() + calls + RESERVE))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


def _frames() -> int:
    """How deep the caller stands by now."""
    frame, count = sys._getframe(), 0
    while frame.f_back is not None:
        frame, count = frame.f_back, count + 1
    return count
