"""SARIF logs, held against what the 2.1.0 schema requires; written out here, since tests use no network."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import unquote

import pytest

from archspec.diagnostics import Diagnostic, Edit, Label, Severity, SourceFile, Span, Suppressed
from archspec.diagnostics.codes import CODES
from archspec.diagnostics.render_sarif import to_sarif

SOURCE = SourceFile("my nets/größe:1.yaml", "layers:\n  - relu\n")
HERE = Span(SOURCE, 2, 5, 2, 9)

FOUND = [
    Diagnostic("W0302", "never read", Label(HERE), severity=Severity.WARNING),
    Diagnostic(
        "E0111",
        "written {0} twice {a: 1}",
        Label(HERE, "again here"),
        (Label(Span(SOURCE, 1, 1, 2, 3), "first here"), Label(HERE)),
        ("a note",),
        "remove one",
        fix=(Edit(HERE, "relu6 {0}"), Edit(Span(SOURCE, 1, 1, 1, 1), "archspec: 1\n")),
    ),
    Diagnostic("E0903", "nowhere", None),
    Diagnostic("X0001", "a code that the catalogue lacks", Label(Span(SOURCE, 1, 1, 1, 1))),
]

REQUIRED = {
    "log": {"version", "runs"},
    "run": {"tool"},
    "tool": {"driver"},
    "driver": {"name"},
    "rule": {"id"},
    "result": {"message"},
    "fix": {"artifactChanges"},
    "change": {"artifactLocation", "replacements"},
    "replacement": {"deletedRegion"},
}
"""The properties without which the schema refuses each object."""

ALLOWED = {
    "log": {"$schema"},
    "run": {"results", "columnKind"},
    "tool": set(),
    "driver": {"version", "rules"},
    "rule": {"shortDescription", "fullDescription", "help"},
    "result": {"ruleId", "ruleIndex", "level", "locations", "relatedLocations", "fixes"},
    "fix": {"description"},
    "change": set(),
    "replacement": {"insertedContent"},
}
"""Others of the schema's that we write; it refuses any that it does not know."""


@pytest.fixture(scope="module")
def log() -> Any:
    """The log of all the findings, as a reader gets it."""
    return json.loads(json.dumps(to_sarif(FOUND, "1.2.3")))


def hold(kind: str, content: dict[str, Any]) -> dict[str, Any]:
    """Hold an object against the schema's properties."""
    assert REQUIRED[kind] <= content.keys() <= REQUIRED[kind] | ALLOWED[kind]
    return content


def hold_message(content: dict[str, Any]) -> None:
    """A message has a text, and the schema lets no empty one pass for a rule's."""
    assert content.keys() == {"text"}
    assert isinstance(content["text"], str)
    assert content["text"]


def hold_location(content: dict[str, Any]) -> None:
    """A location has a URI and a region."""
    assert {"physicalLocation"} <= content.keys() <= {"id", "physicalLocation", "message"}
    if "message" in content:
        hold_message(content["message"])
    place = content["physicalLocation"]
    assert place.keys() == {"artifactLocation", "region"}
    assert re.fullmatch(r"[A-Za-z0-9._~/%-]+", place["artifactLocation"]["uri"])
    hold_region(place["region"])


def hold_region(region: dict[str, Any]) -> None:
    """A region begins at 1 or later and does not end before it begins."""
    assert all(isinstance(number, int) and number >= 1 for number in region.values())
    start, end = (region["startLine"], region["startColumn"]), (region["endLine"], region["endColumn"])
    assert start <= end


def hold_fix(content: dict[str, Any]) -> None:
    """A fix has changes, each of one file, with replacements, none of these lists empty."""
    hold("fix", content)
    hold_message(content["description"])
    assert content["artifactChanges"]
    for change in content["artifactChanges"]:
        hold("change", change)
        assert change["artifactLocation"].keys() == {"uri"}
        assert change["replacements"]
        for replacement in change["replacements"]:
            hold("replacement", replacement)
            hold_region(replacement["deletedRegion"])
            assert replacement["insertedContent"].keys() == {"text"}


def test_every_object_has_what_the_schema_requires(log: Any) -> None:
    hold("log", log)
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    hold("run", run)
    assert run["columnKind"] in ("utf16CodeUnits", "unicodeCodePoints")
    hold("tool", run["tool"])
    driver = hold("driver", run["tool"]["driver"])
    for rule in driver["rules"]:
        hold("rule", rule)
        for name in rule.keys() - {"id"}:
            hold_message(rule[name])
    for result in run["results"]:
        hold("result", result)
        hold_message(result["message"])
        assert result["level"] in ("none", "note", "warning", "error")
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        for location in result.get("locations", []) + result.get("relatedLocations", []):
            hold_location(location)
        for fix in result.get("fixes", []):
            hold_fix(fix)


def test_rules_are_the_codes_found_once_each(log: Any) -> None:
    rules = {rule["id"]: rule for rule in log["runs"][0]["tool"]["driver"]["rules"]}
    assert list(rules) == ["E0111", "E0903", "W0302", "X0001"]
    assert rules["E0111"]["shortDescription"]["text"] == CODES["E0111"].title
    assert rules["X0001"] == {"id": "X0001"}


def test_results_say_what_was_found_and_where(log: Any) -> None:
    warning, error, nowhere, _ = log["runs"][0]["results"]
    assert warning["level"] == "warning"
    (location,) = warning["locations"]
    assert unquote(location["physicalLocation"]["artifactLocation"]["uri"]) == SOURCE.name
    assert location["physicalLocation"]["region"] == {"startLine": 2, "startColumn": 5, "endLine": 2, "endColumn": 9}
    assert "relatedLocations" not in warning
    assert error["level"] == "error"
    assert error["locations"][0]["message"] == {"text": "again here"}
    assert "locations" not in nowhere


def test_the_other_places_are_numbered(log: Any) -> None:
    first, second = log["runs"][0]["results"][1]["relatedLocations"]
    assert (first["id"], first["message"]["text"]) == (1, "first here")
    assert first["physicalLocation"]["region"]["endLine"] == 2
    assert second["id"] == 2
    assert "message" not in second


def test_a_message_has_the_notes_and_the_help_and_no_placeholder(log: Any) -> None:
    text = log["runs"][0]["results"][1]["message"]["text"]
    assert text == "written {{0}} twice {a: 1}\nnote: a note\nhelp: remove one"


def test_a_fix_has_its_edits_word_for_word(log: Any) -> None:
    warning, error, *_ = log["runs"][0]["results"]
    assert "fixes" not in warning
    (fix,) = error["fixes"]
    assert fix["description"] == {"text": "remove one"}
    replace, insert = fix["artifactChanges"][0]["replacements"]
    assert replace["insertedContent"] == {"text": "relu6 {0}"}  # no message: a placeholder is none here
    assert insert["deletedRegion"] == {"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 1}


def test_an_absolute_name_is_a_file_uri() -> None:
    found = Diagnostic("E0104", "empty", Label(Span(SourceFile("/nets/a b.yaml", ""), 1, 1, 1, 1)))
    content: Any = to_sarif([found], "1")
    place = content["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "file:///nets/a%20b.yaml"


def test_nothing_found_is_a_log_too() -> None:
    content: Any = to_sarif([], "1")
    (run,) = content["runs"]
    assert run["results"] == run["tool"]["driver"]["rules"] == []


def test_what_a_comment_suppresses_is_a_result_that_says_so() -> None:
    (found, *_) = FOUND
    (run,) = as_runs(to_sarif([], "1.0", [Suppressed(found, "read elsewhere", HERE)]))
    (result,) = run["results"]
    (suppression,) = result["suppressions"]
    assert (result["ruleId"], suppression["kind"]) == ("W0302", "inSource")
    assert suppression["justification"] == "read elsewhere"
    assert suppression["location"]["physicalLocation"]["region"]["startLine"] == 2
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["W0302"]


def as_runs(log: dict[str, Any]) -> list[dict[str, Any]]:
    """The runs of a log."""
    return list(log["runs"])
