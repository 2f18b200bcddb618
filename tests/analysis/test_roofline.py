"""The roofline model, against arithmetic by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest

from archspec.analysis.liveness import Unsized
from archspec.analysis.roofline import LayerTime, Machine, roofline
from tests.compiled import graph_of, net

MACHINE = Machine(peak=Fraction(1000), bandwidth=Fraction(100))
"""1,000 operations and 100 bytes a second: they take as long at 10 operations for each byte."""


def layer(text: str, batch: int = 1, precision: str = "float32") -> LayerTime:
    return roofline(graph_of(net(text)), MACHINE, batch, precision)[0]


def test_a_convolution_is_its_products_or_its_bytes() -> None:
    found = layer("- conv: {filters: 2, kernel: 3, padding: same}")
    # 8·8·2 outputs of 3·3·4 products each; 256 values in, 128 out, 72 + 2 weights, of 4 bytes.
    assert (found.flops, found.moved) == (2 * 128 * 36, 4 * (256 + 128 + 74))
    assert found.computing == Fraction(9216, 1000) and found.moving == Fraction(1832, 100)
    assert found.seconds == Fraction(1832, 100) and found.is_bound_by_memory
    assert found.intensity == Fraction(9216, 1832)


def test_a_batch_shares_the_weights() -> None:
    found = layer("- conv: {filters: 64, kernel: 5, padding: same}", batch=100)
    # 8·8·64 outputs of 5·5·4 products; weights 5·5·4·64 + 64 once.
    assert (found.flops, found.moved) == (2 * 100 * 4096 * 100, 4 * (100 * (256 + 4096) + 6464))
    assert not found.is_bound_by_memory


def test_half_precision_moves_half() -> None:
    narrow, wide = layer("- relu", precision="float16"), layer("- relu")
    assert (narrow.moved, wide.moved) == (2 * 512, 4 * 512)
    assert narrow.flops == 0 and narrow.is_bound_by_memory


@pytest.mark.parametrize("word", ["flatten", "dropout: 0.5"])
def test_what_moves_nothing_takes_no_time(word: str) -> None:
    found = layer(f"- {word}")
    assert (found.moved, found.seconds, found.is_bound_by_memory) == (0, Fraction(0), False)


def test_an_open_size_is_refused_by_its_node() -> None:
    graph = graph_of(net("- {relu, name: r}", inputs="{image: [height, 8, 3]}"))
    with pytest.raises(Unsized, match="r"):
        roofline(graph, MACHINE)
