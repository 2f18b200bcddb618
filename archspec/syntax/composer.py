"""YAML events to a positioned tree, with what YAML would do in silence refused.

A repeated key, a tag, a second document, a merge key, an expression cut at a comma: each is an error here. The stack
is the composer's own, since Python's is too short for a hostile file. Reports E0105 to E0113.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NoReturn

from yaml import events

from archspec.diagnostics import Diagnostic, DiagnosticSink, Fix, Label, SourceFile, Span
from archspec.diagnostics.fixes import respell
from archspec.syntax import tree
from archspec.syntax.limits import MAX_ALIASED, MAX_DEPTH
from archspec.syntax.yaml_errors import COLON_HEADLINE, QUESTION_HEADLINE, QUESTION_HELP, colon_help, space_after_colon

SPACELESS = r"[A-Za-z_]\w*:[\w.$()+*/ -]+"
"""A key and its value that only a space must part."""


class StopReadingError(Exception):
    """Reading cannot go on; the reason has been reported."""


def report_and_stop(
    code: str,
    headline: str,
    span: Span,
    sink: DiagnosticSink,
    help_: str | None = None,
    fix: Fix = (),
) -> NoReturn:
    """Report a mistake after which the text cannot be read on."""
    sink.report(Diagnostic(code, headline, Label(span), help=help_, fix=fix))
    raise StopReadingError


def span_of(event: events.Event, source: SourceFile) -> Span:
    """The text that an event stands for."""
    start, end = event.start_mark, event.end_mark
    assert start is not None
    assert end is not None
    return Span(source, start.line + 1, start.column + 1, end.line + 1, end.column + 1)


@dataclass
class _Open:
    """A list or mapping whose end has not been read yet. `weight` counts the nodes in it."""

    start: events.CollectionStartEvent
    values: list[tree.Tree] = field(default_factory=list)
    entries: list[tree.Entry] = field(default_factory=list)
    keys: dict[str, Span] = field(default_factory=dict)
    key: tree.Tree | None = None
    weight: int = 1
    broken: bool = False

    @property
    def is_flow_mapping(self) -> bool:
        return isinstance(self.start, events.MappingStartEvent) and bool(self.start.flow_style)


class Composer:
    """Builds the tree event by event. Mutable by design; `root` is there once the document's events are through."""

    def __init__(self, source: SourceFile, sink: DiagnosticSink) -> None:
        self.source = source
        self.sink = sink
        self.root: tree.Tree | None = None
        self._stack: list[_Open] = []
        self._anchors: dict[str, tuple[tree.Tree, int]] = {}
        self._unfinished: set[str] = set()
        self._aliased = 0
        self._documents = 0
        self._unclosed: list[Diagnostic] = []

    def finish(self) -> None:
        """Report what is only worth saying of a text that has been read to its end."""
        for diagnostic in self._unclosed:
            self.sink.report(diagnostic)

    def take(self, event: events.Event) -> None:
        """Go on by one event. Raises `StopReadingError` where the text cannot be read on."""
        if isinstance(event, events.ScalarEvent):
            self._refuse_tag(event)
            self._place(self._scalar(event), event.anchor, 1)
        elif isinstance(event, events.CollectionStartEvent):
            self._open(event)
        elif isinstance(event, events.CollectionEndEvent):
            self._close(event)
        elif isinstance(event, events.AliasEvent):
            self._alias(event)
        elif isinstance(event, events.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                self._stop("E0107", "a spec holds one document, got a second", self._span(event), "remove `---`")

    def _scalar(self, event: events.ScalarEvent) -> tree.Scalar:
        quoted = bool(event.style)  # libyaml says "", the pure-Python parser None, for a plain scalar
        span = self._span(event)
        if not event.value and not quoted:
            return tree.Scalar("", False, self._place_of_nothing(span))
        if "?" in event.value and not quoted and self._stack and self._stack[-1].start.flow_style:
            # libyaml takes it, the pure-Python parser does not.
            place = event.value.index("?")
            self._stop("E0105", QUESTION_HEADLINE, span.part(place, place + 1), QUESTION_HELP)
        return tree.Scalar(event.value, quoted, span)

    def _place_of_nothing(self, span: Span) -> Span:
        """Where a missing value is shown: after the key's colon or the dash; the parsers disagree about it."""
        parent = self._stack[-1] if self._stack else None
        if parent is not None and parent.key is not None:
            return parent.key.span
        line, before = span.line, self.source.line(span.line)[: span.column - 1]
        while line > 1 and not before.split("#")[0].strip():
            line -= 1
            before = self.source.line(line)
        end = len(before.split(" #")[0].rstrip()) or 1
        return Span(self.source, line, end, line, end + 1)

    def _open(self, event: events.CollectionStartEvent) -> None:
        self._refuse_tag(event)
        if len(self._stack) >= MAX_DEPTH:
            self._stop("E0106", f"lists and mappings may be nested {MAX_DEPTH} deep", self._span(event))
        if event.anchor:
            self._unfinished.add(event.anchor)
        self._stack.append(_Open(event))

    def _close(self, event: events.CollectionEndEvent) -> None:
        done = self._stack.pop()
        span = self._span(done.start).to(self._span(event))
        node: tree.Tree
        if done.broken:
            node = tree.Broken(span)
        elif isinstance(done.start, events.SequenceStartEvent):
            node = tree.Sequence(tuple(done.values), span)
        else:
            node = tree.Mapping(tuple(done.entries), span)
        if done.start.anchor:
            self._unfinished.discard(done.start.anchor)
        self._place(node, done.start.anchor, done.weight)

    def _alias(self, event: events.AliasEvent) -> None:
        anchor = event.anchor or ""
        if anchor in self._unfinished:
            self._stop("E0109", f"`*{anchor}` stands inside what it names", self._span(event))
        if anchor not in self._anchors:
            cure = "put text that begins with `*` in quotes"
            self._stop("E0109", f"`*{anchor}` names no anchor above it", self._span(event), cure)
        node, weight = self._anchors[anchor]
        self._aliased += weight
        if self._aliased > MAX_ALIASED:
            self._stop("E0109", f"aliases may add {MAX_ALIASED:,} values to a spec", self._span(event))
        # Shown at its use: the anchor's place would blame a line that may be right.
        self._place(node._replace(span=self._span(event)), None, weight)

    def _place(self, node: tree.Tree, anchor: str | None, weight: int) -> None:
        """Put a finished node where it belongs: into the open list or mapping, or at the root."""
        if anchor:
            self._anchors[anchor] = (node, weight)
        if not self._stack:
            self.root = node
            return
        parent = self._stack[-1]
        parent.weight += weight
        if isinstance(node, tree.Scalar) and "$(" in node.text and not self._is_whole(node):
            parent.broken = True
        if isinstance(parent.start, events.SequenceStartEvent):
            parent.values.append(node)
        elif parent.key is None:
            self._place_key(parent, node)
        else:
            key, parent.key = parent.key, None
            self._place_value(parent, key, node)

    def _place_key(self, parent: _Open, node: tree.Tree) -> None:
        parent.key = node
        if parent.broken:
            return  # after a cut expression what stands at a key's place is the rest of it
        if not isinstance(node, tree.Scalar):
            self._stop("E0110", f"a key must be a word, got {tree.describe(node)}", node.span)
        if node.text == "<<" and not node.quoted:
            cure = "repeat the keys, or use a block"
            self._stop("E0110", "merge keys are not part of the language", node.span, cure)
        after = self.source.line(node.span.end_line)[node.span.end_column - 1 :]
        if parent.is_flow_mapping and not node.quoted and after[:1] == ":" and after[1:2] and after[1] in ",[]{}":
            # The pure-Python parser takes it, libyaml does not.
            colon = Span(
                self.source, node.span.end_line, node.span.end_column, node.span.end_line, node.span.end_column + 1
            )
            report_and_stop("E0105", COLON_HEADLINE, colon, self.sink, colon_help(node.text), space_after_colon(colon))

    def _place_value(self, parent: _Open, key: tree.Tree, node: tree.Tree) -> None:
        if parent.broken or not isinstance(key, tree.Scalar):
            return
        first = parent.keys.setdefault(key.text, key.span)
        if first is not key.span:
            self.sink.report(
                Diagnostic(
                    "E0111",
                    f"the key `{tree.shorten(key.text)}` is written twice",
                    Label(key.span, "again here"),
                    (Label(first, "first here"),),
                    help="remove one of the two",
                )
            )
        elif not self._lacks_space(parent, key, node):
            parent.entries.append(tree.Entry(key, node))

    def _lacks_space(self, parent: _Open, key: tree.Scalar, node: tree.Tree) -> bool:
        """Report E0112 for `{a:1}`, which YAML reads as a key `a:1` without a value."""
        before, colon, after = key.text.partition(":")
        if not (colon and after and isinstance(node, tree.Scalar) and node.is_null and not key.quoted):
            return False
        self.sink.report(
            Diagnostic(
                "E0112",
                f"`{tree.shorten(key.text)}` is one word to YAML",
                Label(key.span),
                help=f"write a space after the colon: `{tree.shorten(before)}: {tree.shorten(after)}`",
                fix=respell(key.span, key.text, f"{before}: {after}" if re.fullmatch(SPACELESS, key.text) else None),
            )
        )
        parent.broken = True
        return True

    def _is_whole(self, node: tree.Scalar) -> bool:
        """Whether every `$(` in a text is closed; reports E0113 where YAML has cut an expression in silence."""
        depth = 0
        for sign in re.sub(r"'[^']*'", "", node.text):
            depth += (sign == "(") - (sign == ")")
        if depth <= 0:
            return True
        following = self.source.line(node.span.end_line)[node.span.end_column - 1 :].lstrip()
        reason = {",": "YAML has cut it at the comma", "#": "YAML takes what follows `#` as a comment"}
        cut = reason.get(following[:1])
        headline = f"the expression `{tree.shorten(node.text)}` is not closed"
        # Imported here: only a mistake needs it.
        from archspec.syntax.expression_cures import is_template, quote_value

        if cut:
            cure = "put the expression in quotes, or give it a name in `let:`"
            fix = quote_value(self.source, node.span.line, node.span.column - 1) if following[:1] == "," else ()
            self.sink.report(Diagnostic("E0113", headline, Label(node.span, cut), help=cure, fix=fix))
        else:
            # YAML may be about to refuse what has cut the expression, and that is the better message.
            closed = f"{node.text})" if node.text.count("(") == 1 and is_template(f"{node.text})") else None
            fix = respell(node.span, node.text, closed)
            self._unclosed.append(Diagnostic("E0113", headline, Label(node.span), help="add `)`", fix=fix))
        return False

    def _refuse_tag(self, event: events.ScalarEvent | events.CollectionStartEvent) -> None:
        if event.tag is not None:
            start = self._span(event)
            mark = start._replace(end_line=start.line, end_column=start.column + 1)
            cure = "remove it, or put text that begins with `!` in quotes"
            self._stop("E0108", "tags are not part of the language", mark, cure)

    def _span(self, event: events.Event) -> Span:
        return span_of(event, self.source)

    def _stop(self, code: str, headline: str, span: Span, help_: str | None = None) -> NoReturn:
        report_and_stop(code, headline, span, self.sink, help_)
