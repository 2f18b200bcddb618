"""Loops: what each pass binds, by count, by columns and by rows."""

from __future__ import annotations

import pytest

from archspec.ir.shape import Dim
from tests.compiled import compiled, graph_of, net


def widths(layers: str, rest: str = "") -> list[Dim]:
    """The channels of every node, in order."""
    return [node.shapes[0].channels for node in graph_of(net(layers, rest=rest, inputs="{vector: [4]}")).nodes]


def codes(layers: str, rest: str = "") -> list[str]:
    return [found.code for found in compiled(net(layers, rest=rest)).diagnostics]


def test_repeat_binds_index_first_and_last_counted_from_1() -> None:
    assert widths("- {repeat: 3, layers: [dense: $(10 * index)]}") == [10, 20, 30]
    assert widths("- {repeat: 3, layers: [dense: $(1 if first else 3 if last else 2)]}") == [1, 2, 3]


def test_columns_walk_in_step() -> None:
    assert widths("- {for: {a: [1, 2], b: [10, 20]}, layers: [dense: $(a + b)]}") == [11, 22]


def test_columns_may_be_computed_from_one_another_of_the_outer_loop() -> None:
    layers = "- {for: {a: [1, 2]}, layers: [{for: {b: $(range(a))}, layers: [dense: $(10 * a + b)]}]}"
    assert widths(layers) == [11, 21, 22]


def test_the_innermost_loop_binds_index_and_an_outer_one_is_a_column() -> None:
    layers = "- {for: {stage: [1, 2]}, layers: [{repeat: 2, layers: [dense: $(10 * stage + index)]}]}"
    assert widths(layers) == [11, 12, 21, 22]


def test_rows_bind_a_name_a_column() -> None:
    assert widths("- {for: [a, b], rows: [[1, 2], [3, 4]], layers: [dense: $a, dense: $b]}") == [1, 2, 3, 4]
    assert widths("- {for: [a], rows: $table, layers: [dense: $a]}", "let: {table: [[1], [2]]}") == [1, 2]


def test_a_row_is_the_fields_of_a_block_or_op() -> None:
    rest = "blocks: {unit: {parameters: {a: int, act: word}, layers: [{dense: {units: $a, activation: $act}}]}}"
    made = graph_of(
        net("- {for: [act, a], rows: [[relu, 3], [tanh, 5]], layers: [unit: $row]}", rest=rest, inputs="{v: [4]}")
    )
    assert [(node.shapes[0].channels, node.op.model_dump()["activation"]) for node in made.nodes] == [
        (3, "relu"),
        (5, "tanh"),
    ]
    assert widths("- {for: [units], rows: [[3], [5]], layers: [dense: $row]}") == [3, 5]


def test_the_columns_of_a_row_must_be_the_fields() -> None:
    assert codes("- {for: [unit], rows: [[3]], layers: [dense: $row]}") == ["E0501"]


@pytest.mark.parametrize("text", ["$(0)", "0", "[]"])
def test_no_passes_are_legal(text: str) -> None:
    loop = f"{{for: {{a: {text}}}, layers: [relu]}}" if text == "[]" else f"{{repeat: {text}, layers: [relu]}}"
    assert widths(f"- dense: 3\n- {loop}") == [3]


def test_cells_of_a_table_are_typed_by_what_takes_them() -> None:
    # `no` and `017` mean what they look like; a true-or-false field wants `true` or `false`.
    assert widths("- {for: [units, bias], rows: [[017, true]], layers: [dense: $row]}") == [17]
    assert codes("- {for: [units, bias], rows: [[3, no]], layers: [dense: $row]}") == ["E0502"]


@pytest.mark.parametrize(
    ("loop", "code"),
    [
        ("{repeat: -1, layers: [relu]}", "E0502"),
        ("{repeat: 1.5, layers: [relu]}", "E0502"),
        ("{repeat: true, layers: [relu]}", "E0502"),
        ("{repeat: many, layers: [relu]}", "E0502"),
        ("{repeat: 1000000000, layers: [relu]}", "E0802"),
        ("{for: {a: 3}, layers: [relu]}", "E0502"),
        ("{for: {a: [1], b: [1, 2]}, layers: [relu]}", "E0310"),
        ("{for: [a, b], rows: [[1, 2], [3]], layers: [relu]}", "E0310"),
        ("{for: [a], rows: 3, layers: [relu]}", "E0502"),
        ("{for: {a: $missing}, layers: [relu]}", "E0602"),
    ],
)
def test_a_loop_that_cannot_be_walked_is_one_mistake(loop: str, code: str) -> None:
    assert codes(f"- {loop}\n- dense: 3\n- {{relu, from: inner}}") == [code] if code != "" else []


def test_passes_do_not_see_one_anothers_bindings() -> None:
    assert codes("- {repeat: 2, layers: [relu]}\n- dense: $index") == ["E0602"]
