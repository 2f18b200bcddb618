"""What went wrong, independent of who found it; imports nothing of archspec."""

from archspec.diagnostics.diagnostic import (
    Diagnostic,
    DiagnosticSink,
    Edit,
    EnoughFoundError,
    Fix,
    Label,
    Severity,
    SpecError,
    Suppressed,
)
from archspec.diagnostics.source import Origin, SourceFile, Span

__all__ = [
    "Diagnostic",
    "DiagnosticSink",
    "Edit",
    "EnoughFoundError",
    "Fix",
    "Label",
    "Origin",
    "Severity",
    "SourceFile",
    "Span",
    "SpecError",
    "Suppressed",
]
