"""The shipped networks against figures that nobody here computed: `tests/figures/networks.json`, sources included."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import archspec
from archspec import zoo
from archspec.report.summary import summary_json
from tests.networks import compile_network

FIGURES: dict[str, Any] = json.loads((Path(__file__).parents[1] / "figures" / "networks.json").read_text())


def rows_of(summary: dict[str, Any]) -> list[tuple[tuple[int, ...], int, int]]:
    """(shape, parameters, MACs) of every layer that owns parameters, in no order."""
    return sorted(
        (tuple(row["output_shape"]), row["params"], row["macs"]) for row in summary["layers"] if row["params"]
    )


@pytest.mark.parametrize("name", ["vgg16", "keras/resnet50", "googlenet"])
def test_every_layer_has_the_published_shape_parameters_and_macs(name: str) -> None:
    expected = sorted((tuple(shape), params, macs) for _, shape, params, macs in FIGURES[name]["rows"])
    assert rows_of(archspec.summary(name)) == expected


def test_googlenet_in_training_has_both_auxiliary_heads() -> None:
    figures = FIGURES["googlenet in training"]
    summary = archspec.summary("googlenet", training=True)
    expected = sorted((tuple(shape), params, macs) for _, shape, params, macs in figures["rows"])
    assert rows_of(summary) == expected
    assert totals(summary)["trainable"] == figures["trainable"] == 13_378_280


def totals(summary: dict[str, Any]) -> dict[str, int]:
    found: dict[str, int] = summary["totals"]
    return found


@pytest.mark.parametrize("name", ["vgg16", "keras/resnet50", "googlenet"])
def test_totals_are_the_published_ones(name: str) -> None:
    found = totals(archspec.summary(name))
    assert found["trainable"] == FIGURES[name]["trainable"]
    assert found["macs"] == FIGURES[name]["macs"]


def test_keras_form_of_resnet50_counts_moving_statistics_as_keras_does() -> None:
    found = totals(archspec.summary("keras/resnet50"))
    assert (found["params"], found["trainable"], found["non_trainable"]) == (25_636_712, 25_583_592, 53_120)


def test_resnet50_as_published_has_torchvisions_parameters_and_the_papers_macs() -> None:
    # 25,557,032: torchvision's num_params; 3,857,973,248: the MSRA prototxt's MACs ("3.8 billion" in table 1).
    found = totals(archspec.summary("resnet50"))
    assert (found["trainable"], found["macs"], found["depth"]) == (25_557_032, 3_857_973_248, 50)


def test_lenet5_has_the_papers_parameters_and_connections_layer_by_layer() -> None:
    figures = FIGURES["lenet5"]
    summary: dict[str, Any] = archspec.summary("lenet5")
    nodes = {row["path"]: row for row in summary["layers"]}
    for name, shape, trainable, connections in figures["rows"]:
        row = nodes[name.lower()]
        assert (row["output_shape"], row["trainable"]) == (shape, trainable), name
        # Of its output the paper says that ten units have 84 connections each.
        assert row["connections"] == (connections or 840), name
    found = totals(summary)
    assert found["trainable"] == figures["trainable"] == 60_000
    assert found["params"] == figures["trainable"] + figures["fixed"]
    assert found["connections"] == figures["connections"] == 340_908


def test_resnet50_as_published_is_its_authors_layer_by_layer() -> None:
    figures = FIGURES["resnet50 of MSRA"]
    # Their first convolution alone has a bias, of 64 values, which the batch normalization after it takes away.
    expected = sorted(
        (tuple(shape), params - 64 * (name == "conv1"), macs) for name, shape, params, macs in figures["rows"]
    )
    summary: dict[str, Any] = archspec.summary("resnet50")
    assert [row for row in rows_of(summary) if row[2]] == expected
    assert totals(summary)["macs"] == figures["macs"]


def test_googlenets_modules_are_those_of_its_table() -> None:
    graph = compile_network("googlenet").require_graph().for_inference()
    blocks: Any = summary_json(graph, depth=1)["blocks"]
    found = {block["path"]: block for block in blocks}
    for name, figures in FIGURES["googlenet table 1"]["blocks"].items():
        assert (found[name]["params"], found[name]["macs"]) == (figures["params"], figures["macs"]), name
        # The table's own column, in millions; of 5a it says 54 where its channels give 51.
        if name != "inception_5a":
            assert abs(found[name]["macs"] / 1e6 - float(figures["published_ops"].removesuffix("M"))) < 1, name


@pytest.mark.parametrize("name", zoo.names())
def test_every_shipped_spec_keeps_its_contracts(name: str) -> None:
    assert archspec.check(name) == ()
