"""Paths, which are the keys of weights: made of the names that the author wrote, LANGUAGE part two, section 10."""

from __future__ import annotations

import pytest

from tests.compiled import compiled, graph_of, net


def paths(layers: str, rest: str = "", inputs: str = "{image: [8, 8, 4]}") -> list[str]:
    """The nodes' paths in graph order."""
    return [node.path for node in graph_of(net(layers, rest=rest, inputs=inputs)).nodes]


def test_an_unnamed_line_is_called_after_its_op_and_its_place_among_the_unnamed_of_that_op() -> None:
    assert paths("- relu\n- conv: {filters: 4, kernel: 1}\n- relu\n- conv: {filters: 4, kernel: 1}") == [
        "relu_1",
        "conv_1",
        "relu_2",
        "conv_2",
    ]


def test_a_named_line_takes_no_number_so_putting_one_in_changes_no_other_path() -> None:
    before = paths("- relu\n- relu")
    after = paths("- relu\n- {relu, name: extra}\n- relu")
    assert [path for path in after if path != "extra"] == before == ["relu_1", "relu_2"]


def test_a_block_use_is_an_element_of_the_path() -> None:
    rest = "blocks: {unit: {layers: [relu, {tanh, name: act}]}}"
    assert paths("- unit\n- {unit, name: last}", rest) == [
        "unit_1/relu_1",
        "unit_1/act",
        "last/relu_1",
        "last/act",
    ]


def test_a_pass_of_a_named_loop_is_an_element_and_of_an_unnamed_one_is_none() -> None:
    assert paths("- {repeat: 2, name: stage$index, layers: [relu]}") == ["stage1/relu_1", "stage2/relu_1"]
    assert paths("- {repeat: 2, layers: [relu]}\n- relu") == ["relu_1", "relu_2", "relu_3"]


def test_an_unnamed_repeat_is_its_copies() -> None:
    repeated = graph_of(net("- repeat: 3\n  layers: [conv: {filters: 4, kernel: 3, padding: same}, relu]"))
    copied = graph_of(net("- conv: {filters: 4, kernel: 3, padding: same}\n- relu\n" * 3))
    assert [(node.path, node.inputs, node.shapes, node.weights) for node in repeated.nodes] == [
        (node.path, node.inputs, node.shapes, node.weights) for node in copied.nodes
    ]


def test_a_branch_is_an_element_after_the_joins_name_if_it_has_one() -> None:
    assert paths("- add: {main: [relu, relu], skip: []}") == ["main/relu_1", "main/relu_2", "add_1"]
    assert paths("- {add: {main: [relu], skip: []}, name: unit}") == ["unit/main/relu_1", "unit"]


def test_a_named_side_is_an_element() -> None:
    graph = graph_of(net("- {tanh, name: trunk}\n- {side: [relu], name: head}", rest="outputs: [trunk, head]"))
    assert [node.path for node in graph.nodes] == ["trunk", "head/relu_1"]


def test_the_paths_that_the_language_page_promises() -> None:
    rest = """
    blocks:
      unit:
        layers:
          - add:
              main: [conv_bn: {filters: 4, kernel: 1}]
              skip: []
    """
    layers = """
    - repeat: 2
      name: stage$index
      layers:
        - {unit, name: unit1}
    - {inception: {b1: 1, r3: 1, b3: 1, r5: 1, b5: 1, pool: 1}, name: inception_3a}
    """
    found = paths(layers, rest)
    assert "stage2/unit1/main/conv_bn_1/conv" in found
    assert "inception_3a/five/conv_relu_2/conv" in found


def test_names_in_an_unnamed_loop_belong_to_the_scope_around_and_may_be_computed() -> None:
    graph = graph_of(net("- {repeat: 3, layers: [{relu, name: skip_$index}]}\n- {add, from: [skip_1, skip_3]}"))
    assert [str(value) for value in graph.nodes[-1].inputs] == ["skip_1", "skip_3"]


@pytest.mark.parametrize(
    ("layers", "line"),
    [
        ("- {relu, name: a}\n- {relu, name: a}", 6),
        ("- {relu, name: relu_1}\n- relu", 6),
        ("- {relu, name: image}", 5),
        ("- {repeat: 2, layers: [{relu, name: a}]}", 5),
        ("- add: {main: [relu], skip: []}\n- add: {main: [relu], other: []}", 6),
    ],
)
def test_a_path_stands_once(layers: str, line: int) -> None:
    (found,) = compiled(net(layers)).diagnostics
    assert (found.code, found.position[0]) == ("E0306", line + 1)
