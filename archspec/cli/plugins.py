"""The plugins that a command line names: by `--plugin`, and by the project file of `--project` or ARCHSPEC_PROJECT."""

from __future__ import annotations

import os
from argparse import Namespace

from archspec.diagnostics import DiagnosticSink, SpecError
from archspec.ops import OWN, Vocabulary

VARIABLE = "ARCHSPEC_PROJECT"


def named_ops(options: Namespace) -> Vocabulary:
    """The ops that a command knows. Runs the plugins that are named. Raises `SpecError` where one cannot be taken."""
    project = options.project or os.environ.get(VARIABLE)
    if not options.plugin and not project:
        return OWN
    # Imported here: a command without plugins does without them.
    from archspec.plugins.load import load_plugins
    from archspec.plugins.project import named_in_project

    sink = DiagnosticSink()
    of_project = named_in_project(project, sink) if project else ()
    ops = load_plugins([*of_project, *options.plugin], sink)
    if sink.errors:
        raise SpecError(sink.sorted())
    return ops
