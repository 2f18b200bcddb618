"""A graph as text that is equal exactly where two graphs are: for golden files, and for reading a graph in a debugger.

Says nothing of weights and costs, which follow from ops and shapes. Not a language: nothing reads it back.

    graph net
    input image (28, 28, 3)
    conv_1 = conv {filters: 8, kernel: [3]} of image -> (26, 26, 8)
    output conv_1 = conv_1 (26, 26, 8)
"""

from __future__ import annotations

from archspec.ir.graph import Graph, Node, Output
from archspec.ir.op import Op


def print_graph(graph: Graph) -> str:
    """The graph in graph order, a line for each input, node and output; training-only ones say so."""
    lines = [f"graph {graph.name}"]
    lines += [f"input {given.name} {given.shape}" for given in graph.inputs]
    lines += [_node(node) for node in graph.nodes]
    lines += [_output(output) for output in graph.outputs]
    return "\n".join(lines) + "\n"


def print_fields(op: Op) -> str:
    """The fields that are not at their defaults, as a spec would write them; nothing where all are.

    What a block passes on unchanged is thereby no field, and a changed default shows where it was relied on nowhere.
    """
    changed = set_fields(op)
    return "{" + ", ".join(f"{name}: {_value(value)}" for name, value in changed.items()) + "}" if changed else ""


def set_fields(op: Op) -> dict[str, object]:
    """The fields that are not at their defaults, by their names."""
    return {
        name: getattr(op, name)
        for name, field in type(op).model_fields.items()
        if field.is_required() or getattr(op, name) != field.default
    }


def _node(node: Node) -> str:
    words = [f"{node.path} = {node.word}", print_fields(node.op), "of", ", ".join(map(str, node.inputs))]
    words += ["->", ", ".join(map(str, node.shapes)), _mark(node.training_only)]
    if node.shared and node.weights:
        words.append(f"(weights at {node.definition})")
    return " ".join(filter(None, words))


def _output(output: Output) -> str:
    return " ".join(
        filter(None, [f"output {output.name} = {output.value} {output.shape}", _mark(output.training_only)])
    )


def _mark(training_only: bool) -> str:
    return "(training only)" if training_only else ""


def _value(value: object) -> str:
    if isinstance(value, tuple):
        return "[" + ", ".join(map(_value, value)) + "]"
    return str(value).lower() if isinstance(value, bool) else str(value)
