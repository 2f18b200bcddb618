"""The network's boundary: its inputs with their shapes, and its outputs with their names."""

from __future__ import annotations

from collections.abc import Mapping

from archspec.diagnostics.suggest import nearest
from archspec.elaboration.context import Context
from archspec.elaboration.field_types import is_known
from archspec.elaboration.references import follow
from archspec.elaboration.scope import Flow, Wire
from archspec.elaboration.wording import show_written
from archspec.ir.graph import Output
from archspec.ir.graph import Value as GraphValue
from archspec.ir.shape import Dim, Shape
from archspec.ir.size import named_size
from archspec.syntax import ast, tree
from archspec.syntax.evaluation import UNKNOWN, Unknown
from archspec.syntax.names import is_name

LARGEST_SIZE = 1 << 20
"""Of one axis of an input."""


def place_inputs(
    document: ast.Document, replaced: Mapping[str, tuple[tree.Tree, Context]], context: Context
) -> dict[str, Wire]:
    """The inputs by name; `replaced` are shapes for some of them, with the places that they are written in.

    Reports E0216 (a size that is none) and E0217 (replacing no input).
    """
    names = [entry.key.text for entry in document.inputs]
    for name, (node, home) in replaced.items():
        if name not in names:
            near = nearest(name, names)
            home.report(
                "E0217", f"there is no input `{name}`", node.span, help_=f"did you mean `{near}`?" if near else None
            )
    wires = {}
    for entry in document.inputs:
        shape = _shape(*replaced.get(entry.key.text, (entry.value, context)))
        wires[entry.key.text] = Wire(GraphValue(entry.key.text) if shape else None, shape)
    return wires


def _shape(node: tree.Tree, context: Context) -> Shape | None:
    """The shape written for an input: sizes, expressions, words and `?`; `None` after an error.

    A word is one size wherever it stands, in this input or another.
    """
    items = node.items if isinstance(node, tree.Sequence) else (node,)
    if not items:
        context.report("E0216", "an input needs at least one size", node.span)
        return None
    dims = [_dim(item, context) for item in items]
    known = tuple(dim for dim in dims if dim is not UNKNOWN)
    return Shape(known) if len(known) == len(dims) else None


def _dim(node: tree.Tree, context: Context) -> Dim | Unknown:
    if isinstance(node, tree.Scalar) and node.text.lower() in ("null", "none"):
        cure = "the batch is never written; an open size is a word such as `height`"
        context.report("E0216", f"`{node.text}` is no size", node.span, help_=cure)
        return UNKNOWN
    if isinstance(node, tree.Scalar) and node.text == "?":
        return None
    if isinstance(node, tree.Scalar) and is_name(node.text):
        return named_size(node.text)
    value = context.value(node, int)
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= LARGEST_SIZE:
        return value
    if is_known(value):
        head = f"a size must be a whole number of 1 to {LARGEST_SIZE:,}, or a word while it is open"
        # As people say it, and as `--input` takes it.
        sizes = node.text.split("x") if isinstance(node, tree.Scalar) else []
        meant = f"[{', '.join(sizes)}]" if len(sizes) > 1 and all(size.isdecimal() for size in sizes) else None
        help_ = f"write `{meant}`" if meant else None
        context.report("E0216", f"{head}, got {show_written(node, value)}", node.span, help_=help_)
    return UNKNOWN


def place_outputs(
    document: ast.Document, references: tuple[tree.Scalar, ...] | None, flow: Flow, context: Context
) -> tuple[Output, ...]:
    """The outputs: those referred to, by the references' text, or what flows at the end, by its nodes' paths.

    Reports E0218 where nothing is computed, and what the references report.
    """
    named: list[tuple[str, Wire]] = []
    if references is not None:
        for reference in references:
            wires = follow(reference, context)
            text = context.word(reference)
            if wires is None or text is None:
                continue
            names = [text] if len(wires) == 1 else [f"{text}/{place}" for place in range(1, len(wires) + 1)]
            named += zip(names, wires, strict=True)
    elif flow is not None:
        named = [(str(wire.source), wire) for wire in flow]
    seen: set[str] = set()
    outputs = []
    for name, wire in named:
        if name not in seen and wire.source is not None and wire.shape is not None:
            outputs.append(Output(name, wire.source, wire.shape, wire.training_only))
        seen.add(name)
    if not document.layers and not context.sink.errors:
        context.report("E0218", "a network must have `layers`", document.span)
    if outputs and all(output.training_only for output in outputs):
        place = references[0].span if references else document.layers[-1].span
        cure = "give the trunk an output, or remove `only: training`"
        context.report("E0312", "every output is there only in training", place, help_=cure)
    return tuple(outputs)
