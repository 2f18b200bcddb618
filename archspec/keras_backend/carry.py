"""Carrying the weights of one Keras model into another that is built alike, and comparing the two value by value."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from archspec.keras_backend.correspondence import NoCorrespondenceError, Origin, Skeleton, correspond, skeleton
from archspec.keras_backend.trace import Trace, trace

TOLERANCE = 1e-5
"""The largest deviation of values that count as equal: float32 sums in another order differ by about a tenth of it."""


@dataclass(frozen=True)
class Deviation:
    """How far a value of the source is from its counterpart, as a share of the source's largest value there.

    `layer` is the source's. `share` is `None` for a value that the other model never holds: it pads inside the
    convolution that follows, say, or computes in one layer what the source does in three. What such a value leads to
    is compared.
    """

    layer: str
    share: float | None


@dataclass(frozen=True, eq=False)
class Match:
    """Two models, traced, with the counterpart of each anchor of the source."""

    source: Trace
    target: Trace
    source_skeleton: Skeleton
    target_skeleton: Skeleton
    counterparts: tuple[int, ...]

    def carry(self) -> int:
        """Copy every weight from the source into the target; returns how many layers were filled.

        Raises `NoCorrespondenceError` where one layer of the target would get the weights of two.
        """
        filled: dict[int, Any] = {}
        for given, counterpart in zip(self.source_skeleton.anchors, self.counterparts, strict=True):
            taking = self.target_skeleton.anchors[counterpart].layer
            if not given.weights:
                continue
            if filled.setdefault(id(taking), given.layer) is not given.layer:
                raise NoCorrespondenceError(f"`{taking.name}` is shared, and `{given.layer.name}` is not")
            # Not `set_weights`, after which a `Normalization` goes on with the numbers that it had.
            stored: dict[str, Any] = {}
            given.layer.save_own_variables(stored)
            if len(stored) == len(given.weights):
                taking.load_own_variables(stored)
            else:  # what it stores is not all: the rest belongs to layers inside it
                taking.set_weights(given.layer.get_weights())
        return len(filled)

    def deviations(self, arrays: Sequence[Any]) -> tuple[Deviation, ...]:
        """For every value that the source computes from these inputs, how far its counterpart is from it."""
        expected, found = self.source.values(arrays), self.target.values(arrays)
        candidates: dict[Origin, list[Any]] = defaultdict(list)
        for value, origin in enumerate(self.target_skeleton.origins):
            candidates[origin].append(found[value])
        shares = {
            value: _nearest(expected[value], candidates[self._counterpart(value)])
            for call in self.source.calls
            for value in call.results
        }
        for value in self._led_to_equal(shares):
            shares[value] = None
        return tuple(Deviation(call.layer.name, shares[value]) for call in self.source.calls for value in call.results)

    def _led_to_equal(self, shares: Mapping[int, float | None]) -> Iterator[int]:
        """The values in chains that deviate while one that is computed from them alone does not."""
        excused: set[int] = set()
        for call in reversed(self.source.calls):
            if len(call.inputs) != 1 or len(call.results) != 1:
                continue
            (given,), (result,) = call.inputs, call.results
            share = shares[result]
            in_chain = self.source_skeleton.origins[given] == self.source_skeleton.origins[result]
            is_equal = result in excused or (share is not None and share <= TOLERANCE)
            before = shares.get(given)
            if in_chain and is_equal and before is not None and before > TOLERANCE:
                excused.add(given)
                yield given

    def _counterpart(self, value: int) -> Origin:
        origin = self.source_skeleton.origins[value]
        return origin if origin.anchor < 0 else Origin(self.counterparts[origin.anchor], origin.result)


def match(source: Any, target: Any) -> Match:
    """Two models side by side, matched by their structure. Raises `NoCorrespondenceError`."""
    traces = trace(source), trace(target)
    skeletons = skeleton(traces[0]), skeleton(traces[1])
    return Match(*traces, *skeletons, correspond(*skeletons))


def _nearest(expected: Any, candidates: Sequence[Any]) -> float | None:
    """The smallest deviation among those of the same shape; infinite where what is no number takes part."""
    largest = np.max(np.abs(expected)) or 1.0
    shares = (float(np.max(np.abs(one - expected)) / largest) for one in candidates if one.shape == expected.shape)
    return min((math.inf if math.isnan(share) else share for share in shares), default=None)
