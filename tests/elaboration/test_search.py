"""The values over which parameters are searched, as they are written, set and handed to Python."""

from __future__ import annotations

import pytest

from archspec.compiler import compile_spec
from archspec.diagnostics import DiagnosticSink, SourceFile
from archspec.elaboration.search import as_range, text_of
from archspec.elaboration.settings import read_setting
from archspec.syntax.tree import Mapping, Scalar, Tree
from tests.compiled import compiled


def value(text: str) -> Tree:
    read = read_setting("--search", f"a={text}", DiagnosticSink())
    assert read is not None
    return read[1]


@pytest.mark.parametrize("text", ["[1, 2]", "relu", "[[1, a], []]", "'it''s'", "'3'", "1.50"])
def test_a_choice_is_written_as_it_stands(text: str) -> None:
    assert text_of(value(text)) == text


def test_a_range_of_a_command_line_is_that_of_a_file() -> None:
    for text, entries in {
        "16..128/16": {"from": "16", "to": "128", "step": "16"},
        "1 .. 3": {"from": "1", "to": "3"},
        "-0.5..0.5/0.25": {"from": "-0.5", "to": "0.5", "step": "0.25"},
    }.items():
        node = as_range(value(text))
        assert isinstance(node, Mapping)
        assert {entry.key.text: text_of(entry.value) for entry in node.entries} == entries
    assert isinstance(as_range(value("1..")), Scalar)


@pytest.mark.parametrize("search", [", search: [1, 2]", ", search: {from: 20, to: 30}"])
def test_a_search_changes_nothing_of_the_network(search: str) -> None:
    text = """
        archspec: 1
        parameters: {width: {type: int, default: 7SEARCH}}
        inputs: {vector: [3]}
        layers: [dense: $width]
    """
    assert compiled(text.replace("SEARCH", search)).require_graph().nodes[0].params == 3 * 7 + 7


def test_a_library_holds_its_searches_against_their_types() -> None:
    text = "archspec: 1\nparameters: {bias: {type: bool, default: true, search: [true, 3]}}\nblocks:\n"
    text += "  unit: {parameters: {units: int}, layers: [dense: $units]}\ndefaults: {dense: {bias: $bias}}\n"
    assert [one.code for one in compile_spec(SourceFile("library.yaml", text)).diagnostics] == ["E0502"]
