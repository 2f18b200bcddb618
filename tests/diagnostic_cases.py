"""Reads `tests/diagnostics/*.yaml`: bad specs that say, on the failing line, what must be reported there.

    # case: a misspelt field
    archspec: 1
    inputs: {image: [8]}
    layers:
      - dense: {unit: 4}          # error[E0501] at 13: `dense` has no field `unit`
      # help: did you mean `units`?

A line that cannot bear a comment has it below, with a caret under the column. A case may begin with
`# options: --set width=8`; what is reported in an option is written `# error[E0219] in --set at 1: …` on a line of its
own. `# help: …` and `# note: …` speak of the finding above them; a help that is not written is not checked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

FOLDER = Path(__file__).with_name("diagnostics")

FINDING = re.compile(r"# (error|warning)\[([ELW]\d{4})\](?: in (\S+))? at (\d+): (.*?)(?= # (?:error|warning)\[|$)")
BELOW = re.compile(r"#( *)\^ (error|warning)\[([ELW]\d{4})\]: (.*)$")
REMARK = re.compile(r"\s*# (help|note): (.*)$")


@dataclass(frozen=True)
class Finding:
    """What must be reported: in which file (empty for the spec), where, with which words."""

    file: str
    line: int
    column: int
    severity: str
    code: str
    headline: str


@dataclass
class Case:
    """One bad spec. Its text keeps the lines of the file it stands in."""

    name: str
    text: str = ""
    options: tuple[str, ...] = ()
    findings: list[Finding] = field(default_factory=list)
    helps: dict[Finding, str] = field(default_factory=dict)
    notes: dict[Finding, list[str]] = field(default_factory=dict)


def read_cases(folder: Path = FOLDER) -> Iterator[Case]:
    """Every case of every file."""
    for path in sorted(folder.glob("*.yaml")):
        yield from _cases_of(path.stem, path.read_text(encoding="utf-8").splitlines())


def _cases_of(stem: str, lines: list[str]) -> Iterator[Case]:
    starts = [place for place, line in enumerate(lines) if line.startswith("# case: ")]
    assert starts and not any(line.strip() for line in lines[: starts[0]] if not line.startswith("#")), stem
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        case = Case(f"{stem}: {lines[start].removeprefix('# case: ')}")
        case.text = "\n" * (start + 1) + "\n".join(lines[start + 1 : end]).rstrip() + "\n"
        _read_expectations(case, start, lines[start + 1 : end])
        yield case


def _read_expectations(case: Case, start: int, lines: list[str]) -> None:
    of = 0
    for number, line in enumerate(lines, start=start + 2):
        if line.startswith("# options: "):
            case.options = tuple(line.removeprefix("# options: ").split())
        elif below := BELOW.match(line.lstrip()):
            indent = len(line) - len(line.lstrip())
            blanks, severity, code, headline = below.groups()
            case.findings.append(Finding("", of, indent + len(blanks) + 2, severity, code, headline.strip()))
        elif remark := REMARK.match(line):
            _add_remark(case, remark[1], remark[2].strip())
        else:
            of = number
            for severity, code, file, column, headline in FINDING.findall(line):
                place = 1 if file else number
                case.findings.append(Finding(file, place, int(column), severity, code, headline.strip()))


def _add_remark(case: Case, kind: str, text: str) -> None:
    of = case.findings[-1]
    if kind == "help":
        case.helps[of] = text
    else:
        case.notes.setdefault(of, []).append(text)
