"""Lines of `layers` as items: every form that the language has, and no other."""

from __future__ import annotations

import pytest

from archspec.diagnostics import DiagnosticSink
from archspec.syntax import ast, tree
from archspec.syntax.items import MODIFIERS, RESERVED, parse_branches
from tests.syntax.reading import document_and_findings, item


def use(text: str) -> ast.Use:
    made = item(text)
    assert isinstance(made, ast.Use)
    return made


def branches(text: str) -> tuple[ast.Branch, ...]:
    made = use(text)
    found = parse_branches(made.value, made.word, DiagnosticSink())
    assert found is not None
    return found


def texts(scalars: tuple[tree.Scalar, ...] | None) -> list[str] | None:
    return None if scalars is None else [scalar.text for scalar in scalars]


@pytest.mark.parametrize("text", ["- relu", "- relu:", "- {relu}", "- {relu: }", "- relu: ~"])
def test_a_word_alone_is_a_use_without_a_value(text: str) -> None:
    made = use(text)
    assert (made.word.text, made.value) == ("relu", None)


def test_a_lone_value_is_the_value() -> None:
    made = use("- dense: 10")
    assert isinstance(made.value, tree.Scalar)
    assert made.value.text == "10"


def test_a_mapping_is_the_fields() -> None:
    made = use("- conv: {filters: 8, kernel: 3}")
    assert isinstance(made.value, tree.Mapping)
    assert [entry.key.text for entry in made.value.entries] == ["filters", "kernel"]


def test_modifiers_stand_beside_the_op_in_any_order() -> None:
    made = use("- {when: $x, name: a, relu, from: [p, q/1], only: training, with: {axis: rows}}")
    modifiers = made.modifiers
    assert made.word.text == "relu"
    assert modifiers.name is not None
    assert modifiers.name.text == "a"
    assert modifiers.when is not None
    assert modifiers.when.text == "$x"
    assert texts(modifiers.source) == ["p", "q/1"]
    assert modifiers.training_only
    assert modifiers.arguments is not None


def test_an_item_is_placed_at_its_op_and_not_at_its_modifiers() -> None:
    assert item("- {name: a, dense: 4}").span.column == 15


@pytest.mark.parametrize("text", ["- from: p", "- {from: p, name: a}", "- {from: [p], when: $x}"])
def test_from_alone_continues_from_there(text: str) -> None:
    made = item(text)
    assert isinstance(made, ast.Continue)
    assert texts(made.modifiers.source) == ["p"]


def test_a_side_is_a_list_of_items() -> None:
    made = item("- {side: [flatten, dense: 10], name: head, only: training}")
    assert isinstance(made, ast.Side)
    assert len(made.layers) == 2
    assert made.modifiers.training_only


def test_repeat_is_a_loop_by_count() -> None:
    made = item("- {repeat: $n, layers: [relu], name: unit$index, from: p, when: $x}")
    assert isinstance(made, ast.Loop)
    assert made.passes.repeats is not None
    assert made.passes.repeats.text == "$n"
    assert len(made.layers) == 1


def test_for_with_a_mapping_is_a_loop_by_columns() -> None:
    made = item("- {for: {width: [1, 2], depth: $depths}, layers: [relu]}")
    assert isinstance(made, ast.Loop)
    assert [entry.key.text for entry in made.passes.columns] == ["width", "depth"]


def test_for_with_a_list_and_rows_is_a_loop_by_rows() -> None:
    made = item("- {for: [a, b], rows: [[1, 2]], layers: [relu]}")
    assert isinstance(made, ast.Loop)
    assert texts(made.passes.row_names) == ["a", "b"]
    assert isinstance(made.passes.rows, tree.Sequence)


def test_branches_are_lists_or_mappings_with_layers() -> None:
    identity, off, looped = branches(
        """
        - add:
            identity: []
            off: {when: $x, from: p, only: training, layers: [relu]}
            looped: {for: {rate: [1, 2]}, layers: [relu]}
        """
    )
    assert identity.layers == ()
    assert off.modifiers.when is not None
    assert off.modifiers.training_only
    assert texts(off.modifiers.source) == ["p"]
    assert looped.passes is not None
    assert [branch.name.text for branch in (identity, off, looped)] == ["identity", "off", "looped"]


def test_a_join_that_stands_alone_has_no_branches() -> None:
    made = use("- {concat, with: {axis: rows}}")
    assert parse_branches(made.value, made.word, DiagnosticSink()) is None


def test_modifiers_and_loop_words_are_reserved() -> None:
    # The list of LANGUAGE, part two, 2.
    assert set(RESERVED) == {*MODIFIERS, "for", "repeat", "rows", "layers", "side", "use"}
    assert MODIFIERS == ("name", "from", "when", "only", "with")


@pytest.mark.parametrize("word", sorted(set(RESERVED) | {"in", "parallel"}))
def test_no_block_may_have_a_reserved_word_as_its_name(word: str) -> None:
    text = f"archspec: 1\ninputs: {{image: [8]}}\nblocks: {{{word}: {{layers: [relu]}}}}\nlayers: [relu]\n"
    _, found = document_and_findings(text)
    assert [(one.code, one.position) for one in found] == [("E0205", (3, 10))]


@pytest.mark.parametrize(
    "text",
    [
        "- {repeat: 2}",
        "- {repeat: 2, for: {a: [1]}, layers: [relu]}",
        "- {repeat: 2, layers: [relu], width: 3}",
        "- {dense: 4, relu: 3}",
        "- {name: a}",
        "- [relu]",
        "- {}",
        "-",
        "- side: relu",
        "- {relu, when: [a]}",
        "- {relu, from: {a: b}}",
        "- {relu, name: {a: b}}",
        "- {relu, only: inference}",
        "- {relu, with: 3}",
    ],
)
def test_every_other_form_is_refused_at_one_place(text: str) -> None:
    _, found = document_and_findings(f"archspec: 1\ninputs: {{image: [8]}}\nlayers:\n  {text}\n")
    (one,) = found
    assert one.code.startswith("E02")
    assert one.position[0] == 4
