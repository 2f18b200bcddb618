"""`archspec check`: every finding in every spec, in the form asked for, and the worst of their statuses.

`archspec lint` reports in the same way what it finds.

As text and for GitHub a spec is reported when it is done. JSON and SARIF are one document at the end: for one spec
`{"spec": NAME, "diagnostics": [...]}`, for several `{"specs": [...]}` with one such object each; a spec that cannot be
read is `{"spec": NAME, "error": WHY}`. What comments suppress stands under `suppressed` in JSON, where there is any,
and marked as such in SARIF. After `--fix` what is reported is what is left; `--diff` reports that too, and its status
is that of the file, which stays as it is.
"""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable
from dataclasses import dataclass

from archspec import zoo
from archspec.cli.output import print_diagnostics, print_json, print_unreadable, without_suppressed
from archspec.cli.settings import read_settings
from archspec.cli.status import FOUND_ERRORS, OK, WRONG_USAGE
from archspec.compiler import check_variants, compile_spec
from archspec.diagnostics import Diagnostic, DiagnosticSink, Severity, Suppressed
from archspec.diagnostics.fixes import without_fixes
from archspec.diagnostics.render import to_json
from archspec.elaboration.session import Session
from archspec.elaboration.settings import Settings


@dataclass(frozen=True)
class Report:
    """What was found in a spec, and what of it was mended: `None` where nothing was to be."""

    name: str
    found: tuple[Diagnostic, ...]
    fixed: tuple[Diagnostic, ...] | None = None
    is_written: bool = True
    suppressed: tuple[Suppressed, ...] = ()

    def status(self, *, strict: bool) -> int:
        """The exit status that this spec alone would give, as it stands now."""
        standing = self.found if self.is_written else (*self.found, *(self.fixed or ()))
        errors = any(one.severity is Severity.ERROR or strict for one in standing)
        return FOUND_ERRORS if errors else OK

    def to_json(self) -> dict[str, object]:
        """The report as plain data."""
        mended = {} if self.fixed is None else {"fixed": [to_json(one) for one in self.fixed]}
        allowed = [{**to_json(one.diagnostic), "reason": one.reason} for one in self.suppressed]
        found = [to_json(one) for one in self.found]
        return {"spec": self.name, **mended, "diagnostics": found, **({"suppressed": allowed} if allowed else {})}


Find = Callable[[str, Settings], Report]
"""What a command finds in a spec, given by its file or name. Raises `UnreadableSpecError`."""


def check_specs(options: Namespace) -> int:
    """Check each spec and print what was found; the worst status."""
    _refuse_two_outputs(options)
    session = Session()
    return report_specs(options, lambda spec, settings: _check(spec, settings, options, session))


def report_specs(options: Namespace, find: Find) -> int:
    """Print what is found in each spec; the worst status. One that cannot be read does not stop the others."""
    settings = read_settings(options)
    status = OK
    reports = []
    contents: list[dict[str, object]] = []
    for spec in options.spec:
        try:
            report = find(spec, settings)
        except zoo.UnreadableSpecError as error:
            print_unreadable(error)
            status = WRONG_USAGE
            contents.append({"spec": spec, "error": error.message})
            continue
        reports.append(report)
        contents.append(report.to_json())
        status = max(status, report.status(strict=options.strict))
        if options.format in ("text", "github"):
            _print(report, options, is_quiet=options.diff or (options.fix and spec == "-"))
    if options.format == "json":
        print_json({"specs": contents} if len(contents) > 1 else contents[0])
    elif options.format == "sarif":
        suppressed = tuple(one for report in reports for one in report.suppressed)
        print_diagnostics(tuple(found for report in reports for found in report.found), options, suppressed)
    return status


def _refuse_two_outputs(options: Namespace) -> None:
    """A diff and a mended text go to standard output, where the other formats go."""
    if options.format != "text" and (options.diff or (options.fix and "-" in options.spec)):
        what = "`--diff`" if options.diff else "`--fix` of standard input"
        options.parser.error(f"{what} prints text, and cannot go with `--format {options.format}`")


def _check(spec: str, settings: Settings, options: Namespace, session: Session) -> Report:
    if not (options.fix or options.diff):
        sink = DiagnosticSink()
        source = zoo.open_spec(spec, sink)
        if sink.errors:
            return Report(source.name, sink.sorted())
        compilation = compile_spec(source, settings, sink, session=session)
        of_variants = check_variants(compilation, settings, session=session)
        found, suppressed = without_suppressed((*compilation.diagnostics, *of_variants))
        return Report(source.name, found, suppressed=suppressed)
    # Imported here: most checks mend nothing.
    from archspec.cli.fix import fix, refuse_shipped

    if options.fix:
        refuse_shipped(spec)
    sink = DiagnosticSink()
    source = zoo.open_spec(spec, sink)
    if sink.errors:
        return Report(source.name, sink.sorted(), ())
    mended = fix(spec, source, settings, options)
    found, suppressed = without_suppressed(without_fixes(mended.found))
    return Report(source.name, found, mended.fixed, is_written=options.fix, suppressed=suppressed)


def _print(report: Report, options: Namespace, *, is_quiet: bool) -> None:
    if report.found:
        print_diagnostics(report.found, options, report.suppressed)
    elif options.format == "text" and not is_quiet:
        suppressed = f" ({len(report.suppressed)} suppressed)" if report.suppressed else ""
        print(f"ok: {report.name}{suppressed}", flush=True)
