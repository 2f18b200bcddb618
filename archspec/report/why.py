"""Everything about one node or block: where each field comes from, its formulas with numbers, its share of all."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from archspec.analysis.borders import unread
from archspec.analysis.cost import total_of, totals
from archspec.analysis.figures import FIGURES, figures_of
from archspec.analysis.receptive_field import receptive_fields
from archspec.diagnostics import Origin, Span
from archspec.elaboration.provenance import Step
from archspec.ir.graph import Graph, Node, owners
from archspec.ir.shape import Dim, is_known
from archspec.report.figures import count_text, figure_title, plain
from archspec.report.geometry import fields_json, fields_text, unread_text
from archspec.report.table import table_lines
from archspec.syntax.evaluation import shown

INDENT = "  "
LONGEST_TEXT = 60
"""Characters of what is written for a field: a table of rows would push the places off the screen."""

SHARED_FIGURES = ("params", "trainable", "macs", "connections")
"""Those of which a node has a share."""


class Subject(NamedTuple):
    """What is asked after: a node, or all nodes of a block, branch or pass, in the graph that holds them."""

    path: str
    nodes: tuple[Node, ...]
    graph: Graph
    steps: tuple[Step, ...] = ()
    """Where the fields of a single node come from."""

    @property
    def node(self) -> Node | None:
        """The node, if it is one."""
        return self.nodes[0] if [node.path for node in self.nodes] == [self.path] else None


def find_subject(graph: Graph, path: str) -> Subject | None:
    """The node of a path, or the nodes below it, from the inference graph if they are there."""
    for one in (graph.for_inference(), graph):
        nodes = tuple(node for node in one.nodes if f"{node.path}/".startswith(f"{path}/"))
        # Else shared layers by the path of their weights: their first use.
        nodes = nodes or tuple(node for node in owners(one.nodes) if f"{node.definition}/".startswith(f"{path}/"))
        if nodes:
            return Subject(path, nodes, one)
    return None


def why_text(subject: Subject) -> str:
    """The whole story of a node, or the figures of a block."""
    node = subject.node
    parts = _block(subject) if node is None else _node(node, subject)
    return "\n\n".join("\n".join(lines) for lines in (*parts, _shares(subject)) if lines)


def why_json(subject: Subject) -> dict[str, object]:
    """The same as plain data."""
    shares = {
        name: {"value": plain(own), "of": plain(whole), "share": _share(own, whole)}
        for name, own, whole in _figures(subject)
    }
    node = subject.node
    if node is None:
        return {"path": subject.path, "nodes": [node.path for node in subject.nodes], "figures": shares}
    seen = receptive_fields(subject.graph)[node.path]
    return {
        "path": node.path,
        "op": node.word,
        "at": _places(node.origin),
        "inputs": {str(value): _dims(shape.dims) for value, shape in zip(node.inputs, node.input_shapes, strict=True)},
        "outputs": [_dims(shape.dims) for shape in node.shapes],
        "fields": [_step_json(step) for step in subject.steps],
        "derivation": list(node.op.derivation(node.input_shapes, node.shapes)),
        "weights": [{"name": one.name, "shape": list(one.shape), "trainable": one.trainable} for one in node.weights],
        "sees": fields_json(seen),
        "figures": shares,
    }


def _node(node: Node, subject: Subject) -> list[list[str]]:
    first, *uses = _places(node.origin)
    head = [f"{node.path}: {node.word}", f"{INDENT}at {first}", *(f"{INDENT}used at {use}" for use in uses)]
    if node.training_only:
        head.append(f"{INDENT}in training alone")
    return [head, _fields(subject.steps), _shapes(node), _weights(node), _cost(node), _sight(node, subject.graph)]


def _fields(steps: Sequence[Step]) -> list[str]:
    if not steps:
        return []
    rows = [row for step in steps for row in _step_rows(step, 1)]
    return ["fields", *table_lines(rows, left=4)]


def _step_rows(step: Step, depth: int) -> list[tuple[str, str, str, str]]:
    """A name's row, and below it those of the names behind it."""
    text = f"`{_shortened(step.text)}`" if step.text and step.text != _value(step) else ""
    if step.kind.startswith("pass") and text:
        told = f"{step.kind} of {text}"
    else:
        told = " ".join(filter(None, [text, "" if step.kind == "written" else step.kind]))
    own = (INDENT * depth + step.name, _value(step), told, str(step.place) if step.place else "")
    return [own, *(row for inner in step.behind for row in _step_rows(inner, depth + 1))]


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…"


def _value(step: Step) -> str:
    """The value as a spec would have it; what was made a list for all axes is the one number that it holds."""
    value = step.value[0] if isinstance(step.value, tuple) and len(step.value) == 1 else step.value
    return shown(value).strip("`")


def _shapes(node: Node) -> list[str]:
    given = ", ".join(f"{value} {shape}" for value, shape in zip(node.inputs, node.input_shapes, strict=True))
    lines = ["shape", f"{INDENT}{given} -> {', '.join(map(str, node.shapes))}"]
    return lines + [f"{INDENT}{line}" for line in node.op.derivation(node.input_shapes, node.shapes)]


def _weights(node: Node) -> list[str]:
    lines = []
    for weight in node.weights:
        kept = "" if weight.trainable else ", not trained"
        factors = "·".join(map(str, weight.shape))
        product = f"{factors} = {weight.size:,}" if len(weight.shape) > 1 else f"{weight.size:,}"
        lines.append(f"{INDENT}{weight.name}: {product}{kept}")
    if node.shared is not None and lines:
        lines.append(f"{INDENT}shared, at {node.definition}")
    return ["weights", *lines] if lines else []


def _cost(node: Node) -> list[str]:
    if node.cost.macs == 0:
        return []
    text = f"{count_text(node.cost.macs)} MACs an example"
    positions = [dim for dim in node.shapes[0].dims[:-1] if is_known(dim)]
    kernel = node.weights[0] if node.weights else None
    if kernel and math.prod(positions) * kernel.size == node.cost.macs:
        where = f"{'·'.join(map(str, positions))} positions · " if positions else ""
        text = f"{where}{kernel.size:,} values of the {kernel.name} = {text}"
    return ["cost", f"{INDENT}{text}"]


def _sight(node: Node, graph: Graph) -> list[str]:
    extent, step, centre = fields_text(receptive_fields(graph)[node.path])
    lines = [f"{INDENT}receptive field {extent}, stride {step}, first centre {centre}"] if extent else []
    if missed := unread_text(unread(node)):
        lines.append(f"{INDENT}unread: {missed}")
    return ["geometry", *lines] if lines else []


def _block(subject: Subject) -> list[list[str]]:
    inside = {node.path for node in subject.nodes}
    pairs = [pair for node in subject.nodes for pair in zip(node.inputs, node.input_shapes, strict=True)]
    shapes = {str(value): shape for value, shape in pairs if value.path not in inside}
    given = ", ".join(f"{value} {shape}" for value, shape in shapes.items())
    last = subject.nodes[-1]
    gives = f"{last.path} {', '.join(map(str, last.shapes))}"
    rows = [(f"{INDENT}layer", "op", "output", "params", "MACs"), *map(_row, subject.nodes)]
    head = [f"{subject.path}: {len(subject.nodes)} nodes", f"{INDENT}{given} -> {gives}"]
    return [head, table_lines(rows, left=3)]


def _row(node: Node) -> tuple[str, ...]:
    counts = (count_text(node.params), count_text(node.cost.macs))
    return (f"{INDENT}{node.path}", node.word, ", ".join(map(str, node.shapes)), *counts)


def _shares(subject: Subject) -> list[str]:
    rows = [
        (f"{INDENT}{figure_title(name)}", count_text(own), f"{share:.2%}", f"of {count_text(whole)}")
        for name, own, whole in _figures(subject)
        if (share := _share(own, whole))
    ]
    return ["share", *table_lines(rows, left=1)] if rows else []


def _figures(subject: Subject) -> list[tuple[str, Dim, Dim]]:
    own, whole = figures_of(total_of(subject.nodes)), figures_of(totals(subject.graph))
    return [(name, own[name], whole[name]) for name in FIGURES if name in SHARED_FIGURES]


def _share(own: Dim, whole: Dim) -> float | None:
    return own / whole if is_known(own) and is_known(whole) and whole else None


def _places(origin: Origin | None) -> list[str]:
    places: list[Span] = []
    while origin is not None:
        places.append(origin.span)
        origin = origin.use
    return list(map(str, places))


def _dims(dims: Sequence[Dim]) -> list[int | str | None]:
    return list(map(plain, dims))


def _step_json(step: Step) -> Mapping[str, object]:
    return {
        "name": step.name,
        "value": _value(step),
        "kind": step.kind,
        "text": step.text,
        "place": str(step.place) if step.place else None,
        "behind": [_step_json(inner) for inner in step.behind],
    }
