"""The functions that `import archspec` offers: the pipeline for callers who hold a spec in Python."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from os import PathLike, fspath
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from archspec import zoo
from archspec.compiler import Compilation, compile_spec, lower_graph
from archspec.diagnostics import Diagnostic, DiagnosticSink, SourceFile, SpecError
from archspec.diagnostics.fixes import without_fixes
from archspec.elaboration.settings import Settings
from archspec.ops import Vocabulary
from archspec.syntax import tree
from archspec.syntax.reader import read
from archspec.syntax.written_expressions import check_expressions_in

if TYPE_CHECKING:
    from archspec.enumeration import Enumeration

__all__ = [
    "Compilation", "build_model", "check", "compile_spec", "difference", "emit", "load_model", "members", "open_spec",
    "prove_plugin", "summary",
]  # fmt: skip


def open_spec(spec: str | PathLike[str]) -> SourceFile:
    """A spec's text, by path or by its name in the zoo (`vgg16`). Raises `SpecError` and `UnreadableSpecError`."""
    sink = DiagnosticSink()
    source = zoo.open_spec(fspath(spec), sink)
    if sink.errors:
        raise SpecError(sink.sorted())
    return source


def check(
    spec: str | PathLike[str],
    *,
    variant: str | None = None,
    plugins: Iterable[str | PathLike[str]] = (),
    **parameters: object,
) -> tuple[Diagnostic, ...]:
    """Every finding about a spec, in source order; none for a sound one. The files of `plugins` are run.

    A warning that a comment on its line allows is none.
    """
    # Imported here, as the rest that only some calls need.
    from archspec.syntax.allowances import sift

    return sift(_compile(spec, variant, plugins, parameters).diagnostics)[0]


def summary(
    spec: str | PathLike[str],
    *,
    variant: str | None = None,
    training: bool = False,
    plugins: Iterable[str | PathLike[str]] = (),
    **parameters: object,
) -> dict[str, object]:
    """What `archspec summary --format json` prints, as a dictionary. Raises `SpecError`."""
    from archspec.report.summary import summary_json

    graph = _compile(spec, variant, plugins, parameters).require_graph()
    return summary_json(graph if training else graph.for_inference())


def difference(
    left: str | PathLike[str],
    right: str | PathLike[str] | None = None,
    *,
    left_variant: str | None = None,
    right_variant: str | None = None,
    left_parameters: Mapping[str, object] | None = None,
    right_parameters: Mapping[str, object] | None = None,
    training: bool = False,
    plugins: Iterable[str | PathLike[str]] = (),
) -> dict[str, object]:
    """What `archspec diff --format json` prints, as a dictionary: how `right` differs from `left`. Raises `SpecError`.

    Without `right` it is `left` itself, with the other's variant and parameters.
    """
    from archspec.analysis.difference import difference as difference_of
    from archspec.report.difference.as_json import difference_json

    right, files = left if right is None else right, tuple(plugins)
    old = _compile(left, left_variant, files, dict(left_parameters or {})).require_graph()
    new = _compile(right, right_variant, files, dict(right_parameters or {})).require_graph()
    graphs = (old, new) if training else (old.for_inference(), new.for_inference())
    return difference_json(difference_of(*graphs), fspath(left), fspath(right))


def members(
    spec: str | PathLike[str],
    *,
    where: str | None = None,
    search: Mapping[str, str | Iterable[object]] = MappingProxyType({}),
    variant: str | None = None,
    plugins: Iterable[str | PathLike[str]] = (),
    **parameters: object,
) -> Enumeration:
    """The members of a spec's search space that meet a condition: iterate over it. Nothing is built.

    Each has `parameters`, which `build_model(spec, **member.parameters)` takes, and `figures`. `search` declares spaces
    from outside, as lists or as `16..128/16`; `parameters` are not searched. Raises `SpecError`.
    """
    from archspec.enumeration import Enumeration

    given = {
        name: _as_tree(name, values if isinstance(values, str) else list(values)) for name, values in search.items()
    }
    settings = replace(_settings(variant, parameters), ops=_load(plugins))
    return Enumeration(open_spec(spec), settings, search=given, where=where)


def build_model(
    spec: str | PathLike[str],
    *,
    variant: str | None = None,
    training: bool = False,
    weights: str | PathLike[str] | None = None,
    plugins: Iterable[str | PathLike[str]] = (),
    **parameters: object,
) -> Any:
    """The proven `keras.Model` of a spec, with fresh weights. Raises `SpecError`.

    `parameters` set the spec's own; `training` keeps its training-only parts; `weights` are taken as `archspec build
    --weights` does, which raises `archspec.keras_backend.published.WeightsError` where they do not fit; the files of
    `plugins` are run, and declare the ops that the spec uses beside archspec's.
    """
    from archspec.keras_backend.build import build
    from archspec.keras_backend.proof import require_proof
    from archspec.keras_backend.published import form_of, take_weights

    compilation = _compile(spec, variant, plugins, parameters)
    graph = compilation.require_graph()
    lowered = lower_graph(graph, training=training)
    built = build(lowered)
    require_proof(graph, lowered, built)
    if weights is not None:
        take_weights(built.model, fspath(weights), form_of(compilation.document), compilation.ops)
    return built.model


def emit(
    spec: str | PathLike[str],
    *,
    variant: str | None = None,
    training: bool = False,
    plugins: Iterable[str | PathLike[str]] = (),
    **parameters: object,
) -> str:
    """The network as plain Keras in Python. Raises `SpecError`."""
    from archspec.emission.keras_source import emit as print_source

    graph = _compile(spec, variant, plugins, parameters).require_graph()
    return print_source(lower_graph(graph, training=training))


def load_model(path: str | PathLike[str], *, plugins: Iterable[str | PathLike[str]] = ()) -> Any:
    """The Keras model in a `.keras` file that archspec wrote; the layers it needs are registered first.

    `plugins` are the files that declare its ops beside archspec's own. A saved model is a program: open only files from
    people you trust. Raises `SpecError` for a plugin that cannot be taken.
    """
    from archspec.keras_backend.load import load_model as load

    return load(path, _load(plugins))


def prove_plugin(path: str | PathLike[str]) -> tuple[str, ...]:
    """What is wrong with a plugin's op by its own example, a line each; nothing for one that holds.

    Raises `SpecError` for a plugin that cannot be taken.
    """
    from archspec.op_proof import op_problems

    ops = _load((path,))
    (word,) = ops.plugins
    return op_problems(word, ops)


def _load(plugins: Iterable[str | PathLike[str]]) -> Vocabulary:
    from archspec.plugins.load import load_plugins

    sink = DiagnosticSink()
    ops = load_plugins(plugins, sink)
    if sink.errors:
        raise SpecError(sink.sorted())
    return ops


def _compile(
    spec: str | PathLike[str],
    variant: str | None,
    plugins: Iterable[str | PathLike[str]],
    parameters: dict[str, object],
) -> Compilation:
    return compile_spec(open_spec(spec), _settings(variant, parameters), plugins=plugins)


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
