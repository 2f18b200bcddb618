"""What went wrong, independent of who found it; imports nothing of archspec."""

from archspec.diagnostics.diagnostic import (
    Diagnostic,
    DiagnosticSink,
    EnoughFoundError,
    Label,
    Severity,
    SpecError,
)
from archspec.diagnostics.source import Origin, SourceFile, Span

__all__ = [
    "Diagnostic",
    "DiagnosticSink",
    "EnoughFoundError",
    "Label",
    "Origin",
    "Severity",
    "SourceFile",
    "Span",
    "SpecError",
]
