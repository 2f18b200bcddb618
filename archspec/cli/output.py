"""What the commands print: findings in the form asked for, warnings beside a result, plain data."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from typing import TextIO

from archspec import zoo
from archspec.cli.status import FOUND_ERRORS, OK
from archspec.compiler import Compilation
from archspec.diagnostics import Diagnostic, Suppressed
from archspec.diagnostics.render import render_text, summarise, summarise_fixes, to_json


def print_diagnostics(
    found: tuple[Diagnostic, ...], options: Namespace, suppressed: tuple[Suppressed, ...] = ()
) -> None:
    """Findings as text on standard error, or on standard output in the form that the command was asked for."""
    form = getattr(options, "format", "text")
    if form == "json":
        print_json({"diagnostics": [to_json(one) for one in found]})
    elif form == "github":
        from archspec.diagnostics.render_github import render_github

        print(render_github(found))
    elif form == "sarif":
        from archspec import __version__
        from archspec.diagnostics.render_sarif import to_sarif

        print_json(to_sarif(found, __version__, suppressed))
    else:
        text = render_text(found, colour=wants_colour()) + "\n"
        parts = [text, summarise(found, len(suppressed)), summarise_fixes(found)]
        print("\n".join(filter(None, parts)), file=sys.stderr)


def print_unreadable(error: zoo.UnreadableSpecError) -> None:
    """Why a file cannot be read or written, and what to do about it."""
    print(f"archspec: {error.message}" + (f"\nhelp: {error.cure}" if error.cure else ""), file=sys.stderr)


def print_json(content: dict[str, object]) -> None:
    """Plain data on standard output."""
    import json

    print(json.dumps(content, indent=2))


def without_suppressed(found: tuple[Diagnostic, ...]) -> tuple[tuple[Diagnostic, ...], tuple[Suppressed, ...]]:
    """The findings that stand, and those that a comment suppresses."""
    if not found:
        return (), ()
    # Imported here: a sound spec does without it.
    from archspec.syntax.allowances import sift

    return sift(found)


def status_of(compilation: Compilation) -> int:
    """The status of a command that has said what is known of a network: its contracts may be broken."""
    return FOUND_ERRORS if compilation.errors else OK


def print_warnings(compilation: Compilation) -> None:
    """What was found beside a result, on standard error."""
    found, _ = without_suppressed(compilation.diagnostics)
    if found:
        print(render_text(found, colour=wants_colour()), file=sys.stderr)


def wants_colour(stream: TextIO | None = None) -> bool:
    """Whether what reads a stream, that of the messages unless given, is a terminal that shows colour."""
    return (stream or sys.stderr).isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
