"""A spec's text in its one layout, with nothing else changed: `archspec fmt`.

The rules are `layout`'s. Here is the promise about them: what comes out reads as what went in, comments included, or
nothing comes out. No rule about words, order or quoting may be added; a spec says what its author wrote.
"""

from __future__ import annotations

from collections.abc import Iterable

from archspec.diagnostics import Diagnostic, DiagnosticSink, Label, SourceFile, Span, SpecError
from archspec.syntax import tree
from archspec.syntax.layout import lay_out
from archspec.syntax.lexemes import Kind, Lexeme, lexemes
from archspec.syntax.limits import MAX_BYTES
from archspec.syntax.parser import parse
from archspec.syntax.reader import read


class FormattingError(RuntimeError):
    """The formatter would have changed what a spec says: a mistake of the formatter's own."""


def format_spec(source: SourceFile) -> str:
    """The text of a spec in its one layout. Formatting that again changes nothing.

    Raises `SpecError` where the spec cannot be read (E0101 to E0113), or is not a mapping (E0201).

    >>> print(format_spec(SourceFile("net.yaml", "layers:\\n- conv: { filters: 8,kernel: 3 } #first\\n")), end="")
    layers:
      - conv: {filters: 8, kernel: 3} # first
    """
    before = _read(source)
    written = "\n".join(source.lines)
    found = list(lexemes(written if written.endswith("\n") else written + "\n"))
    text = lay_out(found)
    formatted = SourceFile(source.name, text)
    _check_size(formatted)
    sink = DiagnosticSink()
    after = read(formatted, sink)
    if after is None or sink.errors or _flat(after) != _flat(before) or _comments(lexemes(text)) != _comments(found):
        raise FormattingError(f"the formatted text of {source.name} does not say the same")
    return text


def _read(source: SourceFile) -> tree.Tree:
    sink = DiagnosticSink()
    root = read(source, sink)
    if root is not None and not isinstance(root, tree.Mapping):
        parse(source, root, sink)  # which says what a spec must be
    if root is None or sink.errors:
        raise SpecError(sink.sorted())
    return root


def _check_size(formatted: SourceFile) -> None:
    """Refuse a text that has grown too large to be read again."""
    size = len(formatted.text.encode())
    if size > MAX_BYTES:
        place = Label(Span(formatted, 1, 1, 1, 1))
        headline = f"a spec may have {MAX_BYTES:,} bytes, and formatted this one has {size:,}"
        raise SpecError((Diagnostic("E0101", headline, place),))


def _flat(root: tree.Tree) -> list[tuple[object, ...]]:
    """What a tree says, without its places, in one list."""
    found: list[tuple[object, ...]] = []
    stack = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, tree.Scalar):
            found.append((node.text, node.quoted))
        elif isinstance(node, tree.Sequence):
            found.append((len(node.items), tree.Sequence))
            stack.extend(node.items)
        elif isinstance(node, tree.Mapping):
            found.append((len(node.entries), tree.Mapping))
            stack.extend(part for entry in node.entries for part in entry)
    return found


def _comments(found: Iterable[Lexeme]) -> list[list[str]]:
    """The words of each comment."""
    return [lexeme.text.replace("#", "# ").split() for lexeme in found if lexeme.kind is Kind.COMMENT]
