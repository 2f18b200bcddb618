"""The pipeline: source text to a checked graph, readable top to bottom.

    bytes -> decode -> read -> parse -> bind parameters -> elaborate (with inference) -> contracts, recipe
    graph -> lower -> emission | keras_backend

Every stage reports into one sink, and each goes on where it can, so that a user sees all mistakes at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from os import PathLike
from typing import TYPE_CHECKING

from archspec.diagnostics import (
    Diagnostic,
    DiagnosticSink,
    EnoughFoundError,
    Fix,
    Label,
    Severity,
    SourceFile,
    SpecError,
)
from archspec.elaboration.context import Context
from archspec.elaboration.elaborate import elaborate
from archspec.elaboration.modules import Module, lineage
from archspec.elaboration.scope import Scope, Work
from archspec.elaboration.session import Session
from archspec.elaboration.settings import (
    Settings,
    arguments_of,
    bind_parameters,
    bind_parents,
    chosen_variant,
    find_variant,
)
from archspec.ir.graph import Graph
from archspec.ops import OWN, Vocabulary
from archspec.syntax import ast

if TYPE_CHECKING:
    from archspec.elaboration.arguments import Written
    from archspec.lowering.lower import LoweredModel
    from archspec.training.config import Recipe


MAX_EFFORT = 1_000_000
"""What all variants of a spec may take together: some seconds. NASNet-A, of 1,240 nodes, takes 25,000."""


@dataclass(frozen=True)
class Compilation:
    """What became of a spec. `recipe` is there if the spec has a `training:` section.

    `graph` is there if no error was found, and the file is no library of blocks, which has no network.
    """

    source: SourceFile
    document: ast.Document | None
    graph: Graph | None
    recipe: Recipe | None = None
    diagnostics: tuple[Diagnostic, ...] = field(default=())
    effort: int = 0
    """A measure of the time that it took."""
    ops: Vocabulary = OWN
    watched: Written | None = None
    """What was written for the node that the settings watch."""
    network: Graph | None = None
    """As `graph`, and also there where nothing but contracts or the recipe is at fault: for who wants the figures."""

    @property
    def errors(self) -> int:
        """How many errors were found."""
        return sum(found.severity is Severity.ERROR for found in self.diagnostics)

    def require_graph(self) -> Graph:
        """The graph. Raises `SpecError` with all findings where there is none."""
        if self.graph is None:
            raise SpecError((*self.diagnostics, *self._lack_of_network()))
        return self.graph

    def require_network(self) -> Graph:
        """The network, its contracts broken or not. Raises `SpecError` with all findings where there is none."""
        return self.require_graph() if self.network is None else self.network

    def _lack_of_network(self) -> tuple[Diagnostic, ...]:
        """What to say of a sound library where a network is asked for; nothing of any other file."""
        if self.errors or self.document is None:
            return ()
        cure = "a library's blocks are used from a network's file: `blocks: {name: file.yaml}`"
        place = Label(self.document.blocks[0].name.span if self.document.blocks else self.document.span)
        return (Diagnostic("E0218", "a library of blocks has no network", place, help=cure),)


def compile_spec(
    source: SourceFile,
    settings: Settings | None = None,
    sink: DiagnosticSink | None = None,
    *,
    plugins: Iterable[str | PathLike[str]] = (),
    session: Session | None = None,
) -> Compilation:
    """A spec's text as a checked graph, under settings from outside. Raises nothing for a user's mistake.

    `plugins` are the files of ops to be known beside archspec's own; each is run. `session` is what was read and placed
    before, for who compiles many specs; it changes no result.
    """
    sink = sink or DiagnosticSink()
    settings = settings or Settings()
    try:
        if plugins:
            # Imported here, as by the command line: only who names a plugin needs it.
            from archspec.plugins.load import load_plugins

            settings = replace(settings, ops=load_plugins(plugins, sink))
            if sink.errors:
                return Compilation(source, None, None, None, sink.sorted())
        return _compile(source, settings, sink, session or Session())
    except EnoughFoundError:
        return Compilation(source, None, None, None, _findings(source, sink))


def _compile(source: SourceFile, settings: Settings, sink: DiagnosticSink, session: Session) -> Compilation:
    document = session.document(source, sink)
    if document is None:
        return Compilation(source, None, None, None, _findings(source, sink))
    source = document.source  # that of the first reading, in which all places are
    work = Work(settings.watched)
    module = load_module(document, source, sink, work, settings.ops, session)
    context = Context(module, Scope("", None), module.bindings, sink, work=work, ops=settings.ops)
    variant = find_variant(document, chosen_variant(settings), context)
    bind_parameters(document, variant, arguments_of(settings, context), context)
    _check_search(document, context)
    if not module.is_whole:
        return Compilation(source, document, None, None, _findings(source, sink), work.effort, settings.ops)
    if document.is_library:
        # Imported here: networks are many, and libraries few.
        from archspec.elaboration.library import check_library

        check_library(context)
        return Compilation(source, document, None, None, _findings(source, sink), work.effort, settings.ops)
    bind_parents(context)
    graph = elaborate(module, settings.inputs, sink, work, settings.ops, session.memory)
    recipe = read_recipe(graph, context)
    if graph is not None:
        _check_contracts(document, variant, settings, graph, sink)
    checked = None if sink.errors else graph
    found = _findings(source, sink)
    return Compilation(source, document, checked, recipe, found, work.effort, settings.ops, work.seen, graph)


def load_module(
    document: ast.Document, source: SourceFile, sink: DiagnosticSink, work: Work, ops: Vocabulary, session: Session
) -> Module:
    """The document as a module, with the files that it extends or takes blocks from."""
    if not document.extends and not document.imports:
        return Module(document)
    # Imported here: most specs are one file.
    from archspec.elaboration.files import Files

    return Files(source, sink, work, session, ops).load(document)


def _check_search(document: ast.Document, context: Context) -> None:
    """Hold the values over which parameters are searched against their types."""
    if any(parameter.search is not None for parameter in document.parameters):
        # Imported here: most specs have none.
        from archspec.elaboration.search import read_spaces

        read_spaces(document, {}, context)


def _findings(source: SourceFile, sink: DiagnosticSink) -> tuple[Diagnostic, ...]:
    """All that was reported, with those fixes alone that edit this file and one place of it."""
    found = sink.sorted()
    if not any(one.fix for one in found):
        return found
    # Imported here: a sound spec does without it.
    from archspec.syntax.shared_text import keep_own_fixes

    return keep_own_fixes(source, found)


def check_variants(
    compilation: Compilation,
    settings: Settings,
    findings: Callable[[Compilation], tuple[Diagnostic, ...]] = lambda one: one.diagnostics,
    session: Session | None = None,
) -> tuple[Diagnostic, ...]:
    """What the spec's variants have to report beyond the spec itself, where no variant was chosen.

    `findings` says what is found of a compilation. Reports W0801 where the variants together are so large that the rest
    of them is left out.
    """
    document = compilation.document
    if document is None or settings.variant is not None or settings.parameters:
        return ()
    known = set(findings(compilation))
    session = session or Session()
    found: dict[Diagnostic, None] = {}
    effort = 0
    for variant in document.variants:
        if effort > MAX_EFFORT:
            return (*found, _left_out(variant))
        of_variant = compile_spec(compilation.source, replace(settings, variant=variant.name.text), session=session)
        effort += of_variant.effort
        for diagnostic in findings(of_variant):
            if diagnostic not in known:
                notes = (*diagnostic.notes, f"in the variant `{variant.name.text}`")
                fix = diagnostic.fix if _is_within(diagnostic.fix, variant) else ()
                found.setdefault(diagnostic._replace(notes=notes, fix=fix))
    return tuple(found)


def _is_within(fix: Fix, variant: ast.Variant) -> bool:
    """Whether a fix edits a variant's own lines: what is wrong for one variant may be right for the others."""
    entries = (*variant.parameters, *(variant.expect.entries if variant.expect else ()))
    wholes = [entry.key.span.to(entry.value.span) for entry in entries]
    return all(any(whole[1:3] <= edit.span[1:3] and edit.span[3:] <= whole[3:] for whole in wholes) for edit in fix)


def _left_out(variant: ast.Variant) -> Diagnostic:
    headline = "the variants from here on are not checked: those above have taken all the time there is"
    cure = f"check each by itself: `--variant {variant.name.text}`"
    return Diagnostic("W0801", headline, Label(variant.name.span), help=cure, severity=Severity.WARNING)


def lower_graph(graph: Graph, *, training: bool = False) -> LoweredModel:
    """The graph as Keras calls: that of inference, or with its training-only parts."""
    # Imported here: `check` and `summary` do without it.
    from archspec.lowering.lower import lower

    return lower(graph if training else graph.for_inference())


def _check_contracts(
    document: ast.Document, variant: ast.Variant | None, settings: Settings, graph: Graph, sink: DiagnosticSink
) -> None:
    """Hold the spec's contracts; a variant's own stand in place of the file's.

    They speak of the file's own settings: where the user has changed these, a broken one is a warning.
    """
    expect = variant.expect if variant else document.expect
    if expect is None:
        return
    # Imported here: a spec without contracts does without it.
    from archspec.analysis.contracts import ContractCheck

    changed = bool(settings.parameters or settings.inputs)
    ContractCheck(graph, sink, Severity.WARNING if changed else Severity.ERROR).check(expect)


def read_recipe(graph: Graph | None, context: Context) -> Recipe | None:
    """The `training:` section, or that of the spec extended, held against the graph. Reports E0901, E0904 and W0901."""
    trained = [module for module in lineage(context.module) if module.document.training is not None]
    section = trained[-1].document.training if trained else None
    if section is None:
        return None
    context = replace(context, module=trained[-1], bindings=trained[-1].bindings)
    # Imported here: its models take milliseconds to make, and most specs have no recipe.
    from archspec.elaboration.records import read_record
    from archspec.training.config import Recipe
    from archspec.training.fit import misfits

    recipe = read_record(Recipe, section, "training", context)
    if recipe is None or graph is None:
        return recipe
    losses = section.get("losses")
    spans = {entry.key.text: entry.key.span for entry in getattr(losses, "entries", ())}
    for misfit in misfits(recipe, graph):
        span = spans.get(misfit.output or "", section.span)
        severity = Severity.WARNING if misfit.is_warning else Severity.ERROR
        context.sink.report(Diagnostic(misfit.code, misfit.message, Label(span), help=misfit.cure, severity=severity))
    return recipe
