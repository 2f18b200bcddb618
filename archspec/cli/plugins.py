"""The plugins that a command line names: by `--plugin`, and by the project file of `--project` or ARCHSPEC_PROJECT."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Sequence

from archspec.diagnostics import DiagnosticSink, SpecError
from archspec.ops import OWN, Vocabulary
from archspec.zoo import UnreadableSpecError

VARIABLE = "ARCHSPEC_PROJECT"


def named_ops(options: Namespace) -> Vocabulary:
    """The ops that a command knows. Runs the plugins that are named. Raises `SpecError` where one cannot be taken."""
    return load_ops(options.plugin, options.project or os.environ.get(VARIABLE))


def load_ops(plugins: Sequence[str], project: str | None = None) -> Vocabulary:
    """archspec's ops, those in these files, and those that a project file names.

    Raises `UnreadableSpecError` for a file of the command line that cannot be read, and `SpecError`.
    """
    if not plugins and not project:
        return OWN
    # Imported here: a command without plugins does without them.
    from archspec.plugins.load import load_plugins
    from archspec.plugins.project import named_in_project

    sink = DiagnosticSink()
    of_project = named_in_project(project, sink) if project else ()
    ops = load_plugins([*of_project, *plugins], sink)
    for found in sink.sorted():
        if found.code in ("E1001", "E1005") and found.primary is None:
            raise UnreadableSpecError(found.headline, found.help)
    if sink.errors:
        raise SpecError(sink.sorted())
    return ops
