"""`archspec check`: every finding in every spec, in the form asked for, and the worst of their statuses.

As text and for GitHub a spec is reported when it is done. JSON and SARIF are one document at the end: for one spec
`{"spec": NAME, "diagnostics": [...]}`, for several `{"specs": [...]}` with one such object each.
"""

from __future__ import annotations

from argparse import Namespace
from dataclasses import dataclass

from archspec import zoo
from archspec.cli.commands import print_diagnostics, print_json, print_unreadable, read_settings
from archspec.cli.status import FOUND_ERRORS, OK, WRONG_USAGE
from archspec.compiler import check_variants, compile_spec
from archspec.diagnostics import Diagnostic, DiagnosticSink, Severity
from archspec.diagnostics.render import to_json
from archspec.elaboration.settings import Settings


@dataclass(frozen=True)
class Report:
    """What was found in a spec."""

    name: str
    found: tuple[Diagnostic, ...]

    def status(self, *, strict: bool) -> int:
        """The exit status that this spec alone would give."""
        errors = any(one.severity is Severity.ERROR or strict for one in self.found)
        return FOUND_ERRORS if errors else OK

    def to_json(self) -> dict[str, object]:
        """The report as plain data."""
        return {"spec": self.name, "diagnostics": [to_json(one) for one in self.found]}


def check_specs(options: Namespace) -> int:
    """Check each spec and print what was found; the worst status. One that cannot be read does not stop the others."""
    settings = read_settings(options)
    status = OK
    reports = []
    for spec in options.spec:
        try:
            report = _check(spec, settings)
        except zoo.UnreadableSpecError as error:
            print_unreadable(error)
            status = WRONG_USAGE
            continue
        reports.append(report)
        status = max(status, report.status(strict=options.strict))
        if options.format in ("text", "github"):
            _print(report, options)
    if options.format == "json":
        contents = [report.to_json() for report in reports]
        if len(options.spec) > 1:
            contents = [{"specs": contents}]
        for content in contents:  # none for one spec that cannot be read
            print_json(content)
    elif options.format == "sarif":
        print_diagnostics(tuple(found for report in reports for found in report.found), options)
    return status


def _check(spec: str, settings: Settings) -> Report:
    sink = DiagnosticSink()
    source = zoo.open_spec(spec, sink)
    if sink.errors:
        return Report(source.name, sink.sorted())
    compilation = compile_spec(source, settings, sink)
    return Report(source.name, (*compilation.diagnostics, *check_variants(compilation, settings)))


def _print(report: Report, options: Namespace) -> None:
    if report.found:
        print_diagnostics(report.found, options)
    elif options.format == "text":
        print(f"ok: {report.name}", flush=True)
