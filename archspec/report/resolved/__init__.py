"""A typed graph as a spec again: everything expanded, every field written, and the same network when it is read.

Takes a `Graph`; returns YAML text; reports nothing. Paths are kept, since they are the weights' names: a scope becomes
a loop of one pass with that name, a named join keeps its branches, a name made from a line's place is written, and
shared layers stand under the path of their weights.

    stage1/unit1/conv (conv, 8 filters)  ->  - repeat: 1
                                               name: stage1
                                               layers: …
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from archspec.ir.graph import Graph, Value
from archspec.ir.shape import Shape, show
from archspec.report.resolved.origins import COMMENT
from archspec.report.resolved.values import in_flow
from archspec.report.resolved.writer import INDENT, SharedBodies, UnresolvableGraph, write

__all__ = ["Setting", "UnresolvableGraph", "resolved_text"]


class Setting(NamedTuple):
    """A setting of the recipe: its value, and which of its fields have their defaults, or that it is one itself."""

    value: Any
    comment: str


def resolved_text(graph: Graph, recipe: Mapping[str, Setting] | None = None) -> str:
    """The spec, with its recipe if it has one. Raises `UnresolvableGraph`."""
    lines = ["archspec: 1", f"name: {graph.name}", f"inputs: {in_flow(_inputs(graph))}"]
    flow = tuple(Value(given.name) for given in graph.inputs)
    bodies: SharedBodies = {}
    writer = write(graph.nodes, flow, {given.name for given in graph.inputs}, bodies, INDENT)
    outputs = writer.outputs(graph)
    if bodies:
        lines.append("shared:")
    for definition, body in bodies.items():
        lines += [f"{INDENT}{definition}:", *body]
    lines += ["layers:", *writer.lines, f"outputs: {in_flow(outputs)}"]
    lines += ["training:"] if recipe else []
    for name, setting in (recipe or {}).items():
        lines.append(
            f"{INDENT}{name}: {in_flow(setting.value)}" + (COMMENT + setting.comment if setting.comment else "")
        )
    return "\n".join(lines) + "\n"


def _inputs(graph: Graph) -> dict[str, list[str]]:
    return {given.name: _sizes(given.shape) for given in graph.inputs}


def _sizes(shape: Shape) -> list[str]:
    """Numbers and the input's own words; a bare `?` opens a mapping in YAML."""
    return ['"?"' if text == "?" else text for text in map(show, shape.dims)]
