"""The inference graph of one with training-only parts."""

from __future__ import annotations

from archspec.ir.graph import needed
from tests.compiled import graph_of, net

TEXT = net(
    """
    - {dense: 4, name: trunk}
    - {side: [{dense: 3, name: only}], name: tap}
    - {side: [{dense: 2, from: tap, name: score}], name: head, only: training}
    - {dense: 1, name: last}
    """,
    inputs="{given: [4]}",
    rest="outputs: [last, head]",
)


def test_training_only_parts_go_and_all_that_they_alone_use() -> None:
    graph = graph_of(TEXT)
    assert [node.path for node in graph.nodes] == ["trunk", "tap/only", "head/score", "last"]
    inference = graph.for_inference()
    assert [node.path for node in inference.nodes] == ["trunk", "last"]
    assert [output.name for output in inference.outputs] == ["last"]
    assert inference.inputs == graph.inputs


def test_a_graph_without_such_parts_is_its_inference_graph() -> None:
    graph = graph_of(net("- relu\n- {dense: 2}"))
    assert graph.for_inference() == graph
    assert not graph.has_training_only_parts
    assert graph_of(TEXT).has_training_only_parts


def test_needed_nodes_keep_their_order() -> None:
    graph = graph_of(TEXT)
    assert needed(graph.nodes, graph.outputs[1:]) == graph.nodes[:3]
    assert needed(graph.nodes, ()) == ()
