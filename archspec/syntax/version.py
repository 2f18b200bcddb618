"""The language's version, which every spec states."""

from __future__ import annotations

import re

from archspec.diagnostics import Diagnostic, DiagnosticSink, Edit, Fix, Label, Span
from archspec.diagnostics.fixes import respell
from archspec.diagnostics.suggest import certain
from archspec.syntax import tree

VERSION = 1

STATED = f"archspec: {VERSION}"

MEANT = rf"v?{VERSION}(\.0+)*"
"""Other ways to write the same version."""


def check_version(root: tree.Mapping, sink: DiagnosticSink) -> None:
    """Report E0204 for a spec that states no version, or another than the one that this archspec reads."""
    version = root.get("archspec")
    if version is None:
        span = root.entries[0].key.span if root.entries else root.span
        headline, cure = "a spec must state its language version", f"begin the file with `{STATED}`"
        sink.report(Diagnostic("E0204", headline, Label(span), help=cure, fix=_first_line(root)))
    elif not isinstance(version, tree.Scalar) or version.text != str(VERSION):
        headline = f"this archspec reads version {VERSION} of the language, got {tree.describe(version)}"
        help_: str | None = None
        fix: Fix = ()
        if isinstance(version, tree.Scalar) and re.fullmatch(MEANT, version.text):
            help_, fix = f"write `{STATED}`", respell(version.span, version.text, str(VERSION))
        sink.report(Diagnostic("E0204", headline, Label(version.span), help=help_, fix=fix))


def _first_line(root: tree.Mapping) -> Fix:
    """The version as the first line; none where a misspelt key may state it, or the file is one `{…}`."""
    keys = [entry.key for entry in root.entries]
    if not keys or keys[0].span[1:3] != root.span[1:3] or any(certain(key.text, ["archspec"]) for key in keys):
        return ()
    lines = root.span.source.lines[: root.span.line - 1]
    above = next((number for number, line in enumerate(lines, start=1) if line.startswith("---")), 0)
    place = Span(root.span.source, above + 1, 1, above + 1, 1)
    return (Edit(place, f"{STATED}\n"),)
