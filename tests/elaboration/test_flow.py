"""What flows from line to line: one value or several, branches, sides, and what is not there."""

from __future__ import annotations

import pytest

from archspec.ir.graph import Graph
from tests.compiled import compiled, graph_of, net

TWO = "{left: [8, 8, 4], right: [8, 8, 4]}"


def graph(layers: str, rest: str = "", inputs: str = "{image: [8, 8, 4]}") -> Graph:
    return graph_of(net(layers, rest=rest, inputs=inputs))


def inputs_of(made: Graph, path: str) -> list[str]:
    return [str(value) for value in made.by_path[path].inputs]


def codes(layers: str, rest: str = "", inputs: str = "{image: [8, 8, 4]}") -> list[str]:
    return [found.code for found in compiled(net(layers, rest=rest, inputs=inputs)).diagnostics]


def test_at_the_top_all_inputs_flow() -> None:
    assert inputs_of(graph("- concat", inputs=TWO), "concat_1") == ["left", "right"]


def test_what_flows_at_the_end_is_the_output() -> None:
    assert [output.name for output in graph("- relu").outputs] == ["relu_1"]
    assert [output.name for output in graph("- {split: 2, name: half}").outputs] == ["half", "half/2"]


def test_an_op_of_one_input_met_by_several_is_an_error_that_names_them() -> None:
    (found,) = compiled(net("- {split: 2, name: half}\n- relu")).diagnostics
    assert found.code == "E0307"
    assert "`half/1`, `half/2`" in found.headline
    assert found.help == "choose one with `from: half/1`, or join them"


def test_parallel_leaves_its_branches_flowing_side_by_side() -> None:
    made = graph("- parallel: {a: [relu], b: [tanh]}\n- concat")
    assert inputs_of(made, "concat_1") == ["a/relu_1", "b/tanh_1"]


def test_every_branch_starts_from_what_the_join_received_unless_it_says_otherwise() -> None:
    made = graph(
        """
        - {relu, name: a}
        - {tanh, name: b}
        - concat:
            one: [elu]
            two: {from: a, layers: [elu]}
            three: [{elu, from: a}]
            four: []
            five: [from: a]
        """
    )
    assert [inputs_of(made, f"{branch}/elu_1") for branch in ("one", "two", "three")] == [["b"], ["a"], ["a"]]
    assert inputs_of(made, "concat_1") == ["one/elu_1", "two/elu_1", "three/elu_1", "b", "a"]


def test_a_branch_all_of_whose_items_are_off_is_the_identity() -> None:
    made = graph("- {relu, name: a}\n- add: {main: [tanh], skip: [{elu, when: false}]}")
    assert inputs_of(made, "add_1") == ["main/tanh_1", "a"]


def test_a_branch_with_a_false_when_is_absent_and_one_left_is_handed_through() -> None:
    made = graph("- {relu, name: a}\n- add: {main: [tanh], skip: {when: false, layers: []}}\n- elu")
    assert inputs_of(made, "elu_1") == ["main/tanh_1"]
    assert "add_1" not in made.by_path


def test_a_join_of_nothing_is_an_error() -> None:
    assert codes("- add: {a: {when: false, layers: []}}") == ["E0311"]
    assert codes("- add: {a: {for: {x: []}, layers: []}}") == ["E0311"]


def test_a_branch_with_for_makes_one_branch_a_pass() -> None:
    made = graph(
        """
        - concat:
            one: [relu]
            atrous: {for: {rate: [1, 2]}, layers: [conv: {filters: 2, kernel: 3, dilation: $rate, padding: same}]}
        """
    )
    assert inputs_of(made, "concat_1") == ["one/relu_1", "atrous1/conv_1", "atrous2/conv_1"]


def test_a_branch_with_for_and_no_passes_makes_none() -> None:
    made = graph("- concat: {one: [relu], more: {repeat: 0, layers: [tanh]}}\n- elu")
    assert inputs_of(made, "elu_1") == ["one/relu_1"]


def test_a_joins_own_fields_stand_beside_it() -> None:
    made = graph("- {concat: {a: [], b: [relu]}, with: {axis: rows}}")
    assert str(made.nodes[-1].shapes[0]) == "(16, 8, 4)"


def test_a_side_runs_off_the_trunk_and_the_trunk_flows_on() -> None:
    made = graph("- {relu, name: a}\n- {side: [tanh], name: head}\n- {elu, name: b}", rest="outputs: [b, head]")
    assert inputs_of(made, "b") == ["a"]
    assert inputs_of(made, "head/tanh_1") == ["a"]
    assert [str(output.value) for output in made.outputs] == ["b", "head/tanh_1"]


def test_a_line_that_is_off_is_not_there() -> None:
    made = graph("- {relu, name: a}\n- {tanh, when: false}\n- elu")
    assert [node.path for node in made.nodes] == ["a", "elu_1"]
    assert inputs_of(made, "elu_1") == ["a"]


def test_no_passes_hand_through() -> None:
    assert [node.path for node in graph("- relu\n- {repeat: 0, layers: [tanh]}").nodes] == ["relu_1"]


def test_an_output_may_be_one_of_several_or_an_input() -> None:
    made = graph("- {split: 2, name: half}\n- {relu, from: half/1, name: a}", rest="outputs: [a, half/2, image]")
    assert [(output.name, str(output.value)) for output in made.outputs] == [
        ("a", "a"),
        ("half/2", "half/2"),
        ("image", "image"),
    ]


def test_a_value_that_goes_nowhere_is_left_out_with_a_warning() -> None:
    found = compiled(net("- {relu, name: a}\n- {side: [tanh]}\n- {elu, name: b}"))
    assert [(one.code, one.position[0]) for one in found.diagnostics] == [("W0301", 7)]
    assert found.graph is not None
    assert [node.path for node in found.graph.nodes] == ["a", "b"]


@pytest.mark.parametrize("layers", ["- relu", "- {relu, from: [left]}"])
def test_one_of_two_inputs_needs_to_be_chosen_and_the_other_used(layers: str) -> None:
    assert codes(layers, inputs=TWO) in (["E0307"], ["W0301"])


# What NASNet's cells need: two values carried by a loop through blocks with two inputs and two outputs.

CELLS = """
blocks:
  cell:
    inputs: [cur, prev]
    parameters: {filters: int}
    layers:
      - {conv: {filters: $filters, kernel: 1}, from: prev, name: p, when: $(prev.channels != filters)}
      - {from: prev, name: p, when: $(prev.channels == filters)}
      - {conv: {filters: $filters, kernel: 1}, from: cur, name: h}
      - concat:
          one: [add: {left: [{conv: {filters: $filters, kernel: 3, padding: same}, from: h}], right: [from: p]}]
          two: [from: h]
        name: out
    outputs: [out, cur]
"""


def test_a_loop_carries_two_values_through_a_block_with_two_inputs_and_outputs() -> None:
    layers = """
    - {relu, name: stem}
    - {from: [stem, stem]}
    - repeat: 3
      layers: [{cell: 8, name: cell$index}]
    - {relu, from: cell3/out}
    """
    made = graph(layers, CELLS)
    assert inputs_of(made, "cell1/h") == ["stem"]
    assert inputs_of(made, "cell2/h") == ["cell1/out"]
    assert inputs_of(made, "cell3/h") == ["cell2/out"]
    # cell 2's older value is the stem (4 channels), cell 3's is cell 1's output (16): each is brought to 8.
    assert inputs_of(made, "cell2/p") == ["stem"]
    assert inputs_of(made, "cell3/p") == ["cell1/out"]
    assert made.outputs[0].shape.channels == 16


def test_a_block_without_inputs_takes_any_number_as_in() -> None:
    rest = """
    blocks:
      fuse:
        layers:
          - parallel:
              low: [{relu, from: in/1}]
              high: [{add, from: [in/1, in/2]}]
    """
    made = graph("- fuse\n- add", rest, TWO)
    assert inputs_of(made, "fuse_1/high/add_1") == ["left", "right"]
    assert inputs_of(made, "add_1") == ["fuse_1/low/relu_1", "fuse_1/high/add_1"]


def test_a_block_that_declares_its_inputs_takes_as_many() -> None:
    rest = "blocks: {both: {inputs: [a, b], layers: [{add, from: [a, b]}]}}"
    assert codes("- both", rest) == ["E0307"]
    assert codes("- {both, from: [image, image]}", rest) == []
