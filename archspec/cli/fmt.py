"""`archspec fmt`: files rewritten in the one layout, or what would change in them."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path

from archspec import zoo
from archspec.cli.output import print_diagnostics, print_unreadable
from archspec.cli.rewriting import difference, rewrite
from archspec.cli.status import FOUND_ERRORS, OK, WRONG_USAGE
from archspec.diagnostics import DiagnosticSink, SourceFile, SpecError
from archspec.syntax.formatter import format_spec


def format_files(options: Namespace) -> int:
    """Format each file; the worst status. One that cannot be read does not stop the others."""
    status = OK
    for file in options.file:
        try:
            status = max(status, _format(file, options))
        except zoo.UnreadableSpecError as error:
            print_unreadable(error)
            status = WRONG_USAGE
        except SpecError as error:
            print_diagnostics(error.diagnostics, options)
            status = max(status, FOUND_ERRORS)
    return status


def _format(file: str, options: Namespace) -> int:
    source = _open(file)
    text = format_spec(source)
    changes = text != source.text
    if options.diff:
        print("".join(difference(source.name, source.text, text, "formatted")), end="")
    if options.check:
        if changes:
            print(f"would format {source.name}")
        return FOUND_ERRORS if changes else OK
    if options.diff:
        return OK
    if file == "-":
        sys.stdout.buffer.write(text.encode())  # as bytes: no platform's line ends or encoding
        sys.stdout.buffer.flush()
    elif changes:
        rewrite(Path(file), text.encode())
        print(f"formatted {file}")
    return OK


def _open(file: str) -> SourceFile:
    """The text of a file. A shipped spec's name is none: what is rewritten must be meant."""
    if file != "-" and not Path(file).exists():
        raise zoo.UnreadableSpecError(f"there is no file `{file}`")
    sink = DiagnosticSink()
    source = zoo.open_spec(file, sink)
    if sink.errors:
        raise SpecError(sink.sorted())
    return source
