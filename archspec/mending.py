"""Fixes applied to a spec until none is left that helps: text to text.

    check -> fixes that can stand together -> apply -> check again -> keep, or try them one by one -> …

A fix may bring to light what its mistake had hidden, so the number of errors says nothing. What must hold of a round:
a text that could be read still can, a sound text stays sound, and each mended mistake is gone from its place.
"""

from __future__ import annotations

from dataclasses import dataclass

from archspec.compiler import check_variants, compile_spec
from archspec.diagnostics import Diagnostic, DiagnosticSink, Severity, SourceFile
from archspec.diagnostics.fixes import apply, choose, line_starts, moved, offset_of
from archspec.elaboration.settings import Settings

MOST_CHECKS = 100
"""For one spec. A text that YAML refuses shows one mistake a round; others are mended in two or three."""


@dataclass(frozen=True)
class Checked:
    """A text with what was found in it. `is_readable` where it holds a document."""

    source: SourceFile
    found: tuple[Diagnostic, ...]
    is_readable: bool

    @property
    def reading_errors(self) -> int:
        """How many mistakes keep YAML from being what it looks like."""
        return sum(one.code.startswith("E01") for one in self.found)

    @property
    def errors(self) -> int:
        """How many errors were found."""
        return sum(one.severity is Severity.ERROR for one in self.found)


@dataclass(frozen=True)
class Mended:
    """A text after all fixes that help, the mistakes that these have mended, in order, and what is left."""

    source: SourceFile
    fixed: tuple[Diagnostic, ...]
    found: tuple[Diagnostic, ...]


def check(source: SourceFile, settings: Settings) -> Checked:
    """Every finding about a text, those of its variants included."""
    compilation = compile_spec(source, settings, DiagnosticSink())
    found = (*compilation.diagnostics, *check_variants(compilation, settings))
    return Checked(source, found, compilation.document is not None)


def mend(source: SourceFile, settings: Settings) -> Mended:
    """The text with all fixes applied that help. None is left in what it gives, but after very many rounds."""
    return _Mending(settings).mend(check(source, settings))


class _Mending:
    """The rounds of one text. Mutable by design: counts its checks, which bound the time that it may take."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.checks = 0

    def mend(self, now: Checked) -> Mended:
        """Rounds until one applies nothing."""
        fixed: list[Diagnostic] = []
        while True:
            after, applied = self._round(now)
            if not applied:
                return Mended(now.source, tuple(fixed), now.found)
            now = after
            fixed += applied

    def _round(self, now: Checked) -> tuple[Checked, list[Diagnostic]]:
        """The text after all fixes that can stand together or, where these do harm, after the first that does none."""
        chosen = choose(now.found)
        candidates = [chosen, *([one] for one in chosen if len(chosen) > 1)] if chosen else []
        for fixes in candidates:
            if (after := self._try(now, fixes)) is not None:
                return after, fixes
        return now, []

    def _try(self, now: Checked, chosen: list[Diagnostic]) -> Checked | None:
        """The text after some fixes; `None` where they do not help, or there is no time to see."""
        self.checks += 1
        if self.checks > MOST_CHECKS:
            return None
        text = apply(now.source, [one.fix for one in chosen])
        after = check(SourceFile(now.source.name, text), self.settings)
        return None if _is_worse(now, after) or _remains(now, after, chosen) else after


def _is_worse(now: Checked, after: Checked) -> bool:
    """Whether a text that could be read cannot be as well any more, or a sound one has mistakes."""
    if now.is_readable and (not after.is_readable or after.reading_errors > now.reading_errors):
        return True
    return not now.errors and after.errors > 0


def _remains(now: Checked, after: Checked, chosen: list[Diagnostic]) -> bool:
    """Whether a mistake that was mended is still reported at its place."""
    fixes = [one.fix for one in chosen]
    starts = line_starts(after.source)
    there = {
        (one.code, offset_of(one.primary.span, starts))
        for one in after.found
        if one.primary and one.primary.span.source is after.source
    }
    return any((one.code, moved(now.source, fixes, one.primary.span)) in there for one in chosen if one.primary)
