"""What each command does: opens the spec, runs the pipeline, prints what came out. Called by `cli` alone."""

from __future__ import annotations

import os
from argparse import Namespace
from pathlib import Path

from archspec import zoo
from archspec.cli.output import print_json, print_warnings, status_of
from archspec.cli.plugins import load_ops, named_ops
from archspec.cli.settings import read_settings
from archspec.cli.status import FOUND_ERRORS, OK
from archspec.compiler import Compilation, compile_spec, lower_graph
from archspec.diagnostics import DiagnosticSink, SpecError
from archspec.diagnostics.suggest import nearest


def run_check(options: Namespace) -> int:
    """Every finding in every spec, or `ok`."""
    # Imported here, as in the commands below: each loads what it needs.
    from archspec.cli.check import check_specs

    return check_specs(options)


def run_lint(options: Namespace) -> int:
    """What `check` finds and the lints, or `ok`."""
    from archspec.cli.lint import lint_specs

    return lint_specs(options)


def run_fmt(options: Namespace) -> int:
    """Files in the one layout."""
    from archspec.cli.fmt import format_files

    return format_files(options)


def run_summary(options: Namespace) -> int:
    """The table of layers, as text or JSON."""
    from archspec.report.summary import summary_json, summary_text

    compilation = _compile(options)
    whole = compilation.require_network()
    print_warnings(compilation)
    graph = whole if options.training else whole.for_inference()
    if options.format == "json":
        print_json(summary_json(graph, depth=options.depth))
    else:
        print(summary_text(graph, depth=options.depth, whole=whole))
    return status_of(compilation)


def run_geometry(options: Namespace) -> int:
    """What each node sees of the inputs, and the sizes that the network takes."""
    from archspec.report.geometry import geometry_json, geometry_text

    compilation = _compile(options)
    graph = compilation.require_network()
    print_warnings(compilation)
    if not options.training:
        graph = graph.for_inference()
    if options.format == "json":
        print_json(geometry_json(graph))
    else:
        print(geometry_text(graph, as_formulas=options.formulas))
    return status_of(compilation)


def run_memory(options: Namespace) -> int:
    """What inference and training take of memory, and the largest batch that fits."""
    from archspec.cli.memory import print_memory

    return print_memory(_compile(options), options)


def run_diff(options: Namespace) -> int:
    """How two networks differ."""
    from archspec.cli.diff import print_difference

    return print_difference(options)


def run_compare(options: Namespace) -> int:
    """A table of many networks."""
    from archspec.cli.compare import print_comparison

    return print_comparison(options)


def run_enumerate(options: Namespace) -> int:
    """The members of the spec's search space."""
    from archspec.cli.enumerate import enumerate_members

    return enumerate_members(options)


def run_roofline(options: Namespace) -> int:
    """The least time of each layer, from stated rates."""
    from archspec.cli.roofline import print_roofline

    return print_roofline(_compile(options), options)


def run_why(options: Namespace) -> int:
    """Where a node's fields and figures come from."""
    from archspec.cli.why import print_why

    return print_why(options)


def run_emit(options: Namespace) -> int:
    """The network as Python source, to a file or to standard output."""
    from archspec.emission.keras_source import emit

    compilation = _compile(options)
    lowered = lower_graph(compilation.require_graph(), training=options.training)
    print_warnings(compilation)
    text = emit(lowered, origin=f", made by archspec from {Path(compilation.source.name).name}")
    if options.output is None:
        print(text, end="")
    else:
        _write(Path(options.output), text)
        print(f"wrote {options.output}")
    return OK


def run_build(options: Namespace) -> int:
    """A proven Keras model, saved."""
    from archspec.cli.build import build_model, has_variant_for

    compilation = _compile(options)
    if has_variant_for(compilation, options):
        print(f"building the variant `{options.weights}`, which these weights are for")
        options.variant = options.weights
        compilation = _compile(options)
    return build_model(compilation, options)


def run_resolve(options: Namespace) -> int:
    """The spec fully expanded, to a file or to standard output."""
    from archspec.report.resolved import UnresolvableGraph
    from archspec.resolving import resolve

    compilation = _compile(options)
    try:
        text = resolve(compilation)
    except UnresolvableGraph as error:
        raise zoo.UnreadableSpecError(f"this network has no expanded form: {error}") from None
    print_warnings(compilation)
    if options.output is None:
        print(text, end="")
    else:
        _write(Path(options.output), text)
        print(f"wrote {options.output}")
    return OK


def run_train(options: Namespace) -> int:
    """A run from beginning to end; see `archspec.training`."""
    from archspec.cli.build import import_keras
    from archspec.cli.recipe import recipe_of

    compilation = _compile(options)
    compilation.require_graph()
    recipe = recipe_of(compilation, options)
    print_warnings(compilation)
    import_keras()
    from archspec.cli.train import run_training

    return run_training(compilation, recipe, options.run)


def run_zoo(options: Namespace) -> int:
    """The shipped specs: a table of them, or one's text."""
    if options.action == "show":
        if options.name not in zoo.names():
            near = nearest(options.name or "", zoo.names())
            said = f"there is no shipped spec `{options.name}`" if options.name else "`zoo show` needs a spec's name"
            raise zoo.UnreadableSpecError(said, f"did you mean `{near}`?" if near else "`archspec zoo list` shows them")
        print(zoo.open_spec(options.name, DiagnosticSink()).text, end="")
        return OK
    from archspec.report.zoo_table import lesson_table, zoo_table

    compiled = [(name, compile_spec(zoo.open_spec(name, DiagnosticSink()))) for name in zoo.names()]
    networks, lessons = (
        [pair for pair in compiled if pair[0].startswith(zoo.LESSONS) is kind] for kind in (False, True)
    )
    print(zoo_table([(name, one.graph, one.document.reference if one.document else None) for name, one in networks]))
    print()
    print(lesson_table([(name, one.document.meta if one.document else None) for name, one in lessons]))
    return OK


def run_explain(options: Namespace) -> int:
    """What a code stands for, or what is declared of an op or standard block."""
    from archspec.cli.explain import explain_subject

    return explain_subject(options)


def run_schema(options: Namespace) -> int:
    """The language as a JSON Schema."""
    from archspec.schema.document import schema_text

    print(schema_text(named_ops(options)), end="")
    return OK


def run_ops(options: Namespace) -> int:
    """The words of ops and standard blocks, each with a line on what it is."""
    from archspec.elaboration.vocabulary import find_word, names
    from archspec.report.words import word_list

    ops = named_ops(options)
    words = [word for name in sorted(names(ops)) if (word := find_word(name, ops))]
    print(word_list((word for word in words if not word.is_block), (word for word in words if word.is_block)))
    return OK


def run_prove(options: Namespace) -> int:
    """Each plugin's op proven, or what is wrong with it."""
    # Before Keras, which takes seconds: most mistakes show when a plugin is loaded.
    ops = load_ops(options.plugin)
    from archspec.cli.build import import_keras

    import_keras()
    from archspec.cli.prove import prove_plugins

    return prove_plugins(ops)


def run_doctor(options: Namespace) -> int:
    """Problems of the installation."""
    from archspec.doctor import examine

    findings = examine()
    for finding in findings:
        print(finding)
    return FOUND_ERRORS if any(not finding.good for finding in findings) else OK


def _compile(options: Namespace) -> Compilation:
    settings = read_settings(options)
    sink = DiagnosticSink()
    source = zoo.open_spec(options.spec, sink)
    if sink.errors:
        raise SpecError(sink.sorted())
    return compile_spec(source, settings, sink)


def _write(path: Path, text: str) -> None:
    if path.is_dir():
        raise zoo.UnreadableSpecError(f"`{path}` cannot be written: it is a folder", "name a file in it")
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.unfinished")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished.write_text(text, encoding="utf-8")
        unfinished.replace(path)
    except OSError as error:
        raise zoo.UnreadableSpecError(f"`{path}` cannot be written: {(error.strerror or str(error)).lower()}") from None
    finally:
        unfinished.unlink(missing_ok=True)
