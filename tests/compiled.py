"""A spec's text as a graph, for tests that begin with one."""

from __future__ import annotations

import textwrap

from archspec.compiler import Compilation, compile_spec, lower_graph
from archspec.diagnostics import SourceFile
from archspec.ir.graph import Graph
from archspec.lowering.lower import LoweredModel


def compiled(text: str) -> Compilation:
    """What becomes of a spec's text."""
    return compile_spec(SourceFile("spec.yaml", textwrap.dedent(text)))


def graph_of(text: str) -> Graph:
    """The graph of a sound spec. Raises `SpecError`."""
    return compiled(text).require_graph()


def lowered_from(text: str, *, training: bool = False) -> LoweredModel:
    """The Keras calls of a sound spec."""
    return lower_graph(graph_of(text), training=training)


def net(layers: str, *, inputs: str = "{image: [8, 8, 4]}", rest: str = "") -> str:
    """A spec from its layers, a line each."""
    lines = textwrap.indent(textwrap.dedent(layers).strip(), "  ")
    return f"archspec: 1\nname: net\ninputs: {inputs}\n{textwrap.dedent(rest)}\nlayers:\n{lines}\n"
