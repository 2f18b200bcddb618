"""A layer written at the end of a join's branch.

Loaded only where a join's branches do not fit.
"""

from __future__ import annotations

from archspec.diagnostics import Edit, Fix, Span
from archspec.elaboration.context import Context
from archspec.syntax import tree


def lengthen(branch: tree.Tree | None, layer: str, context: Context) -> Fix:
    """The fix that adds a layer to a branch that is a list; none where the line is placed more than once.

    In a block, a loop and a file with parameters the numbers of one pass are not those of all.
    """
    module = context.module
    is_once = context.use is None and context.bindings is module.bindings and not module.document.parameters
    if not is_once or not isinstance(branch, tree.Sequence) or layer.partition(":")[0] in module.blocks:
        return ()
    text = branch.span.text
    if text is not None and text.startswith("["):
        return _in_brackets(branch.span, text, layer)
    return _on_its_own_line(branch.span, layer)


def _in_brackets(span: Span, text: str, layer: str) -> Fix:
    inside = text[:-1].rstrip()
    if not text.endswith("]") or inside.endswith(","):
        return ()
    place = span.column + len(inside)
    comma = "" if inside == "[" else ", "
    return (Edit(Span(span.source, span.line, place, span.line, span.column + len(text) - 1), f"{comma}{layer}"),)


def _on_its_own_line(span: Span, layer: str) -> Fix:
    """Below the last line of a list of lines; the list itself ends only where what follows it begins."""
    if not span.source.line(span.line).startswith("- ", span.column - 1):
        return ()
    last = span.end_line - 1
    while last > span.line and not span.source.line(last).partition("#")[0].strip():
        last -= 1
    column = len(span.source.line(last)) + 1
    return (Edit(Span(span.source, last, column, last, column), "\n" + " " * (span.column - 1) + f"- {layer}"),)
