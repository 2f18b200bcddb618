"""Which sizes of its input a network takes: the smallest, and those at which its branches meet.

Found by inferring the network at one size after another, with the ops' own rules. Behind windows a size grows by a
whole number whenever the input grows by the product of the strides on the way, so what is legal repeats with the least
common multiple of these products once every window fits.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from archspec.analysis.receptive_field import receptive_fields
from archspec.analysis.resizing import Misfit, Resizing, Shapes
from archspec.ir.graph import Graph, Node
from archspec.ir.reach import AXES
from archspec.ir.shape import Dim, Shape

LARGEST = 4096
"""Positions along an axis up to which sizes are tried."""

LONGEST_PERIOD = 1024
"""Positions after which what is legal is taken to repeat at the latest."""


class LegalSizes(NamedTuple):
    """The sizes along one axis: from `start` on those that leave one of `rests` when divided by `period`.

    `smallest` is the smallest legal one, `None` where none up to `LARGEST` is. `rests` is empty where nothing repeats.
    `hindrance` is what fails at one position less. `changing` are the nodes whose weights' shapes depend on the size.
    """

    inputs: tuple[str, ...]
    axis: str
    smallest: int | None
    hindrance: Misfit | None = None
    start: int = 0
    period: int = 1
    rests: tuple[int, ...] = ()
    alone: tuple[int, ...] = ()
    """The legal sizes that were found where nothing repeats."""
    changing: tuple[Node, ...] = ()


def legal_sizes(graph: Graph) -> tuple[LegalSizes, ...]:
    """For each axis of the inputs, the others as they are; inputs of one size along an axis change together."""
    groups: dict[tuple[int, int, Dim], list[str]] = {}
    for given in graph.inputs:
        for place, size in enumerate(given.shape.dims[:-1]):
            groups.setdefault((given.shape.rank - 1, place, size), []).append(given.name)
    period = _longest_step(graph)
    return tuple(_Axis(graph, tuple(names), *axis).sizes(period) for axis, names in groups.items())


class _Axis:
    """One axis of inputs that change together. Mutable by design: it remembers what was tried."""

    def __init__(self, graph: Graph, names: tuple[str, ...], axes: int, place: int, written: Dim) -> None:
        self.graph = graph
        self.resizing = Resizing(graph)
        self.names = names
        self.word = AXES[axes][place] if axes in AXES else f"axis {place + 1}"
        self.place = place
        self.written = written
        self.tried: dict[int, bool] = {}

    def sizes(self, period: int) -> LegalSizes:
        """What is legal along the axis, if it repeats with `period`."""
        smallest = next(filter(self.is_legal, range(1, LARGEST + 1)), None)
        if smallest is None:
            return LegalSizes(self.names, self.word, None)
        hindrance = self.at(smallest - 1) if smallest > 1 else None
        return LegalSizes(
            self.names,
            self.word,
            smallest,
            hindrance if isinstance(hindrance, Misfit) else None,
            *self._pattern(smallest, period),
            self._changing(smallest),
        )

    def is_legal(self, size: int) -> bool:
        """Whether the network takes inputs of this size."""
        if size not in self.tried:
            self.tried[size] = not isinstance(self.at(size), Misfit)
        return self.tried[size]

    def at(self, size: int) -> Shapes | Misfit:
        """The network's shapes at this size."""
        return self.resizing.at(self._inputs(size))

    def _inputs(self, size: int) -> dict[str, Shape]:
        shapes = {given.name: given.shape.dims for given in self.graph.inputs if given.name in self.names}
        return {name: Shape((*dims[: self.place], size, *dims[self.place + 1 :])) for name, dims in shapes.items()}

    def _pattern(self, smallest: int, period: int) -> tuple[int, int, tuple[int, ...], tuple[int, ...]]:
        """(start, period, rests, alone): what is legal two periods past the smallest size, and since where."""
        if period > LONGEST_PERIOD:
            return smallest, 1, (), (smallest,)
        start = smallest + 2 * period
        rests = {size % period for size in range(start, start + period) if self.is_legal(size)}
        while start > smallest and self.is_legal(start - 1) == ((start - 1) % period in rests):
            start -= 1
        if not rests:
            return (
                smallest,
                1,
                (),
                tuple(size for size in range(smallest, smallest + 3 * period) if self.is_legal(size)),
            )
        shorter = next(part for part in range(1, period + 1) if period % part == 0 and _repeats(rests, part, period))
        first = next(size for size in range(start, start + period) if size % period in rests)
        return first, shorter, tuple(sorted({rest % shorter for rest in rests})), ()

    def _changing(self, smallest: int) -> tuple[Node, ...]:
        """The nodes whose weights have other shapes at the smallest legal size than at the written one."""
        others = (size for size in range(smallest, LARGEST) if size != self.written)
        other = next(filter(self.is_legal, others), smallest)
        found = self.at(other)
        if isinstance(found, Misfit):
            return ()
        return tuple(
            node
            for node in self.graph.nodes
            if node.weights
            and node.op.weights(tuple(found[path][place - 1] for path, place in node.inputs)) != node.weights
        )


def _repeats(rests: set[int], part: int, period: int) -> bool:
    return all((rest + part) % period in rests for rest in rests)


def _longest_step(graph: Graph) -> int:
    """The least common multiple of all effective strides; beyond `LONGEST_PERIOD` where one is not known."""
    steps = [1]
    for fields in receptive_fields(graph).values():
        if fields is None:
            return LONGEST_PERIOD + 1
        steps += [part.step for axes in fields.values() for axis in axes for part in axis.parts if part.step]
    return math.lcm(*steps)
