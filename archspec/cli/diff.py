"""`archspec diff`: how two networks differ, two specs, two variants or two settings of one.

The status is 0 whether they differ or not; with `--exit-code`, as git has it, 1 where they do.
"""

from __future__ import annotations

import sys
from argparse import Namespace

from archspec.analysis.difference import difference
from archspec.analysis.difference.changes import Difference
from archspec.cli.networks import Named, Sources, read_name
from archspec.cli.output import print_json, wants_colour
from archspec.cli.plugins import named_ops
from archspec.cli.settings import settings_of
from archspec.cli.status import FOUND_ERRORS, OK
from archspec.compiler import Compilation
from archspec.diagnostics import Diagnostic, SpecError
from archspec.ir.graph import Graph


def print_difference(options: Namespace) -> int:
    """Print the difference in the form asked for."""
    left = read_name(options.left)
    right = read_name(options.right, beside=left) if options.right else left
    compiled = _compile(left, right, options)
    _refuse_errors(compiled)
    old, new = (_graph(one, options) for one in compiled)
    found = difference(old, new)
    _print(found, _label(left, "left", options), _label(right, "right", options), options)
    return FOUND_ERRORS if options.exit_code and not found.is_empty else OK


def _compile(left: Named, right: Named, options: Namespace) -> list[Compilation]:
    ops, sources = named_ops(options), Sources()
    made = []
    for side, named in (("left", left), ("right", right)):
        parameters = {"--set": options.set, f"--set-{side}": getattr(options, f"set_{side}")}
        inputs = {"--input": options.input, f"--input-{side}": getattr(options, f"input_{side}")}
        made.append(sources.compile(named, settings_of(named.variant, parameters, inputs, ops)))
    return made


def _refuse_errors(compiled: list[Compilation]) -> None:
    """Raise `SpecError` with the findings of both, each once, where one of them has no graph."""
    found: dict[Diagnostic, None] = {}
    for one in compiled:
        try:
            one.require_network()
        except SpecError as error:
            found |= dict.fromkeys(error.diagnostics)
    if found:
        raise SpecError(tuple(found))


def _graph(compilation: Compilation, options: Namespace) -> Graph:
    graph = compilation.require_network()
    return graph if options.training else graph.for_inference()


def _label(named: Named, side: str, options: Namespace) -> str:
    """A network's name with what was set for it alone."""
    return " ".join([str(named), *getattr(options, f"set_{side}"), *getattr(options, f"input_{side}")])


def _print(found: Difference, left: str, right: str, options: Namespace) -> None:
    # Imported here: each form needs a file of its own.
    if options.format == "json":
        from archspec.report.difference.as_json import difference_json

        print_json(difference_json(found, left, right))
    elif options.format == "markdown":
        from archspec.report.difference.markdown import difference_markdown

        print(difference_markdown(found, left, right))
    else:
        from archspec.report.difference.text import difference_text

        print(difference_text(found, left, right, colour=wants_colour(sys.stdout)))
