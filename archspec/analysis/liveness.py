"""How much memory is taken at each moment of a step: a walk that takes and gives back buffers as TensorFlow does.

A buffer is given back when its last reader has run. Elementwise ops write over an input that nobody else needs, and a
reshape is no copy. In training a node's backward pass runs in reverse order: it reads what the forward pass has kept
for it, and takes a buffer for each gradient that flows on. Those of the weights stay until all are there: TensorFlow
runs an update when it comes to it, and that may be last. Counted in values, of two widths: those of the computation and
those that are always in 32 bits.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple

from archspec.ir.footprint import Footprint
from archspec.ir.graph import Graph, Node, Value
from archspec.ir.shape import Dim, is_known

FLOAT32 = 4
"""Bytes of a value in 32 bits."""


class Moment(NamedTuple):
    """The largest amount that was taken at once, and the node that ran then."""

    size: int
    path: str
    is_backward: bool


class Unsized(Exception):  # noqa: N818 - becomes a sentence where memory is reported
    """A node whose values cannot be counted, since a size is open."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


class _Buffer:
    """A stretch of memory. Mutable by design: `holders` counts who still needs it."""

    __slots__ = ("holders", "path", "size")

    def __init__(self, size: int, path: str, holders: int) -> None:
        self.size = size
        self.path = path
        """The node that took it."""
        self.holders = holders


class Walk:
    """One step of a network. Mutable by design: it knows what is taken now, and remembers the most.

    `batch` examples at a time, of values of `width` bytes as layers compute them; `update_copies` is how many more
    copies of a weight its update needs for a moment.
    """

    def __init__(self, graph: Graph, batch: int, width: int = FLOAT32, *, update_copies: int = 0) -> None:
        self.graph = graph
        self.batch = batch
        self.width = width
        self.update_copies = update_copies
        self.taken = 0
        self.most = Moment(0, "", False)
        self.at = ("", False)
        self.buffers: dict[Value, _Buffer] = {}
        self.kept: dict[str, list[_Buffer]] = {}
        self.kept_bytes = 0
        """What the forward pass leaves for the backward pass."""
        self.kept_by: dict[str, int] = {}
        """What of it each node took."""
        self._of_weights: dict[tuple[str, str], _Buffer] = {}
        """The gradients of weights, by where these stand and their names."""

    # Forward

    def infer(self) -> Moment:
        """The most that inference takes at once, its inputs and outputs counted in."""
        self._forward(training=False)
        return self.most

    def train(self) -> Moment:
        """The most that a training step takes at once, without the weights and the optimizer's state."""
        self._forward(training=True)
        self.kept_bytes = self.taken
        held = {id(buffer): buffer for buffer in (*self.buffers.values(), *chain.from_iterable(self.kept.values()))}
        for buffer in held.values():
            self.kept_by[buffer.path] = self.kept_by.get(buffer.path, 0) + buffer.size
        self._backward()
        return self.most

    def _forward(self, *, training: bool) -> None:
        readers = _readers(self.graph)
        for given in self.graph.inputs:
            self.at = (given.name, False)
            buffer = self._take(self._size(given.shape.size, given.name))
            buffer.holders = 1 + readers.get(Value(given.name), 0)  # the caller holds the inputs
            self.buffers[Value(given.name)] = buffer
        for node in self.graph.nodes:
            self.at = (node.path, False)
            held = _as_inference(node) if not training else footprint_of(node)
            self._run(node, held, readers, training=training)

    def _run(self, node: Node, held: Footprint, readers: dict[Value, int], *, training: bool) -> None:
        given = [self.buffers[value] for value in node.inputs]
        copied = self._take(self._size(held.copied, node.path), holders=1)
        between = self._take(self._size(held.between, node.path) if training else 0, holders=1)
        cast = self._take(self._cast(node, held), holders=1)
        keeps = self._kept(held, given, copied, between) if training else []
        if training and cast.size:
            keeps.append(cast)
        for buffer in keeps:
            buffer.holders += 1
        if copied.size:  # from here on nothing reads the input itself
            for buffer in given:
                self._let_go(buffer)
        self._release(self._take(self._size(held.passing, node.path)))
        if training:
            self._release(self._take(self._size(held.passing_in_training, node.path)))
        outputs = self._outputs(node, held, given)
        for place, buffer in enumerate(outputs, start=1):
            self.buffers[Value(node.path, place)] = buffer
            buffer.holders += readers.get(Value(node.path, place), 0)
        if training and held.keeps_outputs:
            keeps = [*keeps, *outputs]
            for buffer in outputs:
                buffer.holders += 1
        for buffer in (*(() if held.copied else given), copied, between, cast):
            self._let_go(buffer)
        for buffer in outputs:
            self._release(buffer)  # one that nobody reads
        self.kept[node.path] = keeps

    def _cast(self, node: Node, held: Footprint) -> int:
        """Bytes of the weights as a layer computes with them, where that is not as they are held."""
        return 0 if self.width == FLOAT32 or held.in_float32 else node.params * self.width

    def _kept(self, held: Footprint, given: Sequence[_Buffer], copied: _Buffer, between: _Buffer) -> list[_Buffer]:
        """The buffers that the node's gradient needs, without its outputs."""
        kept = [between] if between.size else []
        if not held.keeps_inputs:
            return kept
        if copied.size:
            return [*kept, copied]
        if held.in_float32 and self.width < FLOAT32:
            return [*kept, *(self._take(buffer.size // self.width * FLOAT32) for buffer in given)]
        return [*kept, *given]

    def _outputs(self, node: Node, held: Footprint, given: Sequence[_Buffer]) -> list[_Buffer]:
        """The outputs' buffers: the input's own, or new ones."""
        sizes = [self._size(shape.size, node.path) for shape in node.shapes]
        first = given[0]
        is_free = first.holders == 1 and first.size == sizes[0]  # this node alone still needs it
        if held.is_view or (held.in_place and is_free):
            return [first]
        return [self._take(size) for size in sizes]

    # Backward

    def _backward(self) -> None:
        trained = _trained(self.graph)
        gradients: dict[Value, _Buffer] = {}
        for output in self.graph.outputs:
            if output.value.path in trained and output.value not in gradients:
                gradients[output.value] = self._take(self._size(output.shape.size, output.name), holders=1)
            self._let_go(self.buffers[output.value])
        for node in reversed(self.graph.nodes):
            self.at = (node.path, True)
            values = [Value(node.path, place) for place in range(1, len(node.shapes) + 1)]
            arriving = [gradients.pop(value) for value in values if value in gradients]
            if arriving:
                self._run_backward(node, arriving, gradients, trained)
            for buffer in self.kept.pop(node.path):
                self._let_go(buffer)
        for buffer in self._of_weights.values():
            self._let_go(buffer)

    def _run_backward(
        self, node: Node, arriving: list[_Buffer], gradients: dict[Value, _Buffer], trained: set[str]
    ) -> None:
        held = footprint_of(node)
        wanted = [value for value in dict.fromkeys(node.inputs) if value.path in trained]
        hands_on = held.is_view or held.in_place
        for value in wanted:
            if hands_on and len(arriving) == 1 and arriving[0].size == self.buffers[value].size:
                gradient = arriving[0]
                gradient.holders += 1
            else:
                gradient = self._take(self.buffers[value].size, holders=1)
            if value in gradients:
                self._add(value, gradient, gradients)
            else:
                gradients[value] = gradient
        self._update(node)
        for buffer in arriving:
            self._let_go(buffer)

    def _add(self, value: Value, gradient: _Buffer, gradients: dict[Value, _Buffer]) -> None:
        """Add a second gradient of a value to the first: into a buffer that nobody else needs, if one is such."""
        first = gradients[value]
        if first.holders > 1 and gradient.holders > 1:
            gradients[value] = self._take(first.size, holders=1)
            self._let_go(first)
            self._let_go(gradient)
        elif first.holders > 1:
            gradients[value] = gradient
            self._let_go(first)
        else:
            self._let_go(gradient)

    def _update(self, node: Node) -> None:
        """Each weight's gradient, which stays, and what its update takes beside it, one weight at a time."""
        for weight in node.weights:
            if not weight.trainable:
                continue
            narrow = self._take(weight.size * self.width if self.width < FLOAT32 else 0)
            first = self._of_weights.setdefault(
                (node.definition, weight.name), gradient := self._take(weight.size * FLOAT32, holders=1)
            )
            self._release(narrow)
            if first is not gradient:  # of a weight that is used again: added to the first
                self._let_go(gradient)
            self._release(self._take(weight.size * FLOAT32 * self.update_copies))

    # Memory

    def _size(self, values: Dim, path: str) -> int:
        if not is_known(values):
            raise Unsized(path)
        return values * self.batch * self.width

    def _take(self, size: int, holders: int = 0) -> _Buffer:
        buffer = _Buffer(size, self.at[0], holders)
        self.taken += size
        if self.taken > self.most.size:
            self.most = Moment(self.taken, *self.at)
        return buffer

    def _let_go(self, buffer: _Buffer) -> None:
        buffer.holders -= 1
        self._release(buffer)

    def _release(self, buffer: _Buffer) -> None:
        if buffer.holders <= 0 and buffer.size:
            self.taken -= buffer.size
            buffer.size = 0


def footprint_of(node: Node) -> Footprint:
    """What a node holds in training."""
    return node.op.footprint(node.input_shapes, node.shapes)


def _as_inference(node: Node) -> Footprint:
    held = footprint_of(node)
    return held._replace(is_view=True) if held.only_in_training else held


def _readers(graph: Graph) -> dict[Value, int]:
    """How many times each value is read, the network's outputs counted in."""
    counts: dict[Value, int] = {}
    for value in (*(value for node in graph.nodes for value in node.inputs), *(out.value for out in graph.outputs)):
        counts[value] = counts.get(value, 0) + 1
    return counts


def _trained(graph: Graph) -> set[str]:
    """The nodes that a weight stands in or before: only their outputs have gradients."""
    found: set[str] = set()
    for node in graph.nodes:
        if node.trainable or any(value.path in found for value in node.inputs):
            found.add(node.path)
    return found
