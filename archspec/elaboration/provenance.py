"""Where the value of a field comes from: what is written, and, of each name in it, what is written for that in turn.

Takes what was written for one node, remembered by a walk that watched it; evaluates nothing anew that was not bound.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from archspec.diagnostics import Span
from archspec.elaboration.arguments import Argument, Written
from archspec.elaboration.context import Context
from archspec.elaboration.scope import Bindings, Pass
from archspec.syntax import ast, tree
from archspec.syntax.evaluation import Value
from archspec.syntax.written_expressions import names_read

MOST_STEPS = 12
"""Names behind names that are followed: a chain of more tells nobody anything."""


@dataclass(frozen=True, slots=True)
class Step:
    """One name: its value, what is written for it and where, what that is, and the names in it.

    `kind` is one of `written`, `default of the file`, `parameter's default`, `field's default`, `let`, `variant …`,
    `override`, `row`, and of loops `pass N` and the like.
    """

    name: str
    value: Value
    kind: str
    text: str
    place: Span | None
    behind: tuple[Step, ...] = ()


def trace(written: Written, fields: Iterable[tuple[str, Value]]) -> tuple[Step, ...]:
    """For each field of a node, in order, where its value comes from."""
    arguments = {argument.name: argument for argument in written.arguments}
    return tuple(
        _of_argument(arguments[name], value) if name in arguments else Step(name, value, "field's default", "", None)
        for name, value in fields
    )


def _of_argument(argument: Argument, value: Value, depth: int = 0) -> Step:
    kind = _kind(argument)
    if argument.tree is None:
        behind = _of_name("row", argument.context, depth)
        return Step(argument.name, value, "row", _text(argument.span), argument.span, (behind,) if behind else ())
    text = _text(argument.tree.span)
    return Step(argument.name, value, kind, text, argument.span, _behind(argument.tree, argument.context, depth))


def _behind(node: tree.Tree, context: Context, depth: int) -> tuple[Step, ...]:
    """The names that a value reads, each once, in the order of the alphabet."""
    if depth >= MOST_STEPS:
        return ()
    steps = (_of_name(name, context, depth + 1) for name in sorted(names_read([node])))
    return tuple(step for step in steps if step is not None)


def _of_name(name: str, context: Context, depth: int) -> Step | None:
    """What stands behind a name in an expression; `None` for what is bound nowhere here, as a node's name."""
    holder: Bindings | None = context.bindings
    while holder is not None and name not in holder.own():
        holder = holder.parent
    if holder is None:
        return None
    value = context.bindings.get(name)
    assert value is not None
    if holder.passed is not None:
        return _of_pass(name, value, holder.passed, depth)
    if name in holder.arguments:
        return replace(_of_argument(holder.arguments[name], value, depth), name=name)
    home = replace(context, bindings=holder)
    for kind, declared, written in _declarations(home):
        if declared == name:
            behind = _behind(written, home, depth) if written is not None else ()
            span = written.span if written is not None else None
            return Step(name, value, kind, _text(span), span, behind)
    return None


def _of_pass(name: str, value: Value, passed: Pass, depth: int) -> Step:
    """A name that a loop binds: its column, or the row or number of the pass."""
    passes, kind = passed.passes, f"pass {passed.number}"
    column = next((entry for entry in passes.columns if entry.key.text == name), None)
    node = column.value if column is not None else passes.rows or passes.repeats
    if name in ("index", "first", "last") or node is None:
        return Step(name, value, kind, "", None)
    return Step(name, value, kind, _text(node.span), node.span, _behind(node, passed.context, depth))


def _declarations(context: Context) -> Iterable[tuple[str, str, tree.Tree | None]]:
    """The parameters' defaults and the `let`s of the block, or else the file, that the names belong to."""
    holder: ast.Block | ast.Document = context.module.document
    if context.bindings is not context.module.bindings:
        block = context.blocks[-1] if context.blocks else None
        holder = block if isinstance(block, ast.Block) else holder
    for parameter in holder.parameters:
        yield "parameter's default", parameter.name.text, parameter.default or parameter.type
    for entry in holder.let:
        yield "let", entry.key.text, entry.value


def _kind(argument: Argument) -> str:
    """What kind of place an argument is written in."""
    if argument.span.source.name.startswith("--"):
        return "override"
    document = argument.context.module.document
    if any(argument.span == entry.value.span for default in document.defaults for entry in default.fields):
        return "default of the file"
    for variant in document.variants:
        if any(argument.span == entry.value.span for entry in variant.parameters):
            return f"variant `{variant.name.text}`"
    return "written"


def _text(span: Span | None) -> str:
    """What stands there, on one line."""
    return " ".join((span.text or "").split()) if span is not None else ""
