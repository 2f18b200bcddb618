"""A spec's text as a tree and as a document, for tests of the parser."""

from __future__ import annotations

import textwrap

from archspec.diagnostics import Diagnostic, DiagnosticSink, SourceFile
from archspec.syntax import ast
from archspec.syntax.parser import parse
from archspec.syntax.reader import read


def document_and_findings(text: str, name: str = "net.yaml") -> tuple[ast.Document | None, tuple[Diagnostic, ...]]:
    """What the parser makes of a text, and what it reports."""
    sink = DiagnosticSink()
    source = SourceFile(name, textwrap.dedent(text))
    root = read(source, sink)
    return (parse(source, root, sink) if root is not None else None), sink.sorted()


def document(text: str, name: str = "net.yaml") -> ast.Document:
    """The document of a sound text."""
    made, found = document_and_findings(text, name)
    assert made is not None
    assert found == ()
    return made


def item(text: str) -> ast.Item:
    """The one item of a list of layers."""
    (made,) = document(
        f"archspec: 1\ninputs: {{image: [8]}}\nlayers:\n{textwrap.indent(textwrap.dedent(text), '  ')}"
    ).layers
    return made
