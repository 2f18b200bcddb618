"""`archspec compare`: a table over specs, their variants and input sizes.

A network that has errors has a row that says why, and does not stop the others; the status is the worst of all.
"""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Sequence
from dataclasses import replace

from archspec.analysis.comparison import COLUMNS, USUAL, Cell, cells_of
from archspec.cli.networks import Named, Sources, read_name
from archspec.cli.output import print_json
from archspec.cli.plugins import named_ops
from archspec.cli.settings import settings_of
from archspec.cli.status import FOUND_ERRORS, OK, WRONG_USAGE
from archspec.compiler import Compilation
from archspec.diagnostics import DiagnosticSink, Severity, SpecError
from archspec.diagnostics.suggest import nearest
from archspec.elaboration.settings import Settings, read_shape
from archspec.ir.graph import Graph
from archspec.ir.shape import show
from archspec.report.comparison import (
    Row,
    comparison_csv,
    comparison_json,
    comparison_markdown,
    comparison_text,
    sorted_rows,
)
from archspec.syntax import tree
from archspec.zoo import UnreadableSpecError


def print_comparison(options: Namespace) -> int:
    """Print the table; a row for each network, in the order of the command line unless it is to be sorted."""
    columns = [_column(name) for name in options.columns.split(",")] if options.columns else list(USUAL)
    sort = _column(options.sort) if options.sort else None
    settings = settings_of(None, {"--set": options.set}, {"--input": options.input}, named_ops(options))
    comparison = _Comparison(settings, _sizes(options), options)
    rows = [row for spec in options.spec for row in comparison.rows_of(spec)]
    if sort:
        rows = sorted_rows(rows, sort, reverse=options.reverse)
    _print(rows, columns, options)
    return comparison.status


def _column(name: str) -> str:
    """A column by its name, as in a table's head too. Raises `UnreadableSpecError` for what is none."""
    column = name.strip().lower().replace("-", "_")
    if column not in COLUMNS:
        near = nearest(column, COLUMNS)
        cure = f"did you mean `{near}`?" if near else "there are " + ", ".join(COLUMNS)
        raise UnreadableSpecError(f"there is no column `{name.strip()}`", cure)
    return column


def _sizes(options: Namespace) -> list[str]:
    """The sizes, each its axes' sizes between `x`. Raises `UnreadableSpecError` for what is none."""
    sizes = [size.strip().lower() for text in options.size for size in text.split(",")]
    for size in sizes:
        if not all(axis.isdecimal() or axis.isidentifier() or axis == "?" for axis in size.split("x")):
            raise UnreadableSpecError(f"`--size` takes sizes such as `224` or `224x320`, got `{size}`")
    return sizes


def _resized(graph: Graph, size: str) -> dict[str, tree.Tree]:
    """The shapes of a network's images at a size; a single number is that of all axes. Channels stay."""
    shapes: dict[str, tree.Tree] = {}
    sink = DiagnosticSink()
    for given in graph.inputs:
        axes, sizes = len(given.shape.spatial), size.split("x")
        sizes = sizes * axes if len(sizes) == 1 else sizes
        if axes > 1 and len(sizes) == axes:
            text = f"{given.name}={'x'.join([*sizes, show(given.shape.channels)])}"
            shapes |= dict(filter(None, [read_shape("--size", text, sink)]))
    return shapes


class _Comparison:
    """One run over the specs. `status` is the worst of those met so far."""

    def __init__(self, settings: Settings, sizes: Sequence[str], options: Namespace) -> None:
        self.settings = settings
        self.sizes = sizes
        self.options = options
        self.status = OK
        self._sources = Sources()

    def rows_of(self, spec: str) -> Iterator[Row]:
        """A row for each network of a spec: its variants, where all are asked for, at each size."""
        for named in self._variants(read_name(spec)):
            yield from self._rows(named)

    def _variants(self, named: Named) -> list[Named]:
        if not self.options.variants or named.variant is not None:
            return [named]
        try:
            document = self._sources.compile(named, self.settings).document
        except (UnreadableSpecError, SpecError):
            return [named]  # which says so in its row
        names = [variant.name.text for variant in document.variants] if document else []
        return [Named(named.spec, name) for name in names] or [named]

    def _rows(self, named: Named) -> Iterator[Row]:
        name: dict[str, Cell] = {"spec": str(Named(named.spec)), "variant": named.variant or ""}
        try:
            compilation = self._sources.compile(named, replace(self.settings, variant=named.variant))
        except UnreadableSpecError as error:
            self.status = WRONG_USAGE
            yield Row(name, error.message)
            return
        except SpecError as error:
            yield self._failed(name, error)
            return
        for size in self.sizes or ("",):
            yield self._row(name, compilation, named, size)

    def _row(self, name: dict[str, Cell], compilation: Compilation, named: Named, size: str) -> Row:
        try:
            graph = compilation.require_network()
            if size:
                shapes = _resized(graph, size)
                if not shapes:
                    self.status = max(self.status, FOUND_ERRORS)
                    return Row({**name, "input": size}, f"no input is an image that can be {size}")
                inputs = {**self.settings.inputs, **shapes}
                settings = replace(self.settings, variant=named.variant, inputs=inputs)
                graph = self._sources.compile(named, settings).require_network()
        except SpecError as error:
            return self._failed({**name, "input": size}, error)
        return Row({**name, **cells_of(graph if self.options.training else graph.for_inference())})

    def _failed(self, name: dict[str, Cell], error: SpecError) -> Row:
        self.status = max(self.status, FOUND_ERRORS)
        first = next(found for found in error.diagnostics if found.severity is Severity.ERROR)
        return Row(name, f"{first.code}: {first.headline}")


def _print(rows: Sequence[Row], columns: Sequence[str], options: Namespace) -> None:
    if options.format == "json":
        print_json(comparison_json(rows, columns))
    elif options.format == "csv":
        print(comparison_csv(rows, columns), end="")
    elif options.format == "markdown":
        print(comparison_markdown(rows, columns))
    else:
        print(comparison_text(rows, columns))
