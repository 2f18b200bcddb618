"""The report on geometry, as text and as plain data."""

from __future__ import annotations

import json
from typing import Any

from archspec.report.geometry import geometry_json, geometry_text
from tests.compiled import graph_of, net
from tests.networks import compile_network

LAYERS = """
- {conv: {filters: 2, kernel: 3, stride: 2, padding: half}, name: c}
- {max_pool: 2, name: p}
- flatten
- {dense: 3, name: d}
"""


def test_the_table_says_what_each_layer_sees() -> None:
    text = geometry_text(graph_of(net(LAYERS, inputs="{image: [10, 10, 3]}")))
    # 10 -> 5 -> 2 and a row left: 3 wide at a step of 2, then 3 + 2 = 5 at a step of 4; all of 2 positions see 5 + 4.
    lines = [line.split() for line in text.splitlines()]
    assert ["c", "conv", "(5,", "5,", "2)", "3x3", "2x2", "0x0"] in lines
    pool = ["p", "max_pool", "(2,", "2,", "2)", "5x5", "4x4", "1x1", "height", "1", "after,", "width", "1", "after"]
    assert pool in lines
    assert ["d", "dense", "(3)", "9x9", "all", "3x3"] in lines
    assert "height and width of image" in text
    assert "  smallest  3; at 2, `p`: a window of 2x2 must fit into its input, got 1x5" in text
    assert "  weights   those of `d` have other shapes at other sizes" in text


def test_shapes_are_formulas_if_asked_for() -> None:
    text = geometry_text(graph_of(net(LAYERS, inputs="{image: [10, 10, 3]}")), as_formulas=True)
    # (n + 2 - 3)//2 + 1 = (n + 1)//2, and half of that.
    assert "((height + 1)//2, (width + 1)//2, 2)" in text
    assert "((height + 1)//4, (width + 1)//4, 2)" in text
    assert [line.split()[2] for line in text.splitlines() if line.startswith("d ")] == ["?"]


def test_an_open_size_keeps_its_own_word() -> None:
    graph = graph_of(net("- {conv: {filters: 2, kernel: 3}}\n- global_average_pool", inputs="{image: [rows, 8, 3]}"))
    text = geometry_text(graph, as_formulas=True)
    assert "(rows - 2, width - 2, 2)" in text and "rows x 8" in text
    assert "every size from 3 on" in text


def test_several_inputs_are_told_apart() -> None:
    inputs = "{left: [8, 8, 4], right: [8, 8, 4]}"
    text = geometry_text(
        graph_of(
            net(
                "- {conv: {filters: 4, kernel: 3, padding: half}, from: left}\n- add: {a: [], b: [from: right]}",
                inputs=inputs,
            )
        )
    )
    assert "left 3x3; right 1x1" in text
    assert "height and width of left and right" in text


def test_plain_data_has_the_same() -> None:
    found: Any = geometry_json(compile_network("resnet50").require_graph().for_inference())
    assert json.loads(json.dumps(found)) == found
    layers = {layer["path"]: layer for layer in found["layers"]}
    # Araujo, Norris, Sim, Distill, 2019, table 1.
    last = layers["conv5/unit3/relu_1"]
    assert [axis["extent"] for axis in last["sees"]["image"]] == [483, 483]
    assert [axis["stride"] for axis in last["sees"]["image"]] == [32, 32]
    assert last["formula"] == ["(height + 31)//32", "(width + 31)//32", "2048"]
    assert found["sizes"][0]["smallest"] == 1
