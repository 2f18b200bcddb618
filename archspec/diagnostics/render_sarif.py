"""Diagnostics as a log in SARIF 2.1.0, the format that code scanning services and editors read.

Loaded only when asked for, since it reads the catalogue of codes. Section numbers are those of the OASIS standard.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import PurePath
from urllib.parse import quote

from archspec.diagnostics.codes import CODES
from archspec.diagnostics.diagnostic import Diagnostic, Label, Suppressed
from archspec.diagnostics.source import Span

VERSION = "2.1.0"
SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"

PLACEHOLDER = re.compile(r"\{(\d+)\}")
"""What section 3.11.5 has a reader fill in. Other braces stay single: few readers undouble them."""

Json = dict[str, object]


def to_sarif(diagnostics: Iterable[Diagnostic], version: str, suppressed: Iterable[Suppressed] = ()) -> Json:
    """The log of one run of archspec of a given version, as plain data. Its rules are the codes that were found."""
    found, allowed = tuple(diagnostics), tuple(suppressed)
    codes = sorted({diagnostic.code for diagnostic in (*found, *(one.diagnostic for one in allowed))})
    driver: Json = {"name": "archspec", "version": version, "rules": [_rule(code) for code in codes]}
    run: Json = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [
            *(_result(diagnostic, codes) for diagnostic in found),
            *({**_result(one.diagnostic, codes), "suppressions": [_suppression(one)]} for one in allowed),
        ],
    }
    return {"$schema": SCHEMA, "version": VERSION, "runs": [run]}


def _rule(code: str) -> Json:
    """A code as section 3.49 has it; one that the catalogue lacks, such as a plugin's, goes by its name alone."""
    if code not in CODES:
        return {"id": code}
    entry = CODES[code]
    return {
        "id": code,
        "shortDescription": _message(entry.title),
        "fullDescription": _message(entry.explanation),
        "help": _message(f"`archspec explain {code}` shows a wrong and a right example"),
    }


def _result(diagnostic: Diagnostic, codes: Sequence[str]) -> Json:
    result: Json = {
        "ruleId": diagnostic.code,
        "ruleIndex": codes.index(diagnostic.code),
        "level": diagnostic.severity.value,
        "message": _message(_text(diagnostic)),
    }
    if diagnostic.primary:
        result["locations"] = [_location(diagnostic.primary)]
    if diagnostic.labels:
        result["relatedLocations"] = [
            {"id": number, **_location(label)} for number, label in enumerate(diagnostic.labels, start=1)
        ]
    if diagnostic.fix:
        result["fixes"] = [_fix(diagnostic)]
    return result


def _suppression(suppressed: Suppressed) -> Json:
    """A comment as section 3.35 has it."""
    return {"kind": "inSource", "justification": suppressed.reason, "location": _location(Label(suppressed.comment))}


def _fix(diagnostic: Diagnostic) -> Json:
    """The edits as section 3.55 has them: the changes of one file, each of a region, which may be empty."""
    replacements: list[Json] = [
        {"deletedRegion": _region(edit.span), "insertedContent": {"text": edit.text}} for edit in diagnostic.fix
    ]
    location = {"uri": _uri(diagnostic.fix[0].span.source.name)}
    change: Json = {"artifactLocation": location, "replacements": replacements}
    about: Json = {"description": _message(diagnostic.help)} if diagnostic.help else {}
    return {**about, "artifactChanges": [change]}


def _text(diagnostic: Diagnostic) -> str:
    notes = [f"note: {note}" for note in diagnostic.notes]
    helps = [f"help: {diagnostic.help}"] if diagnostic.help else []
    return "\n".join([diagnostic.headline, *notes, *helps])


def _message(text: str) -> Json:
    return {"text": PLACEHOLDER.sub(r"{{\1}}", text)}


def _location(label: Label) -> Json:
    span = label.span
    place: Json = {"artifactLocation": {"uri": _uri(span.source.name)}, "region": _region(span)}
    message: Json = {"message": _message(label.text)} if label.text else {}
    return {"physicalLocation": place, **message}


def _region(span: Span) -> Json:
    """A span as section 3.30 has it: from 1, its end the column after the last character."""
    return {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }


def _uri(name: str) -> str:
    """A file's name as a URI: relative to where archspec ran, unless the name is absolute.

    >>> _uri("specs/my net.yaml")
    'specs/my%20net.yaml'
    """
    path = PurePath(name)
    return path.as_uri() if path.is_absolute() else quote(path.as_posix())
