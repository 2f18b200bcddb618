"""A network at other sizes of its inputs: every node inferred anew, its ops and their fields as they are.

A spec's expressions never read height or width, so the nodes stay the same whatever the size of the image.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from archspec.ir.graph import Graph, Node
from archspec.ir.op import ShapeError, Weight
from archspec.ir.reach import AXES
from archspec.ir.shape import Shape, is_known
from archspec.ir.size import named_size

Shapes = dict[str, tuple[Shape, ...]]
"""The shapes of inputs and of nodes' outputs, by path."""


class Misfit(NamedTuple):
    """The first node that cannot take its inputs, and why."""

    node: Node
    reason: str


class Resizing:
    """A graph to be inferred at many sizes: nodes of one op with equal fields and inputs are inferred once at each."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        kinds: dict[tuple[object, ...], int] = {}
        self.kinds = [kinds.setdefault((type(node.op), *vars(node.op).values()), len(kinds)) for node in graph.nodes]
        """For each node a number that nodes with equal ops share."""

    def at(self, sizes: Mapping[str, Shape]) -> Shapes | Misfit:
        """The shapes of every node by path where the inputs have these shapes; the others stay as they are."""
        found: Shapes = {given.name: (sizes.get(given.name, given.shape),) for given in self.graph.inputs}
        of_kind: dict[tuple[int, tuple[Shape, ...]], tuple[Shape, ...]] = {}
        weights: dict[str, tuple[Weight, ...]] = {}
        for node, kind in zip(self.graph.nodes, self.kinds, strict=True):
            inputs = tuple([found[path][place - 1] for path, place in node.inputs])
            try:
                if (kind, inputs) not in of_kind:
                    of_kind[kind, inputs] = node.op.infer_shapes(inputs)
                of_node = node.op.weights(inputs) if node.shared and node.weights else ()
            except ShapeError as error:
                return Misfit(node, error.message)
            if of_node and weights.setdefault(node.definition, of_node) != of_node:
                return Misfit(node, "one use of shared layers needs other weight shapes than another")
            found[node.path] = of_kind[kind, inputs]
        return found


def formulas(graph: Graph) -> Shapes:
    """The shapes of every node as formulas of the inputs' sizes, as far as there are any.

    The axes of an only input are called `height`, `width`, …; of several `image_height`, `mask_height`, …; one that is
    open keeps its own word. A node whose weights need a size that is open has no formula, and neither has what follows.
    """
    found: Shapes = {
        given.name: (_named(given.name if len(graph.inputs) > 1 else "", given.shape),) for given in graph.inputs
    }
    for node in graph.nodes:
        if any(value.path not in found for value in node.inputs):
            continue
        try:
            found[node.path] = node.op.infer_shapes(tuple(found[path][place - 1] for path, place in node.inputs))
        except ShapeError:
            continue
    return {node.path: found[node.path] for node in graph.nodes if node.path in found}


def _named(name: str, shape: Shape) -> Shape:
    axes = AXES.get(shape.rank - 1, ())
    words = [f"{name}_{axis}" if name else axis for axis in axes]
    named = [named_size(word) if is_known(dim) else dim for word, dim in zip(words, shape.dims, strict=False)]
    return Shape((*named, *shape.dims[len(axes) :]))
