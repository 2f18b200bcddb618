"""`archspec lint`: what `check` finds and the lints, in the forms that `check` has."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Iterable

from archspec import zoo
from archspec.cli.check import Report, report_specs
from archspec.compiler import compile_spec
from archspec.diagnostics import DiagnosticSink
from archspec.diagnostics.suggest import nearest
from archspec.elaboration.settings import Settings
from archspec.linting import lint


def lint_specs(options: Namespace) -> int:
    """Lint each spec and print what was found; the worst status."""
    is_chosen = _choice(options)
    return report_specs(options, lambda spec, settings: _lint(spec, settings, is_chosen))


def _lint(spec: str, settings: Settings, is_chosen: Callable[[str], bool]) -> Report:
    sink = DiagnosticSink()
    source = zoo.open_spec(spec, sink)
    if sink.errors:
        return Report(source.name, sink.sorted())
    found, suppressed = lint(compile_spec(source, settings, sink), settings, is_chosen)
    return Report(source.name, found, suppressed=suppressed)


def _choice(options: Namespace) -> Callable[[str], bool]:
    """Which codes were asked for: those that begin as one selected and as none ignored."""
    selected, ignored = (_prefixes(given, options) for given in (options.select, options.ignore))
    return lambda code: (not selected or code.startswith(selected)) and not (ignored and code.startswith(ignored))


def _prefixes(given: Iterable[str], options: Namespace) -> tuple[str, ...]:
    """Codes and beginnings of codes as written, `L12,W0301`. Ends the command for one that no code begins with."""
    wanted = [part.strip().upper() for text in given for part in text.split(",")]
    if not wanted:
        return ()
    # Imported here: it reads the catalogue.
    from archspec.diagnostics.codes import CODES

    known = [code for code in CODES if code[0] in "LW"]
    for prefix in wanted:
        if not prefix or not any(code.startswith(prefix) for code in known):
            near = nearest(prefix, known)
            options.parser.error(
                f"no lint or warning is called `{prefix}`" + (f"; did you mean `{near}`?" if near else "")
            )
    return tuple(wanted)
