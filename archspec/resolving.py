"""A compiled spec written out whole: every field, with where its value comes from; proven to be the same network."""

from __future__ import annotations

from pydantic import BaseModel

from archspec.compiler import Compilation, compile_spec
from archspec.diagnostics import SourceFile
from archspec.elaboration.settings import Settings
from archspec.ir.graph import Graph
from archspec.report.resolved import Setting, resolved_text
from archspec.report.resolved.origins import by_default
from archspec.training.config import Recipe


def resolve(compilation: Compilation) -> str:
    """The spec fully expanded, every value with its origin; the text is itself a spec of the same network.

    Raises `SpecError` where the spec has errors, `UnresolvableGraph` where the expanded form cannot hold the network.
    """
    graph = compilation.require_graph()
    text = resolved_text(graph, _settings_of(compilation.recipe) if compilation.recipe else None)
    again = compile_spec(SourceFile("<resolved>", text), Settings(ops=compilation.ops)).graph
    if again is None or not _are_equal(again, graph):
        raise AssertionError("the resolved spec is not the same network")
    return text


def _settings_of(recipe: Recipe) -> dict[str, Setting]:
    """The recipe's settings, with those that have their defaults."""
    settings = {}
    for name, value in recipe.model_dump(exclude_none=True).items():
        comment = "by default"
        if name in recipe.model_fields_set:
            record = getattr(recipe, name)
            comment = by_default(value, record.model_fields_set) if isinstance(record, BaseModel) else ""
        settings[name] = Setting(value, comment)
    return settings


def _are_equal(one: Graph, other: Graph) -> bool:
    """Whether two graphs are the same but for where their lines stand."""
    nodes = zip(one.nodes, other.nodes, strict=False)
    same = all(left._replace(origin=right.origin, written=right.written) == right for left, right in nodes)
    return same and len(one.nodes) == len(other.nodes) and (one.inputs, one.outputs) == (other.inputs, other.outputs)
