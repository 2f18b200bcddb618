"""Totals, counted by hand; the shipped networks' are in `tests/zoo`."""

from __future__ import annotations

import pytest

from archspec.analysis.cost import Totals, total_of, totals
from tests.compiled import graph_of, net


def test_totals_of_a_chain() -> None:
    graph = graph_of(
        net(
            """
            - conv: {filters: 2, kernel: 3}
            - batch_norm
            - relu
            - flatten
            - dense: 3
            """
        )
    )
    # Convolution 3·3·4·2 + 2 = 74, 6·6·2·36 = 2,592 and 6·6·2·37 = 2,664; norm 2·2 + 2·2;
    # dense 72·3 + 3 = 219, 216, 219.
    assert totals(graph) == Totals(params=301, trainable=297, macs=2808, connections=2883, depth=2)
    assert totals(graph).non_trainable == 4


def test_pooling_normalisation_and_activations_count_no_macs() -> None:
    graph = graph_of(net("- max_pool: 2\n- batch_norm\n- scaled_tanh\n- {trainable_pool: 2}\n- lp_pool: 2"))
    assert totals(graph).macs == 0


def test_depth_is_that_of_the_longest_way() -> None:
    graph = graph_of(
        net(
            """
            - add:
                long: [{conv: {filters: 4, kernel: 1}}, {conv: {filters: 4, kernel: 1}}, batch_norm]
                short: [{conv: {filters: 4, kernel: 1}}]
                identity: []
            - dense: 2
            """
        )
    )
    assert totals(graph).depth == 3


@pytest.mark.parametrize(
    ("word", "macs", "connections"),
    [
        # (height - 2)·6 positions: 3·3·4·2 of the convolution, which makes 72, and 2·3 of the dense layer.
        ("height", "468*height - 936", "498*height - 996"),
        ("'?'", "None", "None"),
    ],
)
def test_open_sizes_leave_costs_open_and_parameters_known(word: str, macs: str, connections: str) -> None:
    graph = graph_of(net("- conv: {filters: 2, kernel: 3}\n- dense: 3", inputs=f"{{image: [{word}, 8, 4]}}"))
    found = totals(graph)
    assert (found.params, str(found.macs), str(found.connections), found.depth) == (83, macs, connections, 2)


def test_some_nodes_have_totals_of_their_own() -> None:
    graph = graph_of(net("- {dense: 2, name: first}\n- {dense: 3, name: second}", inputs="{given: [4]}"))
    assert total_of(graph.nodes[1:]) == Totals(params=9, trainable=9, macs=6, connections=9, depth=1)


def test_nothing_has_totals_of_nothing() -> None:
    assert total_of(()) == Totals(0, 0, 0, 0, 0)


def test_training_only_parts_count_in_training_alone() -> None:
    graph = graph_of(
        net(
            "- {side: [dense: 1], name: head, only: training}\n- {dense: 2, name: last}",
            inputs="{given: [4]}",
            rest="outputs: [last, head]",
        )
    )
    assert (totals(graph).params, totals(graph.for_inference()).params) == (15, 10)
