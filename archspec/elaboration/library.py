"""A library, a file of blocks without a network: checked as far as this can be done where nothing uses them.

Each body is walked with its parameters and what flows in unknown, as after a mistake: words, fields, plain values and
names are checked, and no shape is inferred.
"""

from __future__ import annotations

from dataclasses import replace

from archspec.elaboration.context import Context
from archspec.elaboration.parameters import default_value
from archspec.elaboration.placement import NodeList, TooMuchError
from archspec.elaboration.scope import Bindings, Flow, Named, Scope
from archspec.elaboration.templates import place_body
from archspec.elaboration.unused import check_defaults
from archspec.elaboration.walk import Walk
from archspec.syntax import ast
from archspec.syntax.evaluation import UNKNOWN


def check_library(own: Context) -> None:
    """Check a library's blocks, each by itself, and its defaults. Reports what `elaborate` does, but for inference."""
    try:
        for block in own.module.document.blocks:
            _check(block, own)
    except TooMuchError:
        return
    check_defaults(own.module, own)


def _check(block: ast.Block, own: Context) -> None:
    bindings = Bindings()
    for parameter in block.parameters:
        bindings.set(parameter.name.text, UNKNOWN)
    for parameter in block.parameters:
        default_value(parameter, replace(own, bindings=bindings))
    scope = Scope(block.name.text, None)
    inputs: dict[str, Flow] = dict.fromkeys(name.text for name in block.inputs or ()) if block.inputs else {"in": None}
    for name in block.inputs or ():
        scope.names[name.text] = Named(None, name.span)
    body = replace(own, scope=scope, bindings=bindings, inputs=inputs, blocks=(block,))
    place_body(block, None, body, Walk(NodeList()).items)
