"""The names of lines: reading the one written, and putting it into its scope once."""

from __future__ import annotations

from archspec.diagnostics import Label
from archspec.elaboration.context import Context
from archspec.elaboration.scope import Named
from archspec.syntax import tree
from archspec.syntax.limits import MAX_NAME
from archspec.syntax.parser import NAME


def given_name(name: tree.Scalar | None, context: Context) -> str | None:
    """The name written for a line, its expressions evaluated; `None` for none. Reports E0205 for what is no name."""
    if name is None:
        return None
    text = context.word(name)
    if text is None or (NAME.fullmatch(text) and len(text) <= MAX_NAME):
        return text
    context.report(
        "E0205",
        f"a name is at most {MAX_NAME} letters, digits, `_` and `-`, a letter first, got `{tree.shorten(text)}`",
        name.span,
    )
    return None


def declare(name: str, named: Named, context: Context, *, in_loop: bool = False, is_branch: bool = False) -> None:
    """Put a name into the scope. Reports E0306 where it stands there already."""
    first = context.scope.names.setdefault(name, named)
    if first is named:
        return
    if first.off:
        context.scope.names[name] = named
        return
    cure = "give one of them another name"
    if is_branch:
        cure = "name the join: its branches' paths then begin with its name"
    elif first.span == named.span:
        cure = f"every pass has this name: write `{name}$index`"
    elif first.automatic:
        cure = f"`{name}` is made for an unnamed line: choose another name"
    context.report(
        "E0306",
        f"the name `{name}` is taken in this scope",
        named.span,
        labels=(Label(first.span, "first here"),),
        help_=cure,
    )
