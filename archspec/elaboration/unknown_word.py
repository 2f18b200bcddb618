"""A word that names nothing: what is said of it, from what is known where it stands."""

from __future__ import annotations

import re

from archspec.diagnostics.fixes import respell
from archspec.diagnostics.suggest import Cure
from archspec.elaboration.context import Context
from archspec.elaboration.modules import standard_words
from archspec.elaboration.scope import Flow
from archspec.elaboration.wording import PLUGIN
from archspec.syntax import ast, tree
from archspec.syntax.items import MODIFIERS

FORMS = ("parallel", "side", "use", "repeat", "for")
"""Words of the language that stand where an op could."""


def report_unknown_word(use: ast.Use, flow: Flow, context: Context) -> None:
    """Report E0305 at the word, with what it most likely stands for."""
    word = use.word.text
    known = [*context.shared, *context.module.blocks, *context.ops.words(), *standard_words(), *FORMS]
    before, colon, after = word.partition(":")
    # Imported here: only a mistake needs it.
    from archspec.elaboration.cures.foreign_words import cure_word

    otherwise = f"`archspec ops` lists the words; your own go under `blocks:`; {PLUGIN}"
    cure = cure_word(word, known, otherwise, _fields_of(use), _axes(flow, context))
    if word in MODIFIERS:
        cure = Cure(f"`{word}` stands beside an op, as `{{relu, {word}: …}}`")
    elif any(word == one.word.text for one in context.module.document.shared):
        cure = Cure("a block sees only its own `shared:`; hand it the layers by a `block` or `layers` parameter")
    elif word.startswith("$"):
        cure = Cure(f"write `use: {word}`")
    elif colon:
        is_meant = before in known and re.fullmatch(r"[\w.$()+*/ -]+", after)
        cure = Cure("write a space after the colon", f"{before}: {after}" if is_meant else None)
    headline = f"`{tree.shorten(word)}` is neither an op nor a block"
    fix = respell(use.word.span, word, cure.instead)
    context.report("E0305", headline, use.word.span, help_=cure.help, fix=fix)


def _fields_of(use: ast.Use) -> list[str]:
    """The names of the fields written for an unknown word; a lone value is its slope, if it has one."""
    if isinstance(use.value, tree.Mapping):
        return [entry.key.text for entry in use.value.entries]
    return ["slope"] if isinstance(use.value, tree.Scalar) else []


def _axes(flow: Flow, context: Context) -> int | None:
    """The axes beside the channels of what flows or, where that is unknown, of all inputs; `None` where they differ."""
    wires = flow if flow is not None else [wire for given in context.inputs.values() for wire in given or ()]
    ranks = {wire.shape.rank if wire.shape else None for wire in wires}
    rank = ranks.pop() if len(ranks) == 1 else None
    return rank - 1 if rank is not None else None
