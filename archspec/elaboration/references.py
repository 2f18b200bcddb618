"""References to nodes: what `name ( / name | / place )*` stands for, seen from a line."""

from __future__ import annotations

from archspec.diagnostics import Label
from archspec.elaboration.context import REMOVED, Context, is_own
from archspec.elaboration.cures.names import cure_reference, cure_step, respell_step
from archspec.elaboration.scope import Flow, Named
from archspec.syntax import tree
from archspec.syntax.limits import MAX_DIGITS


def follow_all(references: tuple[tree.Scalar, ...], context: Context) -> Flow:
    """What the references name, in order; a reference to several values stands for all of them."""
    flows = [follow(reference, context) for reference in references]
    return None if None in flows or not flows else tuple(wire for flow in flows if flow is not None for wire in flow)


def follow(reference: tree.Scalar, context: Context) -> Flow:
    """The values of `name ( / name | / place )*`. Reports E0301 to E0304 and then gives `None`."""
    text = context.word(reference)
    if text is None:
        return None
    first, *rest = text.split("/")
    named = context.scope.find(first)
    if named is None and first in context.inputs:
        named = Named(context.inputs[first], reference.span)
    if named is None:
        if not context.scope.may_hold(first):
            _report_unknown(first, reference, context)
        return None
    return _step_from(named, first, rest, reference, context)


def _step_from(named: Named, path: str, rest: list[str], reference: tree.Scalar, context: Context) -> Flow:
    if named.off == REMOVED:
        _report_removed(named, path, reference, context)
        return None
    if named.off:
        context.report(
            "E0303",
            f"`{path}` is off: {named.off}",
            reference.span,
            labels=(Label(named.span, "this line is not there"),),
        )
        return None
    if named.automatic:
        context.report(
            "E0302",
            f"only written names can be referred to, and `{path}` is made from the line's place",
            reference.span,
            labels=(Label(named.span, "this line"),),
            help_="give that line a `name:`",
        )
        return None
    if not rest:
        return named.flow
    step, *beyond = rest
    path = f"{path}/{step}"
    if step.isascii() and step.isdigit() and len(step) <= MAX_DIGITS:
        return _place(named.flow, int(step), path, reference, context)
    if step in named.outputs:
        return _step_from(Named(named.outputs[step], named.span), path, beyond, reference, context)
    if named.inner is not None and step in named.inner.names:
        return _step_from(named.inner.names[step], path, beyond, reference, context)
    written_names = [name for name, one in named.inner.names.items() if not one.automatic] if named.inner else []
    visible = [*named.outputs, *written_names]
    hidden = named.inner.hides_names if named.inner else named.flow is None
    if hidden and not named.outputs:
        return None
    before = path.removesuffix(step)
    cure = cure_step(before, step, visible, len(named.flow or ()))
    fix = respell_step(reference, before, step, cure.instead)
    context.report("E0301", f"`{path}` is not in sight", reference.span, help_=cure.help, fix=fix)
    return None


def _report_removed(named: Named, path: str, reference: tree.Scalar, context: Context) -> None:
    """Report at the patch: the line that refers to what it removes is sound without it."""
    own = is_own(reference.span)
    context.report(
        "E0303",
        f"`{path}` is referred to, and {named.off}",
        named.span,
        labels=(Label(reference.span, "referred to here"),) if own else (),
        notes=() if own else (f"it is referred to at {reference.span}",),
        help_="what refers to it must be patched too, or `outputs:` stated anew",
    )


def _place(flow: Flow, place: int, path: str, reference: tree.Scalar, context: Context) -> Flow:
    if flow is None:
        return None
    if 1 <= place <= len(flow):
        return (flow[place - 1],)
    cure = "counting is from 1" if place == 0 else None
    context.report(
        "E0304",
        f"`{path.rpartition('/')[0]}` has the places 1 to {len(flow)}, got `{path}`",
        reference.span,
        help_=cure,
    )
    return None


def _report_unknown(name: str, reference: tree.Scalar, context: Context) -> None:
    cure = cure_reference(name, context)
    fix = respell_step(reference, "", name, cure.instead)
    headline = f"no node `{tree.shorten(name)}` stands above this line"
    context.report("E0301", headline, reference.span, help_=cure.help, fix=fix)
