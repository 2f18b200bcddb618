"""The residual networks of both papers against their tables and the authors' models: `tests/figures/networks.json`."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

import archspec
from archspec.cli import main
from tests.zoo.test_figures import FIGURES, totals
from tests.zoo.test_torchvision import FIGURES as TORCHVISION
from tests.zoo.test_torchvision import Rows, counted, rows_of

COLUMNS = ("18", "34", "50", "101", "152")
"""The columns of table 1."""


def summary_of(variant: str, spec: str = "resnet") -> dict[str, Any]:
    return archspec.summary(spec, variant=variant)


@pytest.mark.parametrize("column", COLUMNS)
def test_each_column_has_the_multiply_adds_of_table_1(column: str) -> None:
    found = totals(summary_of(f"resnet{column}"))
    # Printed in billions with one decimal, of which some are rounded down: 3.8 for 3.86, 3.6 for 3.66.
    assert abs(found["macs"] - FIGURES["resnet table 1"]["macs"][column]) < 0.1e9
    assert found["depth"] == int(column)


@pytest.mark.parametrize("column", ["101", "152"])
def test_the_deep_ones_are_their_authors_layer_by_layer(column: str) -> None:
    figures = FIGURES[f"resnet{column} of MSRA"]
    summary = summary_of(f"resnet{column}")
    assert rows_of(summary) == counted(figures)
    assert (totals(summary)["trainable"], totals(summary)["macs"]) == (figures["trainable"], figures["macs"])


@pytest.mark.parametrize("function", ["resnet18", "resnet34"])
def test_the_shallow_ones_are_torchvisions_layer_by_layer(function: str) -> None:
    assert rows_of(summary_of(function)) == counted(TORCHVISION[function])


@pytest.mark.parametrize("function", ["resnet50", "resnet101", "resnet152"])
def test_with_the_stride_on_the_3x3_they_are_torchvisions_layer_by_layer(function: str) -> None:
    assert rows_of(summary_of(f"{function}_v1_5")) == counted(TORCHVISION[function])


def test_resnet50_on_its_own_page_is_the_same_network(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", "resnet50", "resnet@resnet50", "--exit-code"]) == 0
    assert "174 nodes the same" in capsys.readouterr().out
    assert main(["diff", "resnet50", "resnet@resnet50_v1_5", "--exit-code"]) == 1


@pytest.mark.parametrize("name", ["resnet18", "resnet34", "resnet50", "resnet101", "resnet152"])
def test_the_second_form_has_the_convolutions_of_v1_5_and_no_normalization_of_a_projection(name: str) -> None:
    # Without bottlenecks there is but one place for a stride, and no form of 1.5.
    has_bottlenecks = name not in ("resnet18", "resnet34")
    first, second = summary_of(f"{name}_v1_5" if has_bottlenecks else name), summary_of(f"{name}_v2", "resnet_v2")

    def convolutions(summary: dict[str, Any]) -> Rows:
        return Counter({row: times for row, times in rows_of(summary).items() if row[2]})

    assert convolutions(first) == convolutions(second)
    # By hand: as many channels are normalized in front of the units and at the end as before behind the units.
    fewer = 2 * sum((256, 512, 1024, 2048) if has_bottlenecks else (128, 256, 512))
    assert totals(first)["trainable"] - totals(second)["trainable"] == fewer


def test_the_second_form_normalizes_once_between_its_stem_and_its_first_unit() -> None:
    # Section 5 of arXiv:1603.05027: the first unit takes the activation right after conv1, before the paths part.
    ops = [row["op"] for row in summary_of("resnet50_v2", "resnet_v2")["layers"]]
    assert ops[:5] == ["conv", "batch_norm", "relu", "max_pool", "conv"]
    assert ops[-4:] == ["batch_norm", "relu", "global_average_pool", "dense"]


@pytest.mark.parametrize("depth", FIGURES["cifar resnet"]["depths"])
def test_the_networks_for_cifar_have_the_parameters_of_table_6(depth: str) -> None:
    figures = FIGURES["cifar resnet"]["depths"][depth]
    found = totals(summary_of(f"resnet{depth}", "cifar_resnet"))
    decimals = len(figures["published"].removesuffix("M").partition(".")[2])
    assert round(found["trainable"] / 1e6, decimals) == float(figures["published"].removesuffix("M"))
    assert (found["trainable"], found["non_trainable"], found["macs"], found["depth"]) == (
        figures["trainable"], figures["moving"], figures["macs"], int(depth),
    )  # fmt: skip


def test_their_shortcuts_have_no_parameters() -> None:
    rows = summary_of("resnet20", "cifar_resnet")["layers"]
    shortcuts = [row for row in rows if "/shortcut/" in row["path"]]
    assert {row["op"] for row in shortcuts} == {"max_pool", "pad_channels"}
    assert [row["output_shape"] for row in shortcuts if row["op"] == "pad_channels"] == [[16, 16, 32], [8, 8, 64]]
    assert sum(row["params"] for row in shortcuts) == 0
