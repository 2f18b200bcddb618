"""The language's version, which every spec states."""

from __future__ import annotations

import re
from collections.abc import Sequence

from archspec.diagnostics import Diagnostic, DiagnosticSink, Edit, Fix, Label, Span
from archspec.diagnostics.fixes import respell
from archspec.diagnostics.suggest import certain
from archspec.syntax import tree
from archspec.syntax.migration import STEPS, Step, migrate

VERSION = 1 + len(STEPS)

STATED = f"archspec: {VERSION}"

NUMBER = re.compile(r"v?([0-9]{1,4})(\.0+)*")


def check_version(root: tree.Mapping, sink: DiagnosticSink, steps: Sequence[Step] = STEPS) -> bool:
    """Whether a spec can be read as one of the present version. Reports E0204 where it states none or another.

    An older spec is not read on: what has changed since would be reported as its mistakes.
    """
    present = 1 + len(steps)
    version = root.get("archspec")
    if version is None:
        span = root.entries[0].key.span if root.entries else root.span
        headline = "a spec must state its language version"
        cure, fix = f"begin the file with `{STATED}`", _first_line(root)
        if renamed := _stated_as_version(root):
            cure, fix = "the key is `archspec`", renamed
        sink.report(Diagnostic("E0204", headline, Label(span), help=cure, fix=fix))
    elif not isinstance(version, tree.Scalar):
        sink.report(Diagnostic("E0204", _refusal(present, version), Label(version.span)))
    elif version.text != str(present):
        return _check_other(version, root, sink, present, steps)
    return True


def _check_other(
    version: tree.Scalar, root: tree.Mapping, sink: DiagnosticSink, present: int, steps: Sequence[Step]
) -> bool:
    """Report a version that is not the present one; whether the spec can be read on."""
    help_, fix = None, Fix()
    meant = NUMBER.fullmatch(version.text)
    number = int(meant.group(1)) if meant else 0
    is_older = version.text == str(number) and 1 <= number < present
    if is_older:
        changes = "; ".join(step.about for step in steps[number - 1 :])
        help_ = f"`archspec check --fix` brings the file to version {present}: {changes}"
        fix = migrate(root, number, steps)
    elif 1 <= number <= present:
        help_, fix = f"write `archspec: {number}`", respell(version.span, version.text, str(number))
    elif number > present:
        help_ = "a later archspec reads it"
    sink.report(Diagnostic("E0204", _refusal(present, version), Label(version.span), help=help_, fix=fix))
    return not is_older


def _refusal(present: int, version: tree.Tree) -> str:
    return f"this archspec reads version {present} of the language, got {tree.describe(version)}"


def _stated_as_version(root: tree.Mapping) -> Fix:
    """`archspec` for `version`, where that states the present one."""
    key = next((entry.key for entry in root.entries if entry.key.text == "version"), None)
    value = root.get("version")
    if key is None or not isinstance(value, tree.Scalar) or not (stated := NUMBER.fullmatch(value.text)):
        return ()
    return respell(key.span, "version", "archspec") if int(stated[1]) == VERSION else ()


def _first_line(root: tree.Mapping) -> Fix:
    """The version as the first line; none where a misspelt key may state it, or the file is one `{…}`."""
    keys = [entry.key for entry in root.entries]
    if not keys or keys[0].span[1:3] != root.span[1:3] or any(certain(key.text, ["archspec"]) for key in keys):
        return ()
    lines = root.span.source.lines[: root.span.line - 1]
    above = next((number for number, line in enumerate(lines, start=1) if line.startswith("---")), 0)
    place = Span(root.span.source, above + 1, 1, above + 1, 1)
    return (Edit(place, f"{STATED}\n"),)
