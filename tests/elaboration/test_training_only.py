"""`only: training`: what is marked, and what depends on nothing else, is not in the inference graph."""

from __future__ import annotations

from tests.compiled import compiled, graph_of, net

HEAD = """
- {relu, name: trunk}
- {side: [{tanh, name: inner}, {elu, name: outer}], name: head, only: training}
- {softmax, name: end}
"""


def test_what_is_marked_is_in_the_training_graph_alone() -> None:
    made = graph_of(net(HEAD, rest="outputs: [end, head]"))
    assert made.has_training_only_parts
    assert [node.path for node in made.nodes] == ["trunk", "head/inner", "head/outer", "end"]
    inference = made.for_inference()
    assert [node.path for node in inference.nodes] == ["trunk", "end"]
    assert [output.name for output in inference.outputs] == ["end"]
    assert not inference.has_training_only_parts


def test_what_depends_on_it_and_on_nothing_else_goes_with_it() -> None:
    made = graph_of(net(HEAD + "- {gelu, from: head, name: more}\n", rest="outputs: [end, more]"))
    assert made.by_path["more"].training_only


def test_a_trunk_node_that_depends_on_it_is_an_error() -> None:
    (found,) = compiled(net(HEAD + "- {add, from: [end, head], name: sum}\n", rest="outputs: [sum]")).diagnostics
    assert (found.code, found.position[0]) == ("E0309", 9)


def test_a_branch_a_line_and_a_loop_may_be_marked() -> None:
    rest = "outputs: [trunk, a, b/main, c2]"
    layers = """
    - {relu, name: trunk}
    - {tanh, name: a, only: training, from: trunk}
    - {parallel: {main: {only: training, layers: [elu]}, other: []}, name: b, from: trunk}
    - {repeat: 2, from: trunk, only: training, layers: [{gelu, name: c$index}]}
    """
    made = graph_of(net(layers, rest=rest))
    assert [node.path for node in made.nodes if node.training_only] == ["a", "b/main/elu_1", "c1", "c2"]
    assert [output.name for output in made.for_inference().outputs] == ["trunk"]


def test_a_block_inside_is_marked_whole() -> None:
    made = graph_of(
        net(
            "- {relu, name: trunk}\n- {side: [conv_bn: {filters: 2, kernel: 1}], name: head, only: training}",
            rest="outputs: [trunk, head]",
        )
    )
    assert all(node.training_only for node in made.nodes if node.path.startswith("head/"))


def test_a_network_whose_every_output_is_marked_is_an_error() -> None:
    (found,) = compiled(net("- {relu, only: training}")).diagnostics
    assert found.code == "E0312"
