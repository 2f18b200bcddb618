"""What a command line sets: parameters, input shapes, the variant, plugins."""

from __future__ import annotations

from argparse import Namespace

from archspec.cli.plugins import named_ops
from archspec.diagnostics import DiagnosticSink, SpecError
from archspec.diagnostics.fixes import without_fixes
from archspec.elaboration.settings import Settings, read_setting, read_shape


def read_settings(options: Namespace) -> Settings:
    """What the command line sets. Raises `SpecError` where it cannot be read."""
    sink = DiagnosticSink()
    parameters = [read_setting("--set", text, sink) for text in options.set]
    shapes = [read_shape("--input", text, sink) for text in options.input]
    if sink.errors:
        raise SpecError(without_fixes(sink.sorted()))  # an option is no file to edit
    return Settings(options.variant, dict(filter(None, parameters)), dict(filter(None, shapes)), named_ops(options))
