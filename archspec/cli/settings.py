"""What a command line sets: parameters, input shapes, the variant, plugins."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping, Sequence

from archspec.cli.plugins import named_ops
from archspec.diagnostics import DiagnosticSink, SpecError
from archspec.diagnostics.fixes import without_fixes
from archspec.elaboration.settings import Settings, read_setting, read_shape
from archspec.ops import Vocabulary


def read_settings(options: Namespace) -> Settings:
    """What the command line sets. Raises `SpecError` where it cannot be read."""
    return settings_of(options.variant, {"--set": options.set}, {"--input": options.input}, named_ops(options))


def settings_of(
    variant: str | None,
    parameters: Mapping[str, Sequence[str]],
    inputs: Mapping[str, Sequence[str]],
    ops: Vocabulary,
) -> Settings:
    """What options set, each with its values; a later one comes before an earlier one. Raises `SpecError`."""
    sink = DiagnosticSink()
    values = [read_setting(option, text, sink) for option, texts in parameters.items() for text in texts]
    shapes = [read_shape(option, text, sink) for option, texts in inputs.items() for text in texts]
    if sink.errors:
        raise SpecError(without_fixes(sink.sorted()))  # an option is no file to edit
    return Settings(variant, dict(filter(None, values)), dict(filter(None, shapes)), ops)
