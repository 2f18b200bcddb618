"""`archspec why`: where the fields and figures of one node come from, or the figures of a block."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import replace

from archspec import zoo
from archspec.cli.output import print_json, print_warnings, status_of
from archspec.cli.settings import read_settings
from archspec.compiler import compile_spec
from archspec.diagnostics import DiagnosticSink, SpecError
from archspec.diagnostics.suggest import nearest
from archspec.elaboration.provenance import trace
from archspec.ir.graph import Graph
from archspec.report.why import find_subject, why_json, why_text


def print_why(options: Namespace) -> int:
    """Print the story. Raises `UnreadableSpecError` for a path that is none."""
    sink = DiagnosticSink()
    source = zoo.open_spec(options.spec, sink)
    if sink.errors:
        raise SpecError(sink.sorted())
    compilation = compile_spec(source, replace(read_settings(options), watched=options.node), sink)
    graph = compilation.require_network()
    subject = find_subject(graph, options.node)
    if subject is None:
        raise zoo.UnreadableSpecError(f"there is no node or block `{options.node}`", _cure(options.node, graph))
    print_warnings(compilation)
    if subject.node is not None and compilation.watched is not None:
        op = subject.node.op
        fields = [(name, getattr(op, name)) for name in type(op).model_fields]
        subject = subject._replace(steps=trace(compilation.watched, fields))
    if options.format == "json":
        print_json(why_json(subject))
    else:
        print(why_text(subject))
    return status_of(compilation)


def _cure(path: str, graph: Graph) -> str:
    """The nearest path, or those that end alike, or where to find them."""
    paths = [node.path for node in graph.nodes]
    near = nearest(path, paths)
    ends = [one for one in paths if one.endswith(f"/{path}")]
    if near or len(ends) == 1:
        return f"did you mean `{near or ends[0]}`?"
    if ends:
        return f"{len(ends)} paths end so: `{ends[0]}`, `{ends[1]}`, …"
    return "`archspec summary` lists them"
