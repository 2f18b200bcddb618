"""The text of a graph; whole networks' texts are under `tests/golden`."""

from __future__ import annotations

from archspec.ir.printer import print_fields, print_graph
from archspec.ops.conv import Conv
from tests.compiled import graph_of, net

SPEC = net(
    """
    - {conv: {filters: 2, kernel: [3, 1], bias: false}, name: first}
    - {split: [1, 1], name: parts}
    - add
    - {side: [{dense: 1, name: score}], name: head, only: training}
    - relu
    """,
    inputs="{image: [height, 8, 4]}",
    rest="outputs: [relu_1, head]",
).replace("- relu\n", "- {relu, name: relu_1}\n")

TEXT = """\
graph net
input image (height, 8, 4)
first = conv {filters: 2, kernel: [3, 1], bias: false} of image -> (height - 2, 8, 2)
parts = split {parts: [1, 1]} of first -> (height - 2, 8, 1), (height - 2, 8, 1)
add_1 = add of parts, parts/2 -> (height - 2, 8, 1)
head/score = dense {units: 1} of add_1 -> (height - 2, 8, 1) (training only)
relu_1 = relu of add_1 -> (height - 2, 8, 1)
output relu_1 = relu_1 (height - 2, 8, 1)
output head = head/score (height - 2, 8, 1) (training only)
"""


def test_a_line_for_each_input_node_and_output() -> None:
    assert print_graph(graph_of(SPEC)) == TEXT


def test_fields_at_their_defaults_are_left_out_even_where_written() -> None:
    assert print_fields(Conv(filters=2, kernel=(3,), stride=(1,), bias=True)) == "{filters: 2, kernel: [3]}"


def test_one_word_differs_where_two_graphs_do() -> None:
    changed = print_graph(graph_of(SPEC.replace("bias: false", "bias: true")))
    assert changed != TEXT
    assert changed.replace("[3, 1]", "[3, 1], bias: false") == TEXT
