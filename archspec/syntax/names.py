"""What can be a name: of a node, a block, a parameter, a loop's column."""

from __future__ import annotations

import re

from archspec.diagnostics import Diagnostic, DiagnosticSink, Label
from archspec.syntax import tree
from archspec.syntax.expressions import FUNCTIONS, KEYWORDS
from archspec.syntax.limits import MAX_NAME

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
VARIABLE = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
BOUND_BY_LOOPS = ("index", "first", "last", "row")


def is_name(text: str) -> bool:
    """Whether a text can name a node.

    >>> is_name("conv1_2"), is_name("2nd"), is_name("a/b")
    (True, False, False)
    """
    return len(text) <= MAX_NAME and NAME.fullmatch(text) is not None


def name_rule(text: str) -> str:
    """The rule for names, and the text that breaks it."""
    rule = f"a name is at most {MAX_NAME} letters, digits, `_` and `-`, a letter first"
    return f"{rule}, got `{tree.shorten(text)}`" if text else f"{rule}, got nothing"


def check_name(name: tree.Scalar, sink: DiagnosticSink) -> tree.Scalar:
    """The scalar, with E0205 reported where it cannot name a node, a block or a variant."""
    if not is_name(name.text):
        sink.report(Diagnostic("E0205", name_rule(name.text), Label(name.span)))
    return name


def check_variable(name: tree.Scalar, sink: DiagnosticSink, *, column: bool = False) -> tree.Scalar:
    """The scalar, with E0205 reported where no expression can read it; `column` for one of a loop's."""
    if not is_name(name.text):
        return check_name(name, sink)
    reason = None
    if not VARIABLE.fullmatch(name.text):
        reason = "a name that expressions read has no `-`, which they take as minus"
    elif name.text in (*KEYWORDS, *FUNCTIONS, "in"):
        reason = "this word has a meaning of its own in expressions"
    elif column and name.text in BOUND_BY_LOOPS:
        reason = "every loop binds this word itself"
    if reason:
        sink.report(Diagnostic("E0205", f"{reason}, got `{name.text}`", Label(name.span), help="choose another name"))
    return name
