"""The six configurations of the VGG paper, all from `specs/vgg.yaml`, against figures that nobody here computed."""

from __future__ import annotations

from typing import Any

import pytest

import archspec
from archspec.cli import main
from tests.zoo.test_figures import FIGURES, rows_of, totals

COLUMNS = {
    "vgg11": "A",
    "vgg11_lrn": "A-LRN",
    "vgg13": "B",
    "vgg16_1x1": "C",
    "vgg16": "D",
    "vgg19": "E",
}
"""Each variant's column in the paper's table 1."""


def summary_of(variant: str | None) -> dict[str, Any]:
    return archspec.summary("vgg", variant=variant)


def test_the_file_has_the_six_and_its_own_network_is_column_d() -> None:
    assert set(COLUMNS.values()) == set(FIGURES["vgg in millions"]["millions"])
    assert totals(summary_of(None)) == totals(summary_of("vgg16"))


@pytest.mark.parametrize(("variant", "column"), COLUMNS.items())
def test_parameters_in_millions_are_those_of_the_papers_table_2(variant: str, column: str) -> None:
    assert round(totals(summary_of(variant))["trainable"] / 1e6) == FIGURES["vgg in millions"]["millions"][column]


@pytest.mark.parametrize("variant", ["vgg11", "vgg13", "vgg16", "vgg19"])
def test_every_layer_is_torchvisions_or_keras(variant: str) -> None:
    figures = FIGURES[variant]
    summary = summary_of(variant)
    assert rows_of(summary) == sorted((tuple(shape), params, macs) for _, shape, params, macs in figures["rows"])
    assert totals(summary)["trainable"] == figures["trainable"]
    assert totals(summary)["macs"] == figures["macs"]


def test_column_c_has_1x1_kernels_where_d_has_3x3() -> None:
    # By hand: the third convolutions of stages 3, 4 and 5 lose 8 of 9 weights for each pair of channels.
    fewer = (3**2 - 1**2) * (256 * 256 + 512 * 512 + 512 * 512)
    assert totals(summary_of("vgg16"))["params"] - totals(summary_of("vgg16_1x1"))["params"] == fewer == 4_718_592


def test_a_lrn_is_a_with_one_normalization_after_its_first_convolution() -> None:
    def ops(variant: str) -> list[str]:
        return [row["op"] for row in summary_of(variant)["layers"]]

    assert ops("vgg11_lrn") == ["conv", "local_response_norm", *ops("vgg11")[1:]]


def test_vgg16_on_its_own_page_is_the_same_network(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", "vgg16", "vgg@vgg16", "--exit-code"]) == 0
    assert "24 nodes the same" in capsys.readouterr().out
    assert main(["diff", "vgg16", "vgg@vgg19", "--exit-code"]) == 1
