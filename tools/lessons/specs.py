"""The specs of the lessons: their text, their question, their graphs and their models."""

from __future__ import annotations

from typing import Any

from archspec import zoo
from archspec.compiler import Compilation, compile_spec
from archspec.diagnostics import DiagnosticSink
from archspec.elaboration.settings import Settings
from archspec.ir.graph import Graph, Node
from archspec.ir.shape import Shape, is_known
from archspec.syntax import tree


def spec(name: str) -> str:
    """The whole spec as a block."""
    return f"```yaml\n{zoo.open_spec(name, DiagnosticSink()).text}```"


def question(name: str) -> str:
    """What the lesson asks."""
    document = _compiled(name).document
    assert document is not None
    assert isinstance(document.meta, tree.Mapping)
    asked = document.meta.get("question")
    assert isinstance(asked, tree.Scalar)
    return asked.text


def variants_of(name: str) -> tuple[str, ...]:
    """The names of a spec's variants, in their order."""
    document = _compiled(name).document
    assert document is not None
    return tuple(variant.name.text for variant in document.variants)


def graph_of(network: str) -> Graph:
    """The graph of `SPEC` or `SPEC@VARIANT`."""
    name, _, variant = network.partition("@")
    return _compiled(name, variant or None).require_graph()


def only_node(network: str) -> Node:
    """The node of a network that has one."""
    (node,) = graph_of(network).nodes
    return node


def sizes(shape: Shape) -> tuple[int, ...]:
    """The sizes of a shape that has no open ones."""
    return tuple(size for size in shape.dims if is_known(size))


def model_of(network: str) -> Any:
    """The Keras model of `SPEC` or `SPEC@VARIANT`."""
    import archspec

    name, _, variant = network.partition("@")
    return archspec.build_model(name, variant=variant or None)


def _compiled(name: str, variant: str | None = None) -> Compilation:
    return compile_spec(zoo.open_spec(name, DiagnosticSink()), Settings(variant))
