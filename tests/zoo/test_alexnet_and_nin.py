"""AlexNet and Network in Network against their Caffe models, layer by layer and in order; LeNet-5 as it is taught."""

from __future__ import annotations

import math
from typing import Any

import pytest

import archspec
from tests.zoo.test_figures import FIGURES, totals


def layers_of(spec: str, *ops: str, variant: str | None = None) -> list[dict[str, Any]]:
    summary: dict[str, Any] = archspec.summary(spec, variant=variant)
    return [row for row in summary["layers"] if row["op"] in ops]


def test_alexnet_is_caffes_by_name_with_its_normalizations_and_poolings() -> None:
    figures = FIGURES["alexnet of Caffe"]
    rows = layers_of("alexnet", "conv", "local_response_norm", "max_pool", "dense")
    assert [[row["path"], row["output_shape"], row["params"], row["macs"]] for row in rows] == figures["rows"]
    found = totals(archspec.summary("alexnet"))
    assert (found["trainable"], found["macs"]) == (figures["trainable"], figures["macs"]) == (60_965_224, 724_406_816)


def test_alexnet_in_one_tower_has_the_weights_that_two_leave_out() -> None:
    # By hand: with two groups conv2, conv4 and conv5 have half of the weights between all their channels.
    more = (5 * 5 * 96 * 256 + 3 * 3 * 384 * 384 + 3 * 3 * 384 * 256) // 2
    found = totals(archspec.summary("alexnet", variant="one_tower"))["trainable"]
    assert found == totals(archspec.summary("alexnet"))["trainable"] + more == 62_378_344


@pytest.mark.parametrize(
    ("spec", "poolings"),
    [("nin", ["max_pool", "max_pool", "max_pool"]), ("cifar_nin", ["max_pool", "average_pool"])],
)
def test_network_in_network_is_caffes_in_order(spec: str, poolings: list[str]) -> None:
    figures = FIGURES[f"{spec.replace('_', ' ')} of Caffe"]
    rows = layers_of(spec, "conv", "max_pool", "average_pool", "global_average_pool")
    found = [(math.prod(row["output_shape"]), row["params"], row["macs"]) for row in rows]
    assert found == [(math.prod(shape), params, macs) for _, shape, params, macs in figures["rows"]]
    assert [row["output_shape"] for row in rows[:-1]] == [shape for _, shape, _, _ in figures["rows"][:-1]]
    assert [row["op"] for row in rows if "pool" in row["op"]] == [*poolings, "global_average_pool"]
    summary: dict[str, Any] = archspec.summary(spec)
    assert (totals(summary)["trainable"], totals(summary)["macs"]) == (figures["trainable"], figures["macs"])


def test_the_modern_lenet5_has_the_rows_that_are_taught() -> None:
    # By hand: 25·1·6 + 6, 25·6·16 + 16, 25·16·120 + 120, 120·84 + 84, 84·10 + 10; 61,706 in all.
    summary: dict[str, Any] = archspec.summary("lenet5_modern")
    rows = [row["params"] for row in summary["layers"] if row["params"]]
    assert rows == [156, 2416, 48120, 10164, 850]
    assert totals(summary)["trainable"] == sum(rows) == 61_706


def test_the_modern_lenet5_pools_and_squashes_as_it_is_told() -> None:
    words = ("average_pool", "max_pool")
    assert [row["op"] for row in layers_of("lenet5_modern", *words)] == ["average_pool", "average_pool"]
    assert [row["op"] for row in layers_of("lenet5_modern", *words, variant="relu")] == ["max_pool", "max_pool"]
