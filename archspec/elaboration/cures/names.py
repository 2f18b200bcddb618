"""What a name stands for that names nothing where it is written: a parameter, a node, a step inside one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archspec.diagnostics import Fix
from archspec.diagnostics.fixes import respell
from archspec.diagnostics.suggest import Cure, did_you_mean
from archspec.syntax import tree

if TYPE_CHECKING:
    from archspec.elaboration.context import Context

MOST_NAMES = 12
"""Names that a message lists."""

NO_INPUT = Cure("`in` is the input of a block; write the name of a node or of the network's input")


def cure_unbound(name: str, context: Context) -> Cure:
    """For a name in an expression that nothing binds."""
    if context.scope.find(name) or name in context.inputs:
        return Cure(f"`{name}` is a node: its channels are `{name}.channels`")
    if context.blocks and context.module.bindings.get(name) is not None:
        return Cure(f"a block sees only its own: declare `{name}` under its `parameters`, and pass it at the use")
    return did_you_mean(name, context.bindings.names(), "declare it under `parameters:` or `let:`")


def cure_channels(name: str, context: Context) -> Cure:
    """For the node before `.channels`."""
    if name == "in" and not context.blocks:
        return NO_INPUT
    cure = did_you_mean(name, [*context.inputs, *context.scope.visible()])
    return cure._replace(instead=f"{cure.instead}.channels" if cure.instead else None)


def cure_reference(name: str, context: Context) -> Cure:
    """For the first step of a reference."""
    if name.lstrip("-").isdigit():
        return Cure("lines are referred to by name: give that line a `name:`")
    if name == "in" and not context.blocks:
        return NO_INPUT
    if name in context.shared:
        return Cure(f"`{name}` is shared layers, used as `- {name}`: give a line that uses them a `name:`")
    if inside := context.scope.holders(name):
        within = f"{inside[0]}/{name}"
        return Cure(f"it stands inside `{inside[0]}`: write `{within}`", within if len(inside) == 1 else None)
    visible = [*context.inputs, *context.scope.visible()]
    return did_you_mean(name, visible, "a line is referred to by its `name:`, and stands above")


def cure_step(before: str, step: str, visible: list[str], values: int) -> Cure:
    """For a later step of a reference: `visible` are the names there, `values` how many values it has."""
    cure = did_you_mean(step, visible)
    if cure.near:
        return Cure(f"did you mean `{before}{cure.near}`?", cure.instead)
    if visible:
        return Cure("it has " + ", ".join(f"`{name}`" for name in visible[:MOST_NAMES]))
    if values > 1:
        return Cure(f"its values are `{before}1` to `{before}{values}`")
    return Cure("only what a block declares in `outputs` can be seen from outside")


def respell_step(reference: tree.Scalar, before: str, step: str, instead: str | None) -> Fix:
    """The fix that writes another step in a reference, after the text before it; none in one that is computed."""
    if "$" in reference.text:
        return ()
    return respell(reference.part(len(before), len(before) + len(step)), step, instead)
