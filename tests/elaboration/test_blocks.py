"""Blocks: closed bodies with typed parameters, checked at the use."""

from __future__ import annotations

import pytest

from archspec.diagnostics import Diagnostic
from archspec.ir.shape import Dim
from tests.compiled import compiled, graph_of, net


def findings(layers: str, rest: str) -> list[tuple[str, int]]:
    """The code and line of each finding; line 4 is the first of `rest`."""
    return [(found.code, found.position[0]) for found in report(layers, rest)]


def report(layers: str, rest: str) -> tuple[Diagnostic, ...]:
    return compiled(net(layers, rest=rest, inputs="{vector: [8]}")).diagnostics


def widths(layers: str, rest: str) -> list[Dim]:
    return [node.shapes[0].channels for node in graph_of(net(layers, rest=rest, inputs="{vector: [8]}")).nodes]


def test_a_lone_value_is_the_first_parameter() -> None:
    assert widths(
        "- unit: 3", "blocks: {unit: {parameters: {a: int, b: {type: int, default: 2}}, layers: [dense: $a]}}"
    ) == [3]


def test_the_bodys_input_is_in_everywhere_in_it() -> None:
    rest = """
    blocks:
      gate:
        layers:
          - multiply:
              all: []
              gate: [dense: 2, {repeat: 1, layers: [dense: $in.channels]}]
    """
    assert widths("- gate", rest) == [2, 8, 8]


def test_a_body_sees_its_parameters_and_lets_and_nothing_of_the_caller() -> None:
    assert widths("- unit: 3", "blocks: {unit: {parameters: {a: int}, let: {b: $(2 * a)}, layers: [dense: $b]}}") == [6]
    rest = "blocks: {unit: {layers: [dense: $width]}}\nlet: {width: 3}"
    assert ("E0602", 4) in findings("- unit\n- dense: $width", rest)


def test_each_use_has_its_own_weights() -> None:
    made = graph_of(net("- unit\n- unit", rest="blocks: {unit: {layers: [dense: 8]}}", inputs="{vector: [8]}"))
    assert [node.path for node in made.nodes] == ["unit_1/dense_1", "unit_2/dense_1"]
    assert sum(node.params for node in made.nodes) == 2 * (8 * 8 + 8)


def test_only_declared_outputs_can_be_seen_by_name_or_place() -> None:
    rest = "blocks: {unit: {layers: [{dense: 3, name: a}, {dense: 4, name: b}], outputs: [b, a]}}"
    assert widths("- {unit, name: u}\n- {dense: 5, from: u/a}\n- {add, from: [u/2, u/a]}", rest)[-1] == 3
    assert findings("- {unit, name: u}\n- {relu, from: u/c}", rest) == [("E0301", 7)]


def test_output_names_may_be_computed() -> None:
    rest = """
    blocks:
      unit:
        parameters: {older: {type: word, default: a}}
        layers: [{dense: 3, name: a}, {dense: 4, name: b}]
        outputs: [$older]
    """
    assert widths("- unit: b\n- relu", rest)[-1] == 4


@pytest.mark.parametrize(
    ("declared", "given", "width"),
    [
        ("int", "3", 3),
        ("{type: int, default: 5}", "", 5),
        ("dense.units", "3", 3),
        ("conv.filters", "3", 3),
        ("{type: dense.units, default: 6}", "", 6),
    ],
)
def test_a_parameters_type_may_be_an_ops_field(declared: str, given: str, width: int) -> None:
    use = f"- unit: {given}" if given else "- unit"
    assert widths(use, f"blocks: {{unit: {{parameters: {{a: {declared}}}, layers: [dense: $a]}}}}") == [width]


def test_an_ops_field_brings_its_default_along() -> None:
    rest = "blocks: {unit: {parameters: {act: dense.activation}, layers: [dense: {units: 3, activation: $act}]}}"
    made = graph_of(net("- unit\n- unit: tanh", rest=rest, inputs="{vector: [8]}"))
    assert [node.op.model_dump()["activation"] for node in made.nodes] == ["none", "tanh"]


@pytest.mark.parametrize(
    ("declared", "given", "code"),
    [
        ("int", "wide", "E0502"),
        ("int", "1.5", "E0502"),
        ("{type: int, min: 2}", "1", "E0502"),
        ("{type: int, max: 2}", "3", "E0502"),
        ("{type: number, min: 0.5}", "0.4", "E0502"),
        ("{type: word, one_of: [a, b]}", "c", "E0502"),
        ("bool", "yes", "E0502"),
        ("ints", "[1, x]", "E0502"),
        ("dense.units", "0", "E0502"),
        ("dense.activation", "rleu", "E0502"),
        ("block", "[relu]", "E0502"),
        ("block", "nothing_like_it", "E0305"),
        ("layers", "3", "E0502"),
        ("rows", "[1, 2]", "E0502"),
    ],
)
def test_a_wrong_argument_is_shown_at_the_use_and_not_in_the_body(declared: str, given: str, code: str) -> None:
    rest = f"blocks: {{unit: {{parameters: {{a: {declared}}}, layers: [dense: 3, use: $a]}}}}"
    assert findings(f"- unit: {{a: {given}}}", rest) == [(code, 6)]


def test_missing_and_unknown_arguments_are_shown_at_the_use() -> None:
    rest = "blocks: {unit: {parameters: {a: int, width: int}, layers: [dense: $(a + width)]}}"
    assert findings("- unit: 1", rest) == [("E0505", 6)]
    assert findings("- unit: {a: 1, width: 2, c: 3}", rest) == [("E0501", 6)]
    (found,) = report("- unit: {a: 1, widht: 2}", rest)
    assert (found.code, found.help) == ("E0501", "did you mean `width`?")


def test_a_block_parameter_names_a_block_or_an_op() -> None:
    rest = """
    blocks:
      small: {layers: [dense: 3]}
      stage: {parameters: {unit: block}, layers: [use: $unit]}
    """
    assert widths("- stage: small", rest) == [3]
    assert widths("- stage: relu\n- small", rest)[0] == 8


def test_the_arguments_of_use_are_checked_against_the_block_chosen() -> None:
    rest = """
    blocks:
      small: {parameters: {width: int}, layers: [dense: $width]}
      stage: {parameters: {unit: block}, layers: [{use: $unit, with: {width: 3}}]}
    """
    assert widths("- stage: small", rest) == [3]
    assert [code for code, _ in findings("- stage: relu\n- small: 1", rest)] == ["E0501"]


def test_layers_given_as_an_argument_keep_the_scope_and_the_numbers_of_the_caller() -> None:
    rest = """
    let: {width: 5}
    blocks:
      twice:
        parameters: {body: layers, width: {type: int, default: 3}}
        layers: [use: $body, {dense: $width, name: between}, use: $body]
    """
    layers = """
    - {dense: 4, name: stem}
    - twice: {body: [{dense: $width, name: d}, {concat, from: [d, stem], name: both}]}
    """
    made = graph_of(net(layers, rest=rest, inputs="{image: [8]}"))
    # The body's `$width` is the caller's 5 and not the block's 3; `both` joins 5 with the caller's `stem` of 4.
    assert {node.path: node.shapes[0].channels for node in made.nodes} == {
        "stem": 4,
        "twice_1/body_1/d": 5,
        "twice_1/body_1/both": 9,
        "twice_1/between": 3,
        "twice_1/body_2/d": 5,
        "twice_1/body_2/both": 9,
    }


def test_blocks_may_be_nested_as_layers_without_recursion() -> None:
    rest = "blocks: {grow: {parameters: {body: layers}, layers: [use: $body, use: $body]}}"
    assert len(widths("- grow: {body: [grow: {body: [grow: {body: [relu]}]}]}", rest)) == 8


@pytest.mark.parametrize(
    ("blocks", "shown"),
    [
        ("a: {layers: [a]}", "a -> a"),
        ("a: {layers: [b]}\n  b: {layers: [c]}\n  c: {layers: [a]}", "a -> b -> c -> a"),
        ("a: {layers: [add: {x: [a], y: []}]}", "a -> a"),
        ("a: {layers: [{repeat: 2, layers: [a]}]}", "a -> a"),
        ("a: {parameters: {f: {type: block, default: a}}, layers: [use: $f]}", "a -> a"),
    ],
)
def test_a_block_that_uses_itself_is_an_error_that_shows_the_cycle(blocks: str, shown: str) -> None:
    found = report("- a", f"blocks:\n  {blocks}")
    assert [one.code for one in found] == ["E0308"]
    assert found[0].headline.endswith(shown)


def test_a_block_handed_to_itself_is_a_cycle_too() -> None:
    rest = "blocks: {w: {parameters: {f: block}, layers: [{use: $f, with: {f: $f}}]}}"
    assert [code for code, _ in findings("- w: w", rest)] == ["E0308"]


def test_a_mistake_in_a_body_is_shown_there_with_its_use() -> None:
    (found,) = report("- unit: 3", "blocks: {unit: {parameters: {a: int}, layers: [dense: {units: $a, color: red}]}}")
    assert (found.code, found.position[0]) == ("E0501", 4)
    assert [(label.span.line, label.text) for label in found.labels] == [(6, "used here")]


def test_a_mistake_in_a_standard_block_is_shown_at_the_users_line() -> None:
    text = net("- conv_bn: {filters: 4, kernel: 9}")
    (found,) = compiled(text).diagnostics
    assert (found.code, found.position[0]) == ("E0402", 6)
    assert "<stdlib>/conv_bn.yaml:" in found.notes[-1]


def test_a_block_of_the_file_stands_before_one_of_the_library_and_an_op() -> None:
    assert widths("- conv_relu: 3", "blocks: {conv_relu: {parameters: {a: int}, layers: [dense: $a]}}") == [3]
    assert widths("- relu: 3", "blocks: {relu: {parameters: {a: int}, layers: [dense: $a]}}") == [3]
