"""The members of a search space: every choice of the searched parameters, each with its figures, and none built.

A spec is read once and elaborated for each member by the compiler's own walk, which remembers what blocks gave for
others. A member that is not legal is passed over and counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from math import prod

from archspec.analysis.condition import Condition, OpenFigureError, read_condition
from archspec.analysis.cost import totals
from archspec.analysis.figures import FIGURES, MEMORY, figures_of
from archspec.analysis.memory import inference_peak
from archspec.compiler import compile_spec, load_module, read_recipe
from archspec.diagnostics import Diagnostic, DiagnosticSink, EnoughFoundError, Label, SourceFile, SpecError
from archspec.elaboration.context import Context
from archspec.elaboration.elaborate import elaborate
from archspec.elaboration.modules import Module, renewed
from archspec.elaboration.scope import Scope, Work
from archspec.elaboration.search import Choice, Plain, Space, as_range, read_spaces
from archspec.elaboration.session import Session
from archspec.elaboration.settings import (
    Settings,
    arguments_of,
    bind_parameters,
    bind_parents,
    chosen_variant,
    define_parameters,
    find_variant,
)
from archspec.ir.graph import Graph
from archspec.ir.shape import Dim, is_known
from archspec.report.figures import plain
from archspec.syntax import ast, tree
from archspec.syntax.evaluation import UNKNOWN, Opaque, Value

NO_SEARCH: Mapping[str, tree.Tree] = {}

MOST_REASONS = 5
"""Members that are not legal of which it is told why: the first ones tell what is wrong."""


@dataclass(frozen=True, slots=True)
class Member:
    """One choice of every searched parameter, and the figures of that network for inference.

    `written` are the choices as a spec would write them. A figure that is open is a formula, as text, or `None`.
    """

    parameters: dict[str, Plain]
    figures: dict[str, int | str | None]
    written: dict[str, str]


@dataclass(frozen=True, slots=True)
class Refused:
    """A member that is not legal. `diagnostics` say why, of the first `MOST_REASONS` alone."""

    written: dict[str, str]
    diagnostics: tuple[Diagnostic, ...] = ()


class Enumeration:
    """The members that meet a condition, in the order of the choices, the last parameter's changing fastest.

    Mutable by design: it counts as it goes. Only what is asked for is elaborated.
    """

    def __init__(
        self,
        source: SourceFile,
        settings: Settings | None = None,
        *,
        search: Mapping[str, tree.Tree] = NO_SEARCH,
        where: str | None = None,
    ) -> None:
        """`search` declares spaces, in place of the file's own. A parameter that `settings` set is not searched.

        Raises `SpecError` where the spec cannot be read, nothing is searched, or the condition is none.
        """
        self._opened = _Opened(source, settings or Settings())
        self.spaces = self._opened.spaces(search)
        self._condition = self._read_condition(where)
        self.tried = 0
        """The members looked at so far."""
        self.met = 0
        """Those of them that are legal and meet the condition."""
        self.illegal = 0

    @property
    def size(self) -> int:
        """How many members there are, legal or not."""
        return prod(len(space.choices) for space in self.spaces)

    def __iter__(self) -> Iterator[Member]:
        return (found for found in self.steps() if isinstance(found, Member))

    def steps(self) -> Iterator[Member | Refused]:
        """The members that meet the condition, and between them those that are not legal."""
        for choices in product(*(space.choices for space in self.spaces)):
            self.tried += 1
            found = self._try(dict(zip((space.name for space in self.spaces), choices, strict=True)))
            if found is not None:
                yield found

    def _try(self, choices: Mapping[str, Choice]) -> Member | Refused | None:
        """What these choices give; `None` for what does not meet the condition."""
        trial = _Trial(self._opened, {name: choice.node for name, choice in choices.items()})
        written = {name: choice.text for name, choice in choices.items()}
        meets = True if self._condition is None else self._condition.holds(trial.value_of)
        if meets is False:
            return None
        if trial.graph is None or meets is None:
            self.illegal += 1
            is_told = self.illegal <= MOST_REASONS
            return Refused(written, self._opened.reasons(choices) if is_told else ())
        self.met += 1
        figures = {name: plain(figure) for name, figure in trial.figures.items()}
        return Member({name: choice.plain for name, choice in choices.items()}, figures, written)

    def _read_condition(self, where: str | None) -> Condition | None:
        if where is None:
            return None
        sink = DiagnosticSink()
        parameters = [parameter.name.text for parameter in self._opened.document.parameters]
        condition = read_condition(where, [*FIGURES, MEMORY, *parameters], sink)
        if condition is None:
            raise SpecError(sink.sorted())
        return condition


class _Opened:
    """A spec read once, with the memory of what its blocks gave under the settings tried so far."""

    def __init__(self, source: SourceFile, settings: Settings) -> None:
        """Raises `SpecError` for what no choice could mend: a file that cannot be read, a setting that is none."""
        self.source = source
        self.settings = settings
        self.session = Session()
        sink = DiagnosticSink()
        try:
            self.document, self.module = self._read(sink)
        except EnoughFoundError:
            raise SpecError(sink.sorted()) from None
        if settings.variant is not None or settings.parameters or settings.inputs:
            found = compile_spec(source, settings).diagnostics
            wrong = tuple(one for one in found if one.primary and one.primary.span.source.name.startswith("--"))
            if wrong:
                raise SpecError(wrong)

    def _read(self, sink: DiagnosticSink) -> tuple[ast.Document, Module]:
        document = self.session.document(self.source, sink)
        if document is None or sink.errors:
            raise SpecError(sink.sorted())
        module = load_module(document, self.source, sink, Work(), self.settings.ops, self.session)
        if sink.errors:
            raise SpecError(sink.sorted())
        if document.is_library:
            compile_spec(self.source, self.settings).require_graph()
        return document, module

    def spaces(self, given: Mapping[str, tree.Tree]) -> tuple[Space, ...]:
        """The spaces of what the settings leave open. Raises `SpecError` where there are none."""
        sink = DiagnosticSink()
        context, _ = self.bind({}, sink)
        # What else is wrong with the numbers may be right for a member: of the spaces alone it is told here.
        own = DiagnosticSink()
        ranges = {name: as_range(node) for name, node in given.items()}
        spaces = read_spaces(self.document, ranges, replace(context, sink=own))
        twice = [name for name in given if name in self.settings.parameters]
        for name in twice:
            headline = f"`{name}` is searched and set"
            own.report(Diagnostic("E0219", headline, Label(given[name].span), help="leave one of the two out"))
        left = tuple(space for space in spaces if space.name not in self.settings.parameters)
        if not left and not own.errors:
            cure = "declare `search: [32, 64]` with a parameter, or say `--search NAME=[32, 64]`"
            headline = "no parameter is searched"
            own.report(Diagnostic("E0227", headline, Label(self.document.span), help=cure))
        if own.errors:
            raise SpecError(own.sorted())
        return left

    def under(self, parameters: Mapping[str, tree.Tree]) -> Settings:
        """The settings with a member's parameters."""
        return replace(self.settings, parameters={**self.settings.parameters, **parameters})

    def bind(self, parameters: Mapping[str, tree.Tree], sink: DiagnosticSink) -> tuple[Context, Work]:
        """The file's numbers bound under a member's parameters, and those of the files that it names."""
        settings = self.under(parameters)
        work = Work()
        module, others = renewed(self.module)
        for one in others:
            within = Context(one, Scope("", None), one.bindings, sink, work=work, ops=settings.ops)
            define_parameters(one.document, {}, within)
        context = Context(module, Scope("", None), module.bindings, sink, work=work, ops=settings.ops)
        variant = find_variant(self.document, chosen_variant(settings), context)
        bind_parameters(self.document, variant, arguments_of(settings, context), context)
        return context, work

    def reasons(self, choices: Mapping[str, Choice]) -> tuple[Diagnostic, ...]:
        """Why a member is not legal, as `check` would say it."""
        settings = self.under({name: choice.node for name, choice in choices.items()})
        return compile_spec(self.source, settings).diagnostics


class _Trial:
    """One member, elaborated as far as its condition asks. Mutable by design: what was found is kept."""

    def __init__(self, opened: _Opened, parameters: Mapping[str, tree.Tree]) -> None:
        self._opened = opened
        self._sink = DiagnosticSink()
        self._parameters = parameters

    @cached_property
    def _bound(self) -> tuple[Context, Work]:
        return self._opened.bind(self._parameters, self._sink)

    @cached_property
    def graph(self) -> Graph | None:
        """The member's network; `None` where it is not legal."""
        try:
            context, work = self._bound
            bind_parents(context)
            opened = self._opened
            graph = elaborate(
                context.module, opened.settings.inputs, self._sink, work, opened.settings.ops, opened.session.memory
            )
            read_recipe(graph, context)
        except EnoughFoundError:
            return None
        return None if self._sink.errors else graph

    @cached_property
    def figures(self) -> Mapping[str, Dim]:
        """The figures of the network for inference, which must be legal."""
        return figures_of(totals(self._inference))

    @property
    def _inference(self) -> Graph:
        """The network for inference, which must be legal."""
        assert self.graph is not None
        # The graph holds only what its outputs need; where all of them are there in inference, it is that of inference.
        is_whole = not any(output.training_only for output in self.graph.outputs)
        return self.graph if is_whole else self.graph.for_inference()

    def value_of(self, name: str) -> Value:
        """A figure, or else a parameter. Raises `OpenFigureError`."""
        if name not in FIGURES and name != MEMORY:
            value = self._bound[0].bindings.get(name)
            return str(value) if isinstance(value, Opaque) else UNKNOWN if value is None else value
        if self.graph is None:
            return UNKNOWN
        figure = inference_peak(self._inference) if name == MEMORY else self.figures[name]
        if not is_known(figure):
            raise OpenFigureError(f"`{name}` is open while an input's size is")
        return figure
