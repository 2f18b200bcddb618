"""YAML text to a positioned tree, by our own composer over PyYAML's event stream.

Never `load` or `compose`: both recurse in C and a file of 100 KB can kill the process. Bounds are enforced as events
arrive. What YAML would do in silence is an error here: a repeated key, a tag, a second document, an expression cut at
a comma. libyaml's parser is used where PyYAML has it; the pure-Python one gives the same diagnostics.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NoReturn

import yaml
from yaml import events

from archspec.diagnostics import Diagnostic, DiagnosticSink, Label, SourceFile, Span
from archspec.syntax import tree
from archspec.syntax.limits import MAX_ALIASED, MAX_BYTES, MAX_DEPTH, MAX_EVENTS
from archspec.syntax.yaml_errors import explain_yaml_error

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

# The characters YAML calls non-printable, and the tab: one parser takes a tab where the other refuses it.
UNREADABLE = re.compile("[^\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class _StopReading(Exception):  # noqa: N818 - no error: the way out of the event loop
    """Reading cannot go on; the reason has been reported."""


def decode(name: str, data: bytes, sink: DiagnosticSink) -> SourceFile:
    """The bytes of a file as text. Reports E0101 (too large) and E0102 (not UTF-8), and then gives an empty text."""
    if len(data) > MAX_BYTES:
        sink.report(
            Diagnostic("E0101", f"a spec may have {MAX_BYTES:,} bytes, got {len(data):,}", _start(SourceFile(name, "")))
        )
        return SourceFile(name, "")
    try:
        return SourceFile(name, data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        readable = SourceFile(name, data[: error.start].decode("utf-8-sig", "replace"))
        span = Span(
            readable, len(readable.lines), len(readable.lines[-1]) + 1, len(readable.lines), len(readable.lines[-1]) + 2
        )
        sink.report(
            Diagnostic("E0102", f"a spec must be UTF-8 text, got the byte {data[error.start]:#04x}", Label(span))
        )
        return SourceFile(name, "")


def read(source: SourceFile, sink: DiagnosticSink) -> tree.Tree | None:
    """The one document in `source`, or `None` where it cannot be read.

    Reports E0101 to E0113. Example: `a: [1, x]` gives a mapping of `a` to a list of the texts `1` and `x`.
    """
    composer = _Composer(source, sink)
    try:
        composer.check_characters()
        for event in composer.arriving():
            composer.take(event)
    except _StopReading:
        return None
    if composer.root is None and not sink.errors:
        sink.report(Diagnostic("E0104", "a spec must hold a mapping, got an empty file", _start(source)))
    return composer.root


@dataclass
class _Open:
    """A list or mapping whose end has not been read yet. `weight` counts the nodes in it."""

    start: events.CollectionStartEvent
    values: list[tree.Tree] = field(default_factory=list)
    entries: list[tree.Entry] = field(default_factory=list)
    keys: dict[str, Span] = field(default_factory=dict)
    key: tree.Scalar | None = None
    weight: int = 1
    broken: bool = False


class _Composer:
    """Builds the tree from events on a stack of its own, since Python's is too short for a hostile file."""

    def __init__(self, source: SourceFile, sink: DiagnosticSink) -> None:
        self.source = source
        self.sink = sink
        self.root: tree.Tree | None = None
        self.stack: list[_Open] = []
        self.anchors: dict[str, tuple[tree.Tree, int]] = {}
        self.unfinished: set[str] = set()
        self.aliased = 0
        self.documents = 0

    def check_characters(self) -> None:
        """Report E0103 for the first character that no YAML text holds, or a tab outside a comment."""
        for number, line in enumerate(self.source.lines, start=1):
            found = UNREADABLE.search(line)
            if not found or "#" in line[: found.start()]:
                continue
            span = Span(self.source, number, found.start() + 1, number, found.start() + 2)
            if found.group() == "\t":
                self.stop("E0103", "a tab cannot stand in a spec", span, help_="use spaces")
            self.stop("E0103", f"the character U+{ord(found.group()):04X} cannot stand in a spec", span)

    def arriving(self) -> Iterator[events.Event]:
        """The events of the text; a YAML error is reported as E0105."""
        try:
            for count, event in enumerate(yaml.parse(self.source.text, Loader=LOADER)):
                if count > MAX_EVENTS:
                    self.stop("E0101", f"a spec may have {MAX_EVENTS:,} YAML events", self.span(event))
                yield event
        except yaml.MarkedYAMLError as error:
            self.sink.report(explain_yaml_error(self.source, error))
            raise _StopReading from None
        except yaml.YAMLError as error:
            self.stop("E0105", f"this is not YAML: {tree.shorten(str(error), 100)}", _start(self.source).span)

    def take(self, event: events.Event) -> None:
        """Go on by one event."""
        if isinstance(event, events.ScalarEvent):
            self.refuse_tag(event)
            quoted = bool(event.style)  # libyaml says "", the pure-Python parser None, for a plain scalar
            self.place(tree.Scalar(event.value, quoted, self.span(event)), event.anchor, 1)
        elif isinstance(event, events.CollectionStartEvent):
            self.open(event)
        elif isinstance(event, events.CollectionEndEvent):
            self.close(event)
        elif isinstance(event, events.AliasEvent):
            self.alias(event)
        elif isinstance(event, events.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                self.stop("E0107", "a spec holds one document, got a second", self.span(event), help_="remove `---`")

    def open(self, event: events.CollectionStartEvent) -> None:
        self.refuse_tag(event)
        if len(self.stack) >= MAX_DEPTH:
            self.stop("E0106", f"lists and mappings may be nested {MAX_DEPTH} deep", self.span(event))
        if event.anchor:
            self.unfinished.add(event.anchor)
        self.stack.append(_Open(event))

    def close(self, event: events.CollectionEndEvent) -> None:
        done = self.stack.pop()
        span = self.span(done.start).to(self.span(event))
        node: tree.Tree
        if done.broken:
            node = tree.Broken(span)
        elif isinstance(done.start, events.SequenceStartEvent):
            node = tree.Sequence(tuple(done.values), span)
        else:
            node = tree.Mapping(tuple(done.entries), span)
        if done.start.anchor:
            self.unfinished.discard(done.start.anchor)
        self.place(node, done.start.anchor, done.weight)

    def alias(self, event: events.AliasEvent) -> None:
        anchor = event.anchor or ""
        if anchor in self.unfinished:
            self.stop("E0109", f"`*{anchor}` stands inside what it names", self.span(event))
        if anchor not in self.anchors:
            self.stop("E0109", f"`*{anchor}` names no anchor above it", self.span(event))
        node, weight = self.anchors[anchor]
        self.aliased += weight
        if self.aliased > MAX_ALIASED:
            self.stop("E0109", f"aliases may add {MAX_ALIASED:,} values to a spec", self.span(event))
        # Shown at its use: the anchor's place would blame a line that may be right.
        self.place(node._replace(span=self.span(event)), None, weight)

    def place(self, node: tree.Tree, anchor: str | None, weight: int) -> None:
        """Put a finished node where it belongs: into the open list or mapping, or at the root."""
        if anchor:
            self.anchors[anchor] = (node, weight)
        if not self.stack:
            self.root = node
            return
        parent = self.stack[-1]
        parent.weight += weight
        if isinstance(node, tree.Scalar) and "$(" in node.text and not self.is_whole(node):
            parent.broken = True
        elif isinstance(parent.start, events.SequenceStartEvent):
            parent.values.append(node)
        elif parent.key is None:
            self.place_key(parent, node)
        else:
            self.place_value(parent, parent.key, node)

    def place_key(self, parent: _Open, node: tree.Tree) -> None:
        if not isinstance(node, tree.Scalar):
            self.stop("E0110", f"a key must be a word, got {tree.describe(node)}", node.span)
        if node.text == "<<" and not node.quoted:
            self.stop(
                "E0110", "merge keys are not part of the language", node.span, help_="repeat the keys, or use a block"
            )
        parent.key = node

    def place_value(self, parent: _Open, key: tree.Scalar, node: tree.Tree) -> None:
        parent.key = None
        if parent.broken:
            return
        first = parent.keys.setdefault(key.text, key.span)
        if first is not key.span:
            self.sink.report(
                Diagnostic(
                    "E0111",
                    f"the key `{key.text}` is written twice",
                    Label(key.span, "again here"),
                    (Label(first, "first here"),),
                )
            )
        elif not self.lacks_space(parent, key, node):
            parent.entries.append(tree.Entry(key, node))

    def lacks_space(self, parent: _Open, key: tree.Scalar, node: tree.Tree) -> bool:
        """Report E0112 for `{a:1}`, which YAML reads as a key `a:1` without a value."""
        before, colon, after = key.text.partition(":")
        if not (colon and after and isinstance(node, tree.Scalar) and node.is_null and not key.quoted):
            return False
        self.sink.report(
            Diagnostic(
                "E0112",
                f"`{key.text}` is one word to YAML",
                Label(key.span),
                help=f"write a space after the colon: `{before}: {after}`",
            )
        )
        parent.broken = True
        return True

    def is_whole(self, node: tree.Scalar) -> bool:
        """Whether every `$(` in a text is closed; reports E0113 where YAML has cut an expression in silence."""
        depth = 0
        for sign in re.sub(r"'[^']*'", "", node.text):
            depth += (sign == "(") - (sign == ")")
        if depth <= 0:
            return True
        following = self.source.line(node.span.end_line)[node.span.end_column - 1 :].lstrip()
        reason = {",": "YAML has cut it at the comma", "#": "YAML takes what follows `#` as a comment"}
        self.sink.report(
            Diagnostic(
                "E0113",
                f"the expression `{tree.shorten(node.text)}` is not closed",
                Label(node.span, reason.get(following[:1], "")),
                help="put the expression in quotes, or give it a name in `let:`",
            )
        )
        return False

    def refuse_tag(self, event: events.ScalarEvent | events.CollectionStartEvent) -> None:
        if event.tag is not None:
            self.stop("E0108", f"tags are not part of the language, got `{tree.shorten(event.tag)}`", self.span(event))

    def span(self, event: events.Event) -> Span:
        start, end = event.start_mark, event.end_mark
        assert start is not None
        assert end is not None
        return Span(self.source, start.line + 1, start.column + 1, end.line + 1, end.column + 1)

    def stop(self, code: str, headline: str, span: Span, help_: str | None = None) -> NoReturn:
        self.sink.report(Diagnostic(code, headline, Label(span), help=help_))
        raise _StopReading


def _start(source: SourceFile) -> Label:
    return Label(Span(source, 1, 1, 1, 1))
