"""Where a line stands: its scope, its bindings, its block, its file; and the finding of values from there."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from archspec.diagnostics import Diagnostic, DiagnosticSink, Fix, Label, Origin, Span
from archspec.diagnostics.fixes import respell
from archspec.elaboration.cures.names import cure_channels, cure_unbound
from archspec.elaboration.field_types import type_scalar
from archspec.elaboration.modules import SHIPPED, STDLIB, Module
from archspec.elaboration.scope import Bindings, CyclicDefinition, Flow, Scope, Work
from archspec.elaboration.wording import show_written
from archspec.ir.shape import is_known
from archspec.ops import OWN, Vocabulary
from archspec.syntax import ast, tree
from archspec.syntax.evaluation import UNKNOWN, Opaque, Value, expand, written
from archspec.syntax.expression_tree import Channels, ExpressionError, Name, TooMuchWorkError
from archspec.syntax.expressions import parse_template
from archspec.syntax.limits import MAX_WORK

if TYPE_CHECKING:
    from archspec.elaboration.arguments import Argument
    from archspec.elaboration.patching import Patches

MOST_USES = 4
"""Uses of blocks around a line that a message shows: the innermost and the outermost."""


OFF, REMOVED = "its `when` is false", "a patch removes it"
"""Why a line is not there."""


@dataclass(frozen=True, eq=False)
class SharedLayers(Opaque):
    """Layers with one set of weights, and the place that declares them."""

    declaration: ast.Shared
    context: Context

    @property
    def path(self) -> str:
        """Where their weights stand."""
        return self.context.scope.definition(self.declaration.word.text)

    def __str__(self) -> str:
        return self.declaration.word.text


@dataclass(frozen=True)
class Context:
    """Everything that the meaning of a line depends on, besides what flows into it."""

    module: Module
    scope: Scope
    bindings: Bindings
    sink: DiagnosticSink
    inputs: dict[str, Flow] = field(default_factory=dict)
    """The block's inputs (or the network's) by the names that references use: `in`, or those declared."""
    use: Origin | None = None
    """The use of the block that the line stands in, outwards."""
    blocks: tuple[ast.Block | ast.Shared, ...] = ()
    """The blocks and shared layers whose bodies the line stands in, outermost first: none may use itself."""
    shared: Mapping[str, SharedLayers] = field(default_factory=dict)
    """The shared layers in sight, by their words: those of the file or block that the line is written in."""
    training_only: bool = False
    patches: Patches | None = None
    level: int = 0
    """The first of the files that extend others whose patches apply to the line: 0 for those of the eldest's lines."""
    overrides: tuple[Argument, ...] = ()
    """Fields of the one line being placed that patches set."""
    work: Work = field(default_factory=Work)
    ops: Vocabulary = OWN

    def within(self, scope: Scope, bindings: Bindings | None = None) -> Context:
        """The same place with another scope, and other bindings if given."""
        return replace(self, scope=scope, bindings=bindings or self.bindings)

    def origin(self, span: Span) -> Origin:
        """Where a node made by the line at `span` comes from."""
        return Origin(span, self.use)

    def report(
        self,
        code: str,
        headline: str,
        span: Span,
        *,
        text: str = "",
        labels: tuple[Label, ...] = (),
        notes: tuple[str, ...] = (),
        help_: str | None = None,
        fix: Fix = (),
    ) -> None:
        """Report a mistake at `span`; inside a standard block, at the user's own line that uses the block.

        The user's line stands first in any case: where it is not `span` itself, `span` becomes a note.
        """
        own = self._own_places(span)
        patch = self._patch_before(code, span)
        primary = patch or (own[0] if own else span)
        if patch is not None:
            text, notes = "after this patch", (*notes, f"the line is {span}")
        elif primary is not span:
            text = "in this spec" if span.source.name.startswith(SHIPPED) else "in this block"
            notes = (*notes, f"the line is {span}")
        uses = [place for place in dict.fromkeys(own if patch else own[1:]) if place != primary]
        used = tuple(Label(place, "used here") for place in (*uses[: MOST_USES - 1], *uses[MOST_USES - 1 :][-1:]))
        self.sink.report(Diagnostic(code, headline, Label(primary, text), (*labels, *used), notes, help_, fix=fix))

    def _patch_before(self, code: str, span: Span) -> Span | None:
        """The patch after which a line of an extended spec no longer fits its input."""
        change = self.patches.last_met if self.patches else None
        if change is None or not code.startswith("E04"):
            return None
        return None if span.source is change.first.path.span.source else change.first.path.span

    def has_reported(self, code: str, span: Span) -> bool:
        """Whether `report` has reported this code for this place before."""
        own = self._own_places(span)
        return self.sink.knows(code, self._patch_before(code, span) or (own[0] if own else span))

    def _own_places(self, span: Span) -> list[Span]:
        return own_places(self.origin(span))

    # Values

    def value(self, node: tree.Tree, annotation: object) -> Value:
        """A tree as a value: expressions evaluated, plain scalars typed as far as `annotation` asks.

        Reports E0602 to E0604 for what cannot be evaluated and E0503 for a mapping, and then gives UNKNOWN.
        """
        if isinstance(node, tree.Scalar):
            return self._scalar(node, annotation)
        if isinstance(node, tree.Sequence):
            return tuple(self.value(item, annotation) for item in node.items)
        if isinstance(node, tree.Mapping):
            self.report("E0503", "a value must stand here, got a mapping", node.span)
        return UNKNOWN

    def _scalar(self, scalar: tree.Scalar, annotation: object) -> Value:
        if "$" not in scalar.text:
            if scalar.is_null:
                self.report("E0503", "a value is missing here", scalar.span)
                return UNKNOWN
            return type_scalar(scalar, annotation) if self._may_go_on(scalar) else UNKNOWN
        try:
            template = parse_template(scalar.text)
        except ExpressionError:
            return UNKNOWN  # reported when the file was parsed
        try:
            value = expand(template, self)
            self.charge(len(value) if isinstance(value, tuple) else 1)
            return value
        except TooMuchWorkError:
            self._report_work(scalar)
        except RecursionError:
            # Thousands of definitions, each of which needs the next, exhaust Python's stack.
            self.report("E0807", "definitions refer to one another too deeply to be followed", scalar.span)
        except ExpressionError as error:
            place, wrong = scalar.part(error.start, error.end), scalar.text[error.start : error.end]
            self.report("E0602", error.message, place, help_=error.cure, fix=respell(place, wrong, error.instead))
        except CyclicDefinition as error:
            self.report("E0603", f"`{error.names[0]}` is defined by itself: {error}", scalar.span)
        return UNKNOWN

    def _may_go_on(self, scalar: tree.Scalar) -> bool:
        """Account for a plain scalar; false, with E0807 reported, where the spec has used up its work."""
        try:
            self.charge(1)
        except TooMuchWorkError:
            self._report_work(scalar)
            return False
        return True

    def _report_work(self, scalar: tree.Scalar) -> None:
        if not self.work.reported:
            self.report("E0807", f"the values of a spec may take {MAX_WORK:,} operations", scalar.span)
        self.work.reported = True

    def charge(self, operations: int) -> None:
        """Account for work done; part of the evaluator's environment."""
        self.work.charge(operations)

    def value_of(self, name: Name) -> Value:
        """What a name in an expression is bound to; part of the evaluator's environment."""
        value = self.bindings.get(name.name)
        if value is not None:
            return value
        headline = f"`{name.name}` is not a parameter, a `let` or a loop's column here"
        cure = cure_unbound(name.name, self)
        raise ExpressionError(headline, name.start, name.end, cure.help, cure.instead)

    def channels_of(self, node: Channels) -> Value:
        """The channels of a node in sight; part of the evaluator's environment."""
        flow: Flow
        if node.node in self.inputs:
            flow = self.inputs[node.node]
        elif (named := self.scope.find(node.node)) and not named.off:
            flow = named.flow
        else:
            if self.scope.may_hold(node.node) and not (named := self.scope.find(node.node)):
                return UNKNOWN
            headline = f"no node `{node.node}` is in sight here"
            cure = cure_channels(node.node, self)
            raise ExpressionError(headline, node.start, node.end, cure.help, cure.instead)
        if flow is None or any(wire.shape is None for wire in flow):
            return UNKNOWN
        if len(flow) != 1:
            raise ExpressionError(
                f"`{node.node}` is {len(flow)} values, and each has its channels", node.start, node.end
            )
        channels = flow[0].shape.channels if flow[0].shape else None
        if not is_known(channels):
            raise ExpressionError(
                f"the channels of `{node.node}` are open", node.start, node.end, "write the input's last size"
            )
        return channels

    def word(self, scalar: tree.Scalar) -> str | None:
        """A scalar as text, its expressions written in; `None` after an error."""
        value = self.value(scalar, str)
        return None if value is UNKNOWN else written(value)

    def holds(self, when: tree.Scalar | None) -> bool | None:
        """Whether a `when` holds; `None` where an error hides it. Reports E0604 for what is not true or false."""
        if when is None:
            return True
        value = self.value(when, bool)
        if value is UNKNOWN or isinstance(value, bool):
            return None if value is UNKNOWN else value
        meant = {"yes": "true", "on": "true", "no": "false", "off": "false"}.get(when.text.lower(), when.text.lower())
        cure = f"write `{meant}`" if meant in ("true", "false") else None
        headline = f"`when` must be true or false, got {show_written(when, value)}"
        fix = respell(when.span, when.text, meant) if cure else ()
        if re.search(r"[<>=]", when.text) and "$" not in when.text:
            cure = f"write `$({when.text})`"
        self.report("E0604", headline, when.span, help_=cure, fix=fix)
        return None


def own_places(origin: Origin) -> list[Span]:
    """A line and the uses of the blocks it stands in, outwards, without those in standard blocks."""
    chain = []
    at: Origin | None = origin
    while at is not None:
        chain.append(at.span)
        at = at.use
    return [place for place in chain if is_own(place)]


def is_own(place: Span) -> bool:
    """Whether a place is the user's to mend, and not in the standard library or in a shipped spec that is extended."""
    return not place.source.name.startswith((STDLIB, SHIPPED))


PlaceItems = Callable[[tuple[ast.Item, ...], Flow, Context], Flow]
"""The walk, which places a body's items."""
