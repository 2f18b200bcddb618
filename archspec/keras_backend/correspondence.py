"""Which layer of one model is which layer of another, found by structure alone: no names are read.

Takes two traces, gives pairs of calls. What is paired are the anchors of a graph: calls of layers with weights, calls
that take several values or give several, and outputs; what lies between two anchors is a chain of functions, in which
models that compute the same may differ (a bias or a ReLU inside a convolution or after it, a padding of its own).

Each anchor starts with a colour for the shapes of its weights, and takes in, again and again, the colours of what it
is computed from and of what is computed from it (colour refinement, Weisfeiler and Leman, 1968). Anchors of one colour
in both graphs are each other's counterparts. Where several share a colour, any pairing that fits is as good as another
if the graphs are symmetric there; so one is taken, and its consequences follow.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable
from dataclasses import dataclass

import keras

from archspec.keras_backend.trace import Call, Trace


class NoCorrespondenceError(Exception):
    """Two models that are not built alike; the message names the first layer that has no counterpart."""


@dataclass(frozen=True)
class Origin:
    """The anchor that a value comes from through a chain, by its place among the anchors, and which of its results.

    The anchors' places go on below 0 for the model's inputs: the first is -1.
    """

    anchor: int
    result: int = 0


@dataclass(frozen=True, eq=False)
class Skeleton:
    """The anchors of a model, in order, with the origins of what each takes; and the origin of every value."""

    anchors: tuple[Call, ...]
    sources: tuple[tuple[Origin, ...], ...]
    outputs: tuple[Origin, ...]
    origins: tuple[Origin, ...]


def skeleton(trace: Trace) -> Skeleton:
    """A trace without its chains."""
    origins = {value: Origin(-1 - place) for place, value in enumerate(trace.inputs)}
    anchors: list[Call] = []
    sources: list[tuple[Origin, ...]] = []
    for call in trace.calls:
        given = tuple(origins[value] for value in call.inputs)
        if not call.weights and len(given) == len(call.results) == 1:
            origins[call.results[0]] = given[0]
            continue
        origins |= {value: Origin(len(anchors), place) for place, value in enumerate(call.results)}
        anchors.append(call)
        sources.append(given)
    outputs = tuple(origins[value] for value in trace.outputs)
    return Skeleton(
        tuple(anchors), tuple(sources), outputs, tuple(origins[value] for value in range(len(trace.tensors)))
    )


def correspond(left: Skeleton, right: Skeleton) -> tuple[int, ...]:
    """For each anchor of `left` the place of its counterpart in `right`. Raises `NoCorrespondenceError`."""
    names: dict[Hashable, int] = {}
    colours = [_Colours(one, names) for one in (left, right)]
    while True:
        for one in colours:
            one.refine()
        if Counter(colours[0].colours) != Counter(colours[1].colours):
            raise NoCorrespondenceError(_first_difference(left, right))
        classes = [one.classes() for one in colours]
        tied = next((colour for colour in colours[0].colours if len(classes[0][colour]) > 1), None)
        if tied is None:
            return tuple(classes[1][colour][0] for colour in colours[0].colours)
        for one, found in zip(colours, classes, strict=True):
            one.single_out(found[tied][0])


class _Colours:
    """The colours of a skeleton's anchors. Both skeletons number their colours by one table, so equal means alike."""

    def __init__(self, graph: Skeleton, names: dict[Hashable, int]) -> None:
        self.graph = graph
        self._names = names
        self.colours = [self._name(label(call)) for call in graph.anchors]
        self._users: list[list[tuple[int, int, int]]] = [[] for _ in graph.anchors]
        for user, given in enumerate(graph.sources):
            for place, source in enumerate(given):
                if source.anchor >= 0:
                    slot = place if _is_ordered(graph.anchors[user]) else -1
                    self._users[source.anchor].append((user, slot, source.result))
        self._leaving: dict[int, list[int]] = defaultdict(list)
        for place, origin in enumerate(graph.outputs):
            self._leaving[origin.anchor].append(place)

    def refine(self) -> None:
        """Spread the colours along the graph, both ways, until they tell no more apart."""
        count = 0
        while count < (count := len(set(self.colours))):
            self.spread_forward()
            self._spread_backward()

    def spread_forward(self) -> None:
        """Give each anchor a colour for what it is and what it is computed from."""
        for at, given in enumerate(self.graph.sources):
            seen = [(self.colours[one.anchor] if one.anchor >= 0 else one.anchor, one.result) for one in given]
            known = tuple(seen) if _is_ordered(self.graph.anchors[at]) else tuple(sorted(seen))
            self.colours[at] = self._name((self.colours[at], "from", known))

    def _spread_backward(self) -> None:
        for at in reversed(range(len(self.colours))):
            users = sorted((self.colours[user], slot, result) for user, slot, result in self._users[at])
            self.colours[at] = self._name((self.colours[at], "to", tuple(users), tuple(self._leaving[at])))

    def classes(self) -> dict[int, list[int]]:
        """The anchors of each colour."""
        found: dict[int, list[int]] = defaultdict(list)
        for at, colour in enumerate(self.colours):
            found[colour].append(at)
        return found

    def single_out(self, at: int) -> None:
        """Give one anchor a colour of its own."""
        self.colours[at] = self._name((self.colours[at], "singled out"))

    def _name(self, what: Hashable) -> int:
        return self._names.setdefault(what, len(self._names))


def label(call: Call) -> Hashable:
    """What an anchor is before its place in the graph is known: its weights, or that it joins or parts values.

    A lone weight is known by its shape, since its name says nothing that the shape does not.
    """
    if len(call.weights) == 1:
        return ("weights", call.weights[0][1])
    if call.weights:
        return ("weights", call.weights)
    return ("call", len(call.inputs), len(call.results), _is_ordered(call))


def _is_ordered(call: Call) -> bool:
    """Whether the order of what a call takes matters: a sum's does not."""
    return isinstance(call.layer, keras.layers.Concatenate) or bool(call.weights)


def _first_difference(left: Skeleton, right: Skeleton) -> str:
    """The first anchor whose way from the inputs has no counterpart, in words."""
    names: dict[Hashable, int] = {}
    ways = [_Colours(one, names) for one in (left, right)]
    for one in ways:
        one.spread_forward()
    for here, there, graph in ((ways[0], ways[1], left), (ways[1], ways[0], right)):
        left_over = Counter(there.colours)
        for at, colour in enumerate(here.colours):
            left_over[colour] -= 1
            if left_over[colour] < 0:
                which = "first" if graph is left else "second"
                found = graph.anchors[at]
                return f"`{found.layer.name}` of the {which} model{_shown(found)} has no counterpart"
    return "the models use the same layers in another order"


def _shown(call: Call) -> str:
    weights = ", ".join(f"{name} {shape}" for name, shape in call.weights)
    return f" ({weights})" if weights else ""
