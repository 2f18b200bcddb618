"""A diagnostic is data: code, severity, headline, labelled spans, notes, help. Rendering is elsewhere."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from archspec.diagnostics.source import Span


class Severity(Enum):
    """How bad it is: an error stops the pipeline after its stage, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


class Label(NamedTuple):
    """A span with a short text beside its caret."""

    span: Span
    text: str = ""


class Edit(NamedTuple):
    """A text to put in the place of a stretch of a source; an empty stretch is the place of an insertion."""

    span: Span
    text: str


Fix = tuple[Edit, ...]
"""A cure as edits that belong together, all in one file; empty where a person must choose."""


class Diagnostic(NamedTuple):
    """One finding. `primary` is the user's own place; `labels` are the other places that explain it.

    `fix` is there only where the cure is unique and the edits do just what `help` says.
    """

    code: str
    headline: str
    primary: Label | None
    labels: tuple[Label, ...] = ()
    notes: tuple[str, ...] = ()
    help: str | None = None
    severity: Severity = Severity.ERROR
    fix: Fix = ()

    @property
    def position(self) -> tuple[int, int]:
        """(line, column) of the primary label; (0, 0) for a finding without a place."""
        return (self.primary.span.line, self.primary.span.column) if self.primary else (0, 0)


class Suppressed(NamedTuple):
    """A warning that its author allows, by a comment on its line, for a reason."""

    diagnostic: Diagnostic
    reason: str
    comment: Span


MOST_ERRORS = 1_000
"""Errors after which a run ends, repetitions counted: a hostile file has one on every line of every pass."""


class EnoughFoundError(Exception):
    """So many errors have been reported that looking for more would only cost time."""


class DiagnosticSink:
    """Collects what the stages report, so that a user sees every independent mistake in one run.

    Mutable by design: a stage reports and goes on. Exact repetitions (one line of a loop's body failing in every
    pass) are kept once.
    """

    def __init__(self) -> None:
        self._found: dict[tuple[object, ...], Diagnostic] = {}
        self._reports = 0

    def report(self, diagnostic: Diagnostic) -> None:
        """Keep `diagnostic`, unless its like was already reported at its place; two with different fixes lose both.

        Raises `EnoughFoundError` after many errors; the one who owns the sink catches it.
        """
        place = diagnostic.primary.span if diagnostic.primary else None
        key = (diagnostic.code, place, diagnostic.headline if place is None else None)
        first = self._found.setdefault(key, diagnostic)
        if first.fix and first.fix != diagnostic.fix:
            self._found[key] = first._replace(fix=())
        self._reports += diagnostic.severity is Severity.ERROR
        if self._reports >= MOST_ERRORS:
            raise EnoughFoundError

    def knows(self, code: str, place: Span) -> bool:
        """Whether a diagnostic with this code was reported at this place."""
        return (code, place, None) in self._found

    @property
    def errors(self) -> int:
        """How many errors were reported."""
        return sum(found.severity is Severity.ERROR for found in self._found.values())

    def sorted(self) -> tuple[Diagnostic, ...]:
        """All findings: by file in the order first met, then by position."""
        files: dict[str, int] = {}
        for found in self._found.values():
            if found.primary:
                files.setdefault(found.primary.span.source.name, len(files))

        def order(found: Diagnostic) -> tuple[int, int, int]:
            file = files[found.primary.span.source.name] if found.primary else -1
            return (file, *found.position)

        return tuple(sorted(self._found.values(), key=order))


class SpecError(Exception):
    """A user's mistake that ends the pipeline; carries every diagnostic found until then."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        super().__init__("; ".join(f"[{found.code}] {found.headline}" for found in diagnostics))
        self.diagnostics = diagnostics
