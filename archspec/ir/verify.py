"""What must hold of every graph, whoever made it. A broken rule is a mistake of ours, never of the user's.

Elaboration makes graphs that keep all of these, and the tests hold every spec's to them; the stages after it rely on
them and check nothing again.
"""

from __future__ import annotations

from collections.abc import Iterator

from archspec.ir.graph import Graph, Node, Output, Value, needed
from archspec.ir.shape import Shape


def broken_rules(graph: Graph) -> tuple[str, ...]:
    """One line for each rule that does not hold at a place; none for a sound graph."""
    return (*_names(graph), *_order(graph), *_outputs(graph), *_uses(graph))


def _names(graph: Graph) -> Iterator[str]:
    """A value is known by its path alone, so inputs and nodes share one set of names."""
    seen: set[str] = set()
    for path in (*(given.name for given in graph.inputs), *(node.path for node in graph.nodes)):
        if path in seen:
            yield f"{path}: two values have this path"
        if "." in path or not all(path.split("/")):
            yield f"{path}: a path is names between `/`, and Keras has `.` for these"
        seen.add(path)
    outputs = [output.name for output in graph.outputs]
    yield from (f"{name}: two outputs have this name" for name in sorted(set(outputs)) if outputs.count(name) > 1)


def _order(graph: Graph) -> Iterator[str]:
    """A node reads values that stand before it, and was inferred from their shapes."""
    shapes = {Value(given.name): given.shape for given in graph.inputs}
    training_only: set[str] = set()
    for node in graph.nodes:
        yield from _node(node, shapes, training_only)
        shapes.update({Value(node.path, place): shape for place, shape in enumerate(node.shapes, start=1)})
        if node.training_only:
            training_only.add(node.path)


def _node(node: Node, shapes: dict[Value, Shape], training_only: set[str]) -> Iterator[str]:
    if not node.shapes:
        yield f"{node.path}: gives no value"
    if len(node.inputs) != len(node.input_shapes) or not node.inputs:
        yield f"{node.path}: reads {len(node.inputs)} values with {len(node.input_shapes)} shapes"
    for value, shape in zip(node.inputs, node.input_shapes, strict=False):
        if value not in shapes:
            yield f"{node.path}: reads {value}, which does not stand before it"
        elif shapes[value] != shape:
            yield f"{node.path}: was inferred from {shape} for {value}, which is {shapes[value]}"
        if value.path in training_only and not node.training_only:
            yield f"{node.path}: stays for inference and reads {value}, which does not"
    names = [weight.name for weight in node.weights]
    if len(set(names)) < len(names):
        yield f"{node.path}: two weights have one name"


def _outputs(graph: Graph) -> Iterator[str]:
    shapes = {Value(given.name): given.shape for given in graph.inputs}
    for node in graph.nodes:
        shapes.update({Value(node.path, place): shape for place, shape in enumerate(node.shapes, start=1)})
    if not graph.outputs:
        yield f"{graph.name}: gives nothing"
    for output in graph.outputs:
        yield from _output(output, graph, shapes)


def _output(output: Output, graph: Graph, shapes: dict[Value, Shape]) -> Iterator[str]:
    if shapes.get(output.value) != output.shape:
        yield f"{output.name}: is {output.shape} and stands for {output.value}, {shapes.get(output.value)}"
    node = graph.by_path.get(output.value.path)
    if output.training_only != (node is not None and node.training_only):
        yield f"{output.name}: is not marked as its node is"


def _uses(graph: Graph) -> Iterator[str]:
    """Every node is there for an output's sake."""
    kept = {node.path for node in needed(graph.nodes, graph.outputs)}
    yield from (f"{node.path}: no output depends on it" for node in graph.nodes if node.path not in kept)
