"""The functions that `import archspec` offers: the pipeline for callers who hold a spec in Python."""

from __future__ import annotations

from os import PathLike, fspath
from typing import Any

from archspec import zoo
from archspec.compiler import Compilation, compile_spec, lower_graph
from archspec.diagnostics import Diagnostic, DiagnosticSink, SourceFile, SpecError
from archspec.diagnostics.fixes import without_fixes
from archspec.elaboration.settings import Settings
from archspec.ir.graph import Graph
from archspec.syntax import tree
from archspec.syntax.reader import read
from archspec.syntax.written_expressions import check_expressions_in

__all__ = ["Compilation", "build_model", "check", "compile_spec", "emit", "load_model", "open_spec", "summary"]


def open_spec(spec: str | PathLike[str]) -> SourceFile:
    """A spec's text, by path or by its name in the zoo (`vgg16`). Raises `SpecError` and `UnreadableSpecError`."""
    sink = DiagnosticSink()
    source = zoo.open_spec(fspath(spec), sink)
    if sink.errors:
        raise SpecError(sink.sorted())
    return source


def check(spec: str | PathLike[str], *, variant: str | None = None, **parameters: object) -> tuple[Diagnostic, ...]:
    """Every finding about a spec, in source order; none for a sound one."""
    return compile_spec(open_spec(spec), _settings(variant, parameters)).diagnostics


def summary(
    spec: str | PathLike[str], *, variant: str | None = None, training: bool = False, **parameters: object
) -> dict[str, object]:
    """What `archspec summary --format json` prints, as a dictionary. Raises `SpecError`."""
    from archspec.report.summary import summary_json

    graph = _graph(spec, variant, parameters)
    return summary_json(graph if training else graph.for_inference())


def build_model(
    spec: str | PathLike[str], *, variant: str | None = None, training: bool = False, **parameters: object
) -> Any:
    """The proven `keras.Model` of a spec, with fresh weights. Raises `SpecError`.

    `parameters` set the spec's own; `training` keeps its training-only parts.
    """
    from archspec.keras_backend.build import build
    from archspec.keras_backend.proof import prove

    lowered = lower_graph(_graph(spec, variant, parameters), training=training)
    built = build(lowered)
    differences = prove(lowered, built).differences
    if differences:
        raise AssertionError("the built model is not the predicted one: " + "; ".join(map(str, differences)))
    return built.model


def emit(spec: str | PathLike[str], *, variant: str | None = None, training: bool = False, **parameters: object) -> str:
    """The network as plain Keras in Python. Raises `SpecError`."""
    from archspec.emission.keras_source import emit as print_source

    return print_source(lower_graph(_graph(spec, variant, parameters), training=training))


def load_model(path: str | PathLike[str]) -> Any:
    """The Keras model in a `.keras` file that archspec wrote; the layers it needs are registered first.

    A saved model is a program: open only files from people you trust.
    """
    from archspec.keras_backend.load import load_model as load

    return load(path)


def _graph(spec: str | PathLike[str], variant: str | None, parameters: dict[str, object]) -> Graph:
    return compile_spec(open_spec(spec), _settings(variant, parameters)).require_graph()


def _settings(variant: str | None, parameters: dict[str, object]) -> Settings:
    return Settings(variant, {name: _as_tree(name, value) for name, value in parameters.items()})


def _as_tree(name: str, value: object) -> tree.Tree:
    """A Python value as it would be written in a spec."""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    sink = DiagnosticSink()
    node = read(SourceFile(f"parameter {name}", text), sink)
    if node is not None:
        check_expressions_in(node, sink)
    if node is None or sink.errors:
        raise SpecError(without_fixes(sink.sorted()))
    return node
