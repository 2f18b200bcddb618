"""YAML text to a positioned tree, by our own composer over PyYAML's event stream.

Never `load` or `compose`: both recurse in C and a file of 100 KB can kill the process. Bounds are enforced as events
arrive. libyaml's parser is used where PyYAML has it; the pure-Python one gives the same diagnostics.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import yaml
from yaml import events

from archspec.diagnostics import Diagnostic, DiagnosticSink, Edit, Label, SourceFile, Span
from archspec.syntax import tree
from archspec.syntax.composer import Composer, StopReadingError, report_and_stop, span_of
from archspec.syntax.limits import MAX_BYTES, MAX_EVENTS
from archspec.syntax.yaml_errors import UNEXPECTED_COLON, explain_yaml_error

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

UNREADABLE = re.compile(
    "[^\n\r\x20-\x7e\xa1-\u1fff\u200b-\u2027\u202a-\u202e\u2030-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
"""Characters that YAML calls non-printable, or that its parsers treat differently: tabs, byte order marks, and the
line ends of Unicode, at which no editor ends a line; and spaces that look like a space and are none to YAML."""

COMMENT = re.compile(r"(^|\s)#")

REREAD = 1 << 16
"""Characters up to which a text that libyaml refuses is read again for the pure-Python parser's words; the larger
ones, for which this would take seconds, keep libyaml's."""


def decode(name: str, data: bytes, sink: DiagnosticSink) -> SourceFile:
    """The bytes of a file as text. Reports E0101 (too large) and E0102 (not UTF-8), and then gives an empty text."""
    if len(data) > MAX_BYTES:
        sink.report(Diagnostic("E0101", f"a spec may have {MAX_BYTES:,} bytes", _start(SourceFile(name, ""))))
        return SourceFile(name, "")
    try:
        return SourceFile(name, data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        readable = SourceFile(name, data[: error.start].decode("utf-8-sig", "replace"))
        line, column = len(readable.lines), len(readable.lines[-1]) + 1
        sink.report(
            Diagnostic(
                "E0102",
                f"a spec must be UTF-8 text, got the byte {data[error.start]:#04x}",
                Label(Span(readable, line, column, line, column + 1), "after this"),
                help="save the file as UTF-8",
            )
        )
        return SourceFile(name, "")


def read(source: SourceFile, sink: DiagnosticSink) -> tree.Tree | None:
    """The one document in `source`, or `None` where it cannot be read.

    Reports E0101 to E0113. Example: `a: [1, x]` gives a mapping of `a` to a list of the texts `1` and `x`.
    """
    composer = Composer(source, sink)
    try:
        _check_characters(source, sink)
        _refuse_directive(source, sink)
        for event in _arriving(source, sink):
            composer.take(event)
        composer.finish()
    except StopReadingError:
        return None
    if composer.root is None and not sink.errors:
        sink.report(Diagnostic("E0104", "a spec must hold a mapping, got an empty file", _start(source)))
    return composer.root


def _check_characters(source: SourceFile, sink: DiagnosticSink) -> None:
    """Report E0103 for the first character that cannot stand in a spec; a tab may stand in a comment."""
    for number, line in enumerate(source.lines, start=1):
        for found in UNREADABLE.finditer(line):
            span = Span(source, number, found.start() + 1, number, found.start() + 2)
            if found.group() != "\t":
                headline = f"the character U+{ord(found.group()):04X} cannot stand here"
                if found.group().isspace():
                    fix, cure = (Edit(span, " "),), "put a plain space there"
                else:
                    fix, cure = (Edit(_unseen_from(span), ""),), "remove it; most editors do not show it"
                report_and_stop("E0103", headline, span, sink, cure, fix)
            if not COMMENT.search(line[: found.start()]):
                report_and_stop("E0103", "a tab cannot stand in a spec", span, sink, "use spaces")


def _unseen_from(span: Span) -> Span:
    """A character with those after it that cannot stand there either."""
    end = span.end_column
    line = span.source.line(span.line)
    while UNREADABLE.match(line, end - 1) and not line[end - 1].isspace():
        end += 1
    return span._replace(end_column=end)


def _refuse_directive(source: SourceFile, sink: DiagnosticSink) -> None:
    """Report E0108 for `%YAML` and its like, on which the two parsers do not agree."""
    for number, line in enumerate(source.lines, start=1):
        if line.startswith("%"):
            span = Span(source, number, 1, number, len(line) + 1)
            fix = (Edit(Span(source, number, 1, number + 1, 1), ""),) if number < len(source.lines) else ()
            report_and_stop("E0108", "directives are not part of the language", span, sink, "remove the line", fix)
        if line.strip() and not line.lstrip().startswith("#"):
            return


def _arriving(source: SourceFile, sink: DiagnosticSink) -> Iterator[events.Event]:
    """The events of the text; a YAML error is reported as E0105."""
    # Closed with a line end, so that both parsers see the end of the text at one place.
    text = source.text if source.text.endswith("\n") else source.text + "\n"
    try:
        for count, event in enumerate(yaml.parse(text, Loader=LOADER)):
            if count > MAX_EVENTS:
                report_and_stop("E0101", f"a spec may have {MAX_EVENTS:,} YAML events", span_of(event, source), sink)
            yield event
    except yaml.MarkedYAMLError as error:
        sink.report(explain_yaml_error(source, _in_one_wording(text, error)))
        raise StopReadingError from None
    except yaml.YAMLError as error:
        report_and_stop("E0105", f"this is not YAML: {tree.shorten(str(error), 100)}", _start(source).span, sink)


def _in_one_wording(text: str, error: yaml.MarkedYAMLError) -> yaml.MarkedYAMLError:
    """What the pure-Python parser says about a text that libyaml refuses, so that messages do not depend on libyaml."""
    if LOADER is yaml.SafeLoader or len(text) > REREAD or UNEXPECTED_COLON in (error.problem or ""):
        return error
    try:
        for _ in yaml.parse(text, Loader=yaml.SafeLoader):
            pass
    except yaml.MarkedYAMLError as own:
        return own
    return error


def _start(source: SourceFile) -> Label:
    return Label(Span(source, 1, 1, 1, 1))
