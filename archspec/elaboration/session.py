"""What the compilations of one run share: the files read, and what their blocks gave.

Whoever compiles many specs makes one session and hands it to each compilation; nothing of it outlives its owner. A file
is known by its name and all of its text, so a file that has changed is another.
"""

from __future__ import annotations

from archspec.diagnostics import DiagnosticSink, SourceFile
from archspec.elaboration.memory import Memory
from archspec.syntax import ast
from archspec.syntax.parser import parse
from archspec.syntax.reader import read

MOST_DOCUMENTS = 256
"""Documents kept, a few hundred kilobytes each at most for what people write; beyond it all are forgotten."""


class Session:
    """The documents and the memory of some compilations. Mutable by design: filled as specs are compiled."""

    def __init__(self) -> None:
        self.memory = Memory(outlives=True)
        self._documents: dict[tuple[str, str, str], ast.Document] = {}

    def document(self, source: SourceFile, sink: DiagnosticSink) -> ast.Document | None:
        """The document of a text, read before or now; kept where there is nothing at all to report of it."""
        key = (source.name, source.text, source.shown)
        if key in self._documents:
            return self._documents[key]
        document = read_document(source, sink)
        # What was reported before this file counts too: after an error some warnings are not given.
        if document is not None and not sink.sorted():
            if len(self._documents) >= MOST_DOCUMENTS:
                self._documents.clear()
            self._documents[key] = document
        return document


def read_document(source: SourceFile, sink: DiagnosticSink) -> ast.Document | None:
    """The document of a text; `None` where none can be read."""
    root = read(source, sink)
    return parse(source, root, sink) if root is not None else None
