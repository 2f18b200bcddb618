"""Networks as `diff` and `compare` name them: `SPEC` or `SPEC@VARIANT`, each file read once.

Warnings are not printed here: `check` is for them, and a contract says nothing of a network that was set otherwise.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from archspec import zoo
from archspec.compiler import Compilation, compile_spec
from archspec.diagnostics import DiagnosticSink, SourceFile, SpecError
from archspec.elaboration.settings import Settings


class Named(NamedTuple):
    """A spec as the command line names it, and its variant."""

    spec: str
    variant: str | None = None

    def __str__(self) -> str:
        spec = zoo.STDIN if self.spec == "-" else self.spec
        return spec if self.variant is None else f"{spec}@{self.variant}"


def read_name(text: str, *, beside: Named | None = None) -> Named:
    """`SPEC@VARIANT` in its two parts; a file or shipped spec of the whole name comes before that.

    `@VARIANT` alone is one of the spec named `beside` it.
    """
    spec, at, variant = text.rpartition("@")
    spec = spec or (beside.spec if beside else "")
    if not at or not spec or not variant or Path(text).exists() or text in zoo.names():
        return Named(text)
    return Named(spec, variant)


class Sources:
    """The texts of specs, each read once, so that standard input may be named again."""

    def __init__(self) -> None:
        self._read: dict[str, SourceFile] = {}

    def open(self, spec: str) -> SourceFile:
        """A spec's text. Raises `SpecError` and `UnreadableSpecError`."""
        if spec not in self._read:
            sink = DiagnosticSink()
            source = zoo.open_spec(spec, sink)
            if sink.errors:
                raise SpecError(sink.sorted())
            self._read[spec] = source
        return self._read[spec]

    def compile(self, named: Named, settings: Settings) -> Compilation:
        """What becomes of a network's spec. Raises `SpecError` and `UnreadableSpecError` where it cannot be read."""
        return compile_spec(self.open(named.spec), settings)
