"""The names of lines: reading the one written, and putting it into its scope once."""

from __future__ import annotations

from archspec.diagnostics import Label
from archspec.elaboration.context import Context
from archspec.elaboration.scope import Named
from archspec.syntax import tree
from archspec.syntax.names import is_name, name_rule


def given_name(name: tree.Scalar | None, context: Context) -> str | None:
    """The name written for a line, its expressions evaluated; `None` for none. Reports E0205 for what is no name."""
    if name is None:
        return None
    text = context.word(name)
    if text is not None and not is_name(text):
        context.report("E0205", name_rule(text), name.span)
        text = None
    elif text == "in":
        context.report("E0205", "`in` is a block's input, and no line can have its name", name.span)
        text = None
    if text is None:
        context.scope.hides_names = True
    return text


def declare(name: str, named: Named, context: Context, *, is_branch: bool = False) -> None:
    """Put a name into the scope. Reports E0306 where it stands there already, or is that of shared layers in sight."""
    layers = context.shared.get(name)
    if layers is not None and layers.path == context.scope.join(name):
        context.report(
            "E0306",
            f"`{name}` is the name of shared layers, whose weights have this path",
            named.span,
            labels=(Label(layers.declaration.word.span, "the shared layers"),),
            help_="give the line another name",
        )
    first = context.scope.names.setdefault(name, named)
    if first is named:
        return
    if first.off:
        context.scope.names[name] = named
        return
    again = first.span == named.span
    cure = "give one of them another name"
    if is_branch:
        cure = f"name the join{' with `$index` in it' if again else ''}: its branches' paths then begin with its name"
    elif again:
        cure = f"every pass has this name: write `{name}$index`"
    elif named.automatic:
        cure = "such names are made for unnamed lines: choose another, or name this line too"
    context.report(
        "E0306",
        f"the name `{name}` is taken in this scope",
        named.span,
        labels=() if again else (Label(first.span, "first here"),),
        help_=cure,
    )
