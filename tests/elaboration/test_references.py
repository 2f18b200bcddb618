"""References: where a name is looked up, what it stands for, and what cannot be referred to."""

from __future__ import annotations

import pytest

from tests.compiled import compiled, graph_of, net

TWO = "{left: [8, 8, 4], right: [8, 8, 4]}"


def last_inputs(layers: str, rest: str = "", inputs: str = "{image: [8, 8, 4]}") -> list[str]:
    """The values that the last node takes."""
    return [str(value) for value in graph_of(net(layers, rest=rest, inputs=inputs)).nodes[-1].inputs]


def codes(layers: str, rest: str = "", inputs: str = "{image: [8, 8, 4]}") -> list[str]:
    return [found.code for found in compiled(net(layers, rest=rest, inputs=inputs)).diagnostics]


def test_the_previous_line_is_the_input_unless_from_names_another() -> None:
    assert last_inputs("- {relu, name: a}\n- {tanh, name: b}\n- elu") == ["b"]
    assert last_inputs("- {relu, name: a}\n- {tanh, name: b}\n- {add, from: [a, b]}") == ["a", "b"]


def test_an_input_is_referred_to_by_its_name() -> None:
    assert last_inputs("- {add, from: [right, left]}", inputs=TWO) == ["right", "left"]


def test_from_alone_goes_on_from_there_and_with_a_name_is_an_alias() -> None:
    layers = "- {relu, name: a}\n- {tanh, name: b}\n- {from: a, name: start}\n- elu\n- {add, from: [start, b]}"
    assert last_inputs(layers) == ["a", "b"]
    assert last_inputs(layers.rpartition("\n")[0]) == ["a"]


def test_a_name_is_looked_up_outwards_to_the_edge_of_the_block() -> None:
    layers = """
    - {relu, name: skip}
    - repeat: 1
      name: stage$index
      layers:
        - add:
            main: [{tanh, name: inner}, {add, from: [inner, skip]}]
            other: []
    """
    nodes = {node.path: node for node in graph_of(net(layers)).nodes}
    assert [str(value) for value in nodes["stage1/main/add_1"].inputs] == ["stage1/main/inner", "skip"]
    rest = "blocks: {unit: {layers: [{relu, from: skip}]}}"
    assert codes("- {relu, name: skip}\n- unit", rest) == ["E0301"]


def test_inside_a_branch_a_pass_or_a_side_names_are_seen_through_its_path() -> None:
    layers = """
    - add: {main: [{relu, name: a}], skip: []}
      name: join
    - {repeat: 2, name: stage$index, layers: [{tanh, name: b}]}
    - {side: [{elu, name: c}], name: head}
    - {add, from: [join/main/a, stage1/b, head/c, join/skip, stage2]}
    """
    assert last_inputs(layers) == ["join/main/a", "stage1/b", "head/c", "image", "stage2/b"]


def test_a_later_branch_may_refer_to_an_earlier_ones_names() -> None:
    layers = """
    - add:
        one: [{relu, name: y}]
        two: [{tanh, from: one/y}, {elu, name: z}]
        three: [{add, from: [one, two/z]}]
    """
    nodes = {node.path: node for node in graph_of(net(layers)).nodes}
    assert [str(value) for value in nodes["two/tanh_1"].inputs] == ["one/y"]
    assert [str(value) for value in nodes["three/add_1"].inputs] == ["one/y", "two/z"]


def test_a_place_is_one_of_several_values_counted_from_1() -> None:
    assert last_inputs("- {split: 2, name: half}\n- {add, from: [half/2, half/1]}") == ["half/2", "half"]
    assert codes("- {split: 2, name: half}\n- {relu, from: half/0}") == ["E0304"]
    assert codes("- {split: 2, name: half}\n- {relu, from: half/3}") == ["E0304"]


@pytest.mark.parametrize("place", ["²", "٣", "1.5", "-1", "9" * 5000, ""])
def test_a_place_that_is_no_plain_number_is_a_name_that_is_not_there(place: str) -> None:
    assert codes(f"- {{split: 2, name: half}}\n- {{relu, from: 'half/{place}'}}") == ["E0301"]


def test_a_reference_to_several_values_stands_for_all_of_them_in_order() -> None:
    assert last_inputs("- {split: 2, name: half}\n- {concat, from: [half, image]}") == ["half", "half/2", "image"]


def test_only_what_stands_above_can_be_referred_to() -> None:
    assert codes("- {relu, from: later}\n- {relu, name: later}") == ["E0301"]


def test_only_written_names_can_be_referred_to() -> None:
    assert codes("- relu\n- {tanh, from: relu_1}") == ["E0302"]
    assert codes("- split: 2\n- {tanh, from: split_1/1}") == ["E0302"]


def test_a_line_that_is_off_cannot_be_referred_to() -> None:
    (found,) = compiled(net("- {relu, name: a, when: false}\n- {tanh, from: a}")).diagnostics
    assert found.code == "E0303"
    assert [label.span.line for label in found.labels] == [6]


def test_of_two_lines_with_opposite_conditions_one_may_have_the_others_name() -> None:
    rest = "let: {deep: true}"
    layers = "- {relu, name: a, when: $deep}\n- {tanh, name: a, when: $(not deep)}\n- {elu, from: a}"
    assert last_inputs(layers, rest) == ["a"]


def test_a_reference_may_be_computed() -> None:
    assert last_inputs("- {relu, name: a3}\n- tanh\n- {elu, from: a$n}", "let: {n: 3}") == ["a3"]


def test_a_number_is_no_reference() -> None:
    assert codes("- {relu, name: a}\n- {tanh, from: 1}\n- {tanh, from: -1}") == ["E0301", "E0301"]
