"""The story of a node or block, as text and as plain data."""

from __future__ import annotations

import json
import math
import re
from typing import Any

import pytest

from archspec.cli import main
from archspec.ir.shape import is_known
from archspec.ops import find, words
from archspec.report.why import find_subject, why_json, why_text
from tests.compiled import graph_of, net
from tests.networks import compile_network
from tests.op_cases import cases


def told(path: str, network: str = "resnet50") -> list[str]:
    subject = find_subject(compile_network(network).require_graph(), path)
    assert subject is not None
    return why_text(subject).splitlines()


def test_a_node_has_its_formulas_with_numbers() -> None:
    lines = told("conv3/unit1/main/conv_bn_relu_2/conv")
    assert "  height: floor((28 + 1 + 1 - (3 - 1)·1 - 1) / 1) + 1 = 28" in lines
    assert "  kernel: 3·3·128·128 = 147,456" in lines
    # 28·28·147,456
    assert "  28·28 positions · 147,456 values of the kernel = 115,605,504 MACs an example" in lines


def test_its_share_is_of_all() -> None:
    lines = [line.split() for line in told("fc6", "vgg16")]
    # 102,764,544 of 138,357,544 parameters; 102,760,448 of 15,470,264,320 products.
    assert ["params", "102,764,544", "74.27%", "of", "138,357,544"] in lines
    assert ["MACs", "102,760,448", "0.66%", "of", "15,470,264,320"] in lines


def test_a_block_has_its_nodes_and_its_share() -> None:
    lines = told("inception_3a", "googlenet")
    assert lines[:2] == ["inception_3a: 8 nodes", "  max_pool_2 (28, 28, 192) -> inception_3a/concat_1 (28, 28, 256)"]
    # Caffe's GoogLeNet: 163,696 parameters and 128,049,152 products in inception_3a.
    rows = [line.split() for line in lines]
    assert ["params", "163,696", "2.34%", "of", "6,998,552"] in rows


def test_a_part_of_training_alone_is_held_against_training() -> None:
    lines = told("auxiliary_1", "googlenet")
    assert any(line.endswith("of 13,378,280") for line in lines)


def test_unread_borders_and_shared_weights_are_said() -> None:
    text = net("- {max_pool: 3, name: p}\n- {tower, name: a}", rest="shared: {tower: [conv: {filters: 2, kernel: 1}]}")
    graph = graph_of(text)
    pool, conv = (find_subject(graph, path) for path in ("p", "a/conv_1"))
    assert pool is not None and "  unread: height 2 after, width 2 after" in why_text(pool).splitlines()
    assert conv is not None and "  shared, at tower/conv_1" in why_text(conv).splitlines()
    tower = find_subject(graph, "tower/conv_1")
    assert tower is not None and tower.nodes == conv.nodes


def test_plain_data_has_the_same() -> None:
    subject = find_subject(compile_network("resnet50").require_graph(), "conv1/conv")
    assert subject is not None
    found: Any = why_json(subject)
    assert json.loads(json.dumps(found)) == found
    assert found["weights"] == [{"name": "kernel", "shape": [7, 7, 3, 64], "trainable": True}]
    assert found["figures"]["params"] == {"value": 9408, "of": 25_610_152, "share": 9408 / 25_610_152}


def test_no_such_path() -> None:
    assert find_subject(compile_network("lenet5").require_graph(), "c9") is None


@pytest.mark.parametrize("word", sorted(words()))
def test_every_formula_comes_to_what_it_says(word: str) -> None:
    op = find(word)
    assert op is not None
    for case in cases(word):
        made = op(**case.fields)
        outputs = made.infer_shapes(case.inputs)
        for line in made.derivation(case.inputs, outputs):
            axis, _, formula = line.partition(": ")
            left, _, right = formula.partition(" = ")
            result = right.split(",")[0]
            assert axis and formula
            if not result:  # in words, as where a size is taken from another value
                assert {int(number) for number in re.findall(r"\d+", formula)} & set(outputs[0].dims) or "?" in formula
                continue
            if not all(is_known(shape.size) for shape in case.inputs):
                continue
            if word == "split":
                left, result = result, left
            terms = left.replace("·", "*").replace("floor(", "math.floor(").replace("ceil(", "math.ceil(")
            assert re.fullmatch(r"[0-9 +\-*/().a-z]+", terms)
            assert eval(terms, {"math": math}) == int(result), line
            if word != "split":
                assert int(result) in outputs[0].dims


def test_the_command_names_the_nearest_path(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["why", "vgg16", "conv5_4"]) == 2
    assert "did you mean `conv5_3`?" in capsys.readouterr().err
    assert main(["why", "resnet50", "conv"]) == 2
    assert "53 paths end so" in capsys.readouterr().err


def test_the_command_says_where_fields_come_from(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["why", "vgg16", "fc8", "--set", "classes=10"]) == 0
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["classes", "10", "override", "--set:1:9"] in lines
    assert main(["why", "vgg16", "conv1_1", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [step["name"] for step in found["fields"]][:2] == ["filters", "kernel"]
