"""The summary's words are a contract: JSON for programs, a table for people."""

from __future__ import annotations

import json
from typing import Any

import pytest

from archspec.report.summary import summary_json, summary_text
from archspec.report.zoo_table import lesson_table, zoo_table
from tests.compiled import compiled, graph_of, net
from tests.networks import compile_network, with_variants

# conv: 3·3·4·2 + 2 = 74 parameters, 6·6·2·36 = 2,592 MACs. norm: 8, 4 trainable. dense: 72·1 + 1 = 73, 72 MACs.
SPEC = net(
    """
    - {conv: {filters: 2, kernel: 3}, name: first}
    - batch_norm
    - {split: [1, 1], name: parts}
    - concat
    - flatten
    - {dense: 1, name: last}
    - {side: [relu], name: extra, only: training}
    """,
    rest="outputs: [last, extra]",
)

JSON = {
    "name": "net",
    "inputs": {"image": [8, 8, 4]},
    "outputs": {"last": [1]},
    "totals": {
        "params": 155, "trainable": 151, "non_trainable": 4,
        "macs": 2664, "flops": 5328, "connections": 2737, "depth": 2,
    },
    "layers": [
        {
            "path": "first", "op": "conv", "output_shape": [6, 6, 2],
            "params": 74, "trainable": 74, "macs": 2592, "connections": 2664,
        },
        {
            "path": "batch_norm_1", "op": "batch_norm", "output_shape": [6, 6, 2],
            "params": 8, "trainable": 4, "macs": 0, "connections": 0,
        },
        {
            "path": "parts", "op": "split", "output_shapes": [[6, 6, 1], [6, 6, 1]],
            "params": 0, "trainable": 0, "macs": 0, "connections": 0,
        },
        {
            "path": "concat_1", "op": "concat", "output_shape": [6, 6, 2],
            "params": 0, "trainable": 0, "macs": 0, "connections": 0,
        },
        {
            "path": "flatten_1", "op": "flatten", "output_shape": [72],
            "params": 0, "trainable": 0, "macs": 0, "connections": 0,
        },
        {
            "path": "last", "op": "dense", "output_shape": [1],
            "params": 73, "trainable": 73, "macs": 72, "connections": 73,
        },
    ],
}  # fmt: skip

TEXT = """\
net
  image: (8, 8, 4)

layer         op          output                params   MACs
-------------------------------------------------------------
first         conv        (6, 6, 2)                 74  2,592
batch_norm_1  batch_norm  (6, 6, 2)                  8      0
parts         split       (6, 6, 1), (6, 6, 1)       0      0
concat_1      concat      (6, 6, 2)                  0      0
flatten_1     flatten     (72)                       0      0
last          dense       (1)                       73     72
-------------------------------------------------------------
params           155  all values, as Keras counts them
trainable        151  those that training changes, as papers and PyTorch count
non-trainable      4  moving statistics and fixed values
MACs           2,664  multiply-adds of convolutions and matrix products; the FLOPs of many papers
FLOPs          5,328  two for each multiply-add
connections    2,737  as LeNet-5's paper counts them
depth              2  layers with weights on the longest way
output last (1)"""


def test_json_has_these_words_and_figures() -> None:
    found = summary_json(graph_of(SPEC).for_inference())
    assert found == JSON
    assert json.loads(json.dumps(found)) == found


def test_json_keeps_its_order() -> None:
    assert json.dumps(summary_json(graph_of(SPEC).for_inference())) == json.dumps(JSON)


def test_text_has_the_same_figures() -> None:
    assert summary_text(graph_of(SPEC).for_inference()) == TEXT


BLOCKS = net(
    """
    - {conv: {filters: 2, kernel: 1}, name: stem}
    - repeat: 2
      name: unit$index
      layers: [{conv: {filters: 2, kernel: 1}}, {add: {main: [{conv: {filters: 2, kernel: 1}}, relu], other: []}}]
    - {global_average_pool, name: pooled}
    - {side: [{dense: 3, name: d}], name: extra, only: training}
    """,
    rest="outputs: [pooled, extra]",
)


def test_blocks_have_their_subtotals() -> None:
    graph = graph_of(BLOCKS).for_inference()
    # 4·2 + 2 parameters in front; in each unit twice 2·2 + 2, and at 64 positions 4 products each.
    rows = [line.split() for line in summary_text(graph, depth=1).splitlines()]
    assert ["unit1", "4", "nodes", "(8,", "8,", "2)", "12", "512"] in rows
    assert ["stem", "conv", "(8,", "8,", "2)", "10", "512"] in rows
    deeper = [line.split() for line in summary_text(graph, depth=2).splitlines()]
    assert ["unit2/main", "2", "nodes", "(8,", "8,", "2)", "6", "256"] in deeper
    rows = [line.split() for line in summary_text(graph, depth=0).splitlines()]
    assert ["all", "10", "nodes", "(2)", "34", "1,536"] in rows
    found: Any = summary_json(graph, depth=1)["blocks"]
    assert [(one["path"], one["nodes"], one["params"]) for one in found] == [
        ("stem", 1, 10), ("unit1", 4, 12), ("unit2", 4, 12), ("pooled", 1, 0),
    ]  # fmt: skip


@pytest.mark.parametrize(("name", "variant"), list(with_variants()))
def test_blocks_of_every_depth_add_up_to_the_totals(name: str, variant: str | None) -> None:
    graph = compile_network(name, variant).require_graph()
    whole: Any = summary_json(graph)["totals"]
    if not isinstance(whole["macs"], int):
        return  # a formula of its open width
    for depth in range(5):
        blocks: Any = summary_json(graph, depth=depth)["blocks"]
        assert sum(one["macs"] for one in blocks) == whole["macs"]
        assert sum(one["params"] for one in blocks) == whole["params"]


def test_a_block_that_shares_anothers_weights_says_so() -> None:
    layers = "- {tower, from: left, name: a}\n- {tower, from: right, name: b}\n- {add, from: [a, b]}"
    text = net(layers, inputs="{left: [8], right: [8]}", rest="shared: {tower: [dense: 8]}")
    rows = [line.split() for line in summary_text(graph_of(text), depth=1).splitlines()]
    assert ["a", "1", "node", "(8)", "72", "64"] in rows and ["b", "1", "node", "(8)", "shared", "64"] in rows


def test_training_only_parts_are_told_apart_in_the_totals() -> None:
    graph = graph_of(BLOCKS)
    # The head adds 2·3 + 3 parameters and 6 products.
    said = "in training, with the parts that are there alone: 43 trainable, 1,542 MACs"
    assert said in summary_text(graph.for_inference(), whole=graph).splitlines()
    assert "in training, with" not in summary_text(graph, whole=graph)


def test_training_only_rows_say_so() -> None:
    text = summary_text(graph_of(SPEC))
    assert "extra/relu_1 (training)  relu" in text
    assert text.splitlines()[-2:] == ["output last (1)", "output extra (1)"]


def test_open_sizes_are_null_and_question_marks() -> None:
    graph = graph_of(net("- {conv: {filters: 2, kernel: 3}, name: first}", inputs="{image: ['?', 8, 4]}"))
    found = summary_json(graph)
    assert found["inputs"] == {"image": [None, 8, 4]}
    assert '"output_shape": [null, 6, 2]' in json.dumps(found)
    assert '"macs": null' in json.dumps(found)
    assert "first  conv  (?, 6, 2)      74     ?" in summary_text(graph)


def test_sizes_with_a_name_are_formulas() -> None:
    graph = graph_of(net("- {conv: {filters: 2, kernel: 3}, name: first}", inputs="{image: [height, 8, 4]}"))
    found = summary_json(graph)
    assert found["inputs"] == {"image": ["height", 8, 4]}
    # 3·3·4·2 products at each of (height - 2)·6 positions.
    assert '"output_shape": ["height - 2", 6, 2]' in json.dumps(found)
    assert '"macs": "432*height - 864"' in json.dumps(found)
    assert "first  conv  (height - 2, 6, 2)      74  432*height - 864" in summary_text(graph)


def test_a_long_formula_of_a_count_is_in_the_json_alone() -> None:
    layers = "- {conv: {filters: 2, kernel: 3}, name: first}\n- {conv: {filters: 2, kernel: 3}, name: second}"
    graph = graph_of(net(layers, inputs="{image: [height, width, 4]}"))
    second = "36*height*width - 144*height - 144*width + 576"  # 3·3·2·2 at (height - 4)·(width - 4) positions
    both = "108*height*width - 288*height - 288*width + 864"
    assert f'"macs": "{both}"' in json.dumps(summary_json(graph))
    assert [line.endswith(second) for line in summary_text(graph).splitlines() if line.startswith("second")] == [True]
    wider = graph_of(net(layers, inputs="{image: [height, width, 4000]}"))
    assert "72000*height*width - 144000*height - 144000*width + 288000" in json.dumps(summary_json(wider))
    assert [line.split()[-1] for line in summary_text(wider).splitlines() if line.startswith("first")] == ["?"]


def test_the_zoos_table_has_a_line_each() -> None:
    fine = compiled(SPEC)
    reference = compiled(f"{SPEC}reference: {{title: A paper}}\n").document
    assert reference is not None
    rows = [("fine", fine.graph, reference.reference), ("keras/broken", None, None)]
    assert zoo_table(rows) == (
        "spec           trainable   MACs  reference\n"
        "fine                 151  2,664  A paper\n"
        "keras/broken  has errors"
    )  # fmt: skip


def test_the_lessons_table_has_each_ones_question() -> None:
    asking = compiled(f"{SPEC}meta: {{question: 'Why?'}}\n").document
    assert asking is not None
    assert lesson_table([("lessons/why", asking.meta), ("lessons/mute", None)]) == (
        "lesson        question\n"
        "lessons/why   Why?\n"
        "lessons/mute"
    )  # fmt: skip
