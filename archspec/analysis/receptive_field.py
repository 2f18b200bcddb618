"""Which positions of a network's inputs each node sees: receptive field, effective stride, centre.

Along each spatial axis of an input, position i of a value sees `extent` positions from i·step + first on: in theory,
which counts the padding in, and in inference, where a batch norm sees no other position. It is a bound: after a
reshape and along a concatenated axis every position is said to see what all see. Where ways of different steps meet, as
in a gate made of the whole map, a value has a part for each.

Source: Araujo, Norris, Sim, "Computing receptive fields of convolutional neural networks", Distill, 2019.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import NamedTuple

from archspec.ir.graph import Graph, Node
from archspec.ir.reach import POINT, Reach, Window
from archspec.ir.shape import Dim, Shape, is_known, map_dims


class Part(NamedTuple):
    """Position i sees `extent` positions from i·step + first on; open where they depend on an open size."""

    step: int
    first: Dim
    extent: Dim


class AxisField(NamedTuple):
    """What a value sees along one axis of an input. `size` is the number of positions that the value has there."""

    parts: tuple[Part, ...]
    size: Dim

    @property
    def extent(self) -> Dim:
        """The size of the receptive field, of the widest position; open where it depends on an open size."""
        if len(self.parts) == 1:
            return self.parts[0].extent
        ends = [self._extent_at(place) for place in (0, map_dims(lambda count: count - 1, self.size))]
        return max(ends) if all(map(is_known, ends)) else None  # type: ignore[type-var]

    @property
    def step(self) -> int | None:
        """The effective stride; 0 where every position sees the same, `None` where there is more than one."""
        steps = {part.step for part in self.parts if part.step} or {0}
        return steps.pop() if len(steps) == 1 else None

    @property
    def centre(self) -> Fraction | None:
        """The centre of what the first position sees, in positions of the input from 0; `None` where it is open."""
        if len(self.parts) != 1:
            return None
        (part,) = self.parts
        return part.first + Fraction(part.extent - 1, 2) if is_known(part.first) and is_known(part.extent) else None

    def _extent_at(self, place: Dim) -> Dim:
        """The number of positions from the first to the last that a position sees. It is largest at one of the ends."""
        firsts = [
            map_dims(lambda at, first, step=part.step: at * step + first, place, part.first) for part in self.parts
        ]
        lasts = [
            map_dims(lambda first, extent: first + extent - 1, first, part.extent)
            for first, part in zip(firsts, self.parts, strict=True)
        ]
        return _hull_extent(firsts, lasts)


Fields = Mapping[str, tuple[AxisField, ...]]
"""By the name of an input: what a value sees along each of its axes."""


def receptive_fields(graph: Graph) -> dict[str, Fields | None]:
    """Of every node by path; `None` after an op that does not say what it sees."""
    found: dict[str, Fields | None] = {given.name: _own_field(given.name, given.shape) for given in graph.inputs}
    for node in graph.nodes:
        found[node.path] = _field(node, found)
    return {node.path: found[node.path] for node in graph.nodes}


def _own_field(name: str, shape: Shape) -> Fields:
    return {name: tuple(AxisField((Part(1, 0, 1),), size) for size in shape.dims[:-1])}


def _field(node: Node, found: Mapping[str, Fields | None]) -> Fields | None:
    """What a node sees by way of its inputs."""
    reach = node.op.reach(node.input_shapes)
    if reach is None:
        return None
    output = node.shapes[0]
    seen: dict[str, list[tuple[AxisField, ...]]] = {}
    for place, (value, shape) in enumerate(zip(node.inputs, node.input_shapes, strict=True), start=1):
        if place in node.op.only_measured:
            continue
        before = found[value.path]
        if before is None:
            return None
        for name, axes in before.items():
            through = _through(axes, reach, shape, output)
            if through is None:
                return None
            seen.setdefault(name, []).append(through)
    return {name: tuple(map(_merged, *ways)) if len(ways) > 1 else ways[0] for name, ways in seen.items()}


def _through(axes: tuple[AxisField, ...], reach: Reach, shape: Shape, output: Shape) -> tuple[AxisField, ...] | None:
    """The fields behind an op, along each axis; `None` where its windows are not along these axes."""
    if len(reach) != len(axes):
        # After a flatten or global pooling every position sees the same, through whatever windows.
        return axes if all(part.step == 0 for axis in axes for part in axis.parts) else None
    counts = output.dims[:-1] if len(output.dims) - 1 == len(axes) else (1,) * len(axes)
    return tuple(
        AxisField(_parts(axis, window, size, count), count)
        for axis, window, size, count in zip(axes, reach, shape.dims[:-1], counts, strict=True)
    )


def _parts(axis: AxisField, window: Window | None, size: Dim, count: Dim) -> tuple[Part, ...]:
    if window is None or (window == POINT and size == 1 and count != 1):
        # All positions, or the only one, which is stretched along the axis.
        return _hulls(Part(0, part.first, _extent_of(part, size)) for part in axis.parts)
    return tuple(_behind(part, window) for part in axis.parts)


def _extent_of(part: Part, count: Dim) -> Dim:
    """How many input positions all positions of a value see together, from the first to the last."""
    return map_dims(lambda many, extent: part.step * (many - 1) + extent, count, part.extent)


def _behind(part: Part, window: Window) -> Part:
    """What a window over a value sees of what the value sees."""
    first: Dim = part.first
    if part.step:
        shift = None if window.before is None else part.step * window.before
        first = map_dims(lambda start, before: start - before, part.first, shift)
    extent = map_dims(lambda seen: seen + part.step * (window.extent - 1), part.extent)
    return Part(part.step * window.step, first, extent)


def _merged(*ways: AxisField) -> AxisField:
    return AxisField(_hulls(part for way in ways for part in way.parts), ways[0].size)


def _hulls(parts: Iterable[Part]) -> tuple[Part, ...]:
    """One part for each step, which holds all parts of that step."""
    by_step: dict[int, list[Part]] = {}
    for part in dict.fromkeys(parts):
        by_step.setdefault(part.step, []).append(part)
    return tuple(_hull(group) for _, group in sorted(by_step.items()))


def _hull(parts: list[Part]) -> Part:
    if len(parts) == 1:
        return parts[0]
    firsts = [part.first for part in parts]
    lasts = [map_dims(lambda first, extent: first + extent - 1, part.first, part.extent) for part in parts]
    first = min(firsts) if all(map(is_known, firsts)) else None  # type: ignore[type-var]
    return Part(parts[0].step, first, _hull_extent(firsts, lasts))


def _hull_extent(firsts: list[Dim], lasts: list[Dim]) -> Dim:
    known = [dim for dim in (*firsts, *lasts) if is_known(dim)]
    if len(known) < len(firsts) + len(lasts):
        return None
    return max(known[len(firsts) :]) - min(known[: len(firsts)]) + 1
