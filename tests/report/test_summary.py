"""The summary's words are a contract: JSON for programs, a table for people."""

from __future__ import annotations

import json

from archspec.report.summary import summary_json, summary_text
from archspec.report.zoo_table import zoo_table
from tests.compiled import compiled, graph_of, net

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
    "totals": {"params": 155, "trainable": 151, "non_trainable": 4, "macs": 2664, "connections": 2737, "depth": 2},
    "layers": [
        {"path": "first", "op": "conv", "output_shape": [6, 6, 2], "params": 74, "trainable": 74, "macs": 2592},
        {"path": "batch_norm_1", "op": "batch_norm", "output_shape": [6, 6, 2], "params": 8, "trainable": 4, "macs": 0},
        {
            "path": "parts", "op": "split", "output_shapes": [[6, 6, 1], [6, 6, 1]],
            "params": 0, "trainable": 0, "macs": 0,
        },
        {"path": "concat_1", "op": "concat", "output_shape": [6, 6, 2], "params": 0, "trainable": 0, "macs": 0},
        {"path": "flatten_1", "op": "flatten", "output_shape": [72], "params": 0, "trainable": 0, "macs": 0},
        {"path": "last", "op": "dense", "output_shape": [1], "params": 73, "trainable": 73, "macs": 72},
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
params          155
trainable       151
non-trainable     4
MACs          2,664
output        last (1)"""


def test_json_has_these_words_and_figures() -> None:
    found = summary_json(graph_of(SPEC).for_inference())
    assert found == JSON
    assert json.loads(json.dumps(found)) == found


def test_json_keeps_its_order() -> None:
    assert json.dumps(summary_json(graph_of(SPEC).for_inference())) == json.dumps(JSON)


def test_text_has_the_same_figures() -> None:
    assert summary_text(graph_of(SPEC).for_inference()) == TEXT


def test_training_only_rows_say_so() -> None:
    text = summary_text(graph_of(SPEC))
    assert "extra/relu_1 (training)  relu" in text
    assert text.splitlines()[-2:] == ["output        last (1)", "output        extra (1)"]


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
