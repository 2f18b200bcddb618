"""What went wrong, independent of who found it; imports nothing of archspec."""

from archspec.diagnostics.diagnostic import (
    Diagnostic,
    DiagnosticSink,
    Label,
    Severity,
    SpecError,
)
from archspec.diagnostics.source import SourceFile, Span

__all__ = ["Diagnostic", "DiagnosticSink", "Label", "Severity", "SourceFile", "Span", "SpecError"]
