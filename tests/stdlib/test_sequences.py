"""The standard blocks of sequences, `tokens`, `first_token` and `transformer_block`. Expected values are numpy's."""

from typing import Any

import numpy as np
import pytest

from archspec.ir.shape import Shape
from archspec.keras_backend.build import build
from tests.compiled import graph_of, lowered_from
from tests.ops.running import image


def network(line: str, sizes: str) -> str:
    return f"archspec: 1\ninputs: {{x: [{sizes}]}}\nlayers: [{line}]\n"


def values_of(line: str, values: Any) -> Any:
    """What a network of one line makes of an array."""
    return np.asarray(build(lowered_from(network(line, ", ".join(map(str, values.shape[1:]))))).model(values))


@pytest.mark.parametrize("dims", [(3, 4, 5), (1, 4, 5), (2, 3, 2, 5), (4, 5)])
def test_tokens_are_a_maps_positions_row_by_row(dims: tuple[int, ...]) -> None:
    values = image(*dims)
    expected = np.stack([values[(slice(None), *place)] for place in np.ndindex(dims[:-1])], axis=1)
    np.testing.assert_array_equal(values_of("tokens", values), expected)


@pytest.mark.parametrize(("sizes", "shape"), [("height, width, 8", "(height*width, 8)"), ("1, width, 8", "(width, 8)")])
def test_tokens_of_open_sizes_are_a_formula(sizes: str, shape: str) -> None:
    (node,) = graph_of(network("tokens", sizes)).nodes
    assert str(node.shapes[0]) == shape


def test_the_first_token_is_what_stands_first() -> None:
    values = image(4, 5)
    np.testing.assert_array_equal(values_of("first_token", values), values[:, 0])
    assert graph_of(network("first_token", "steps, 5")).nodes[-1].shapes == (Shape((5,)),)


def test_a_transformer_block_counts_as_the_encoder_layer_of_bert_does() -> None:
    """BERT base, arXiv:1810.04805: an encoder layer has 7,087,872 parameters: 4·(768² + 768) of attention,
    2·768·3072 + 3072 + 768 of the dense layers and 4·768 of the norms."""
    text = network("{transformer_block: {heads: 12, hidden: 3072}, name: layer}", "128, 768")
    assert sum(node.trainable for node in graph_of(text).nodes) == 7_087_872


def test_what_drops_is_there_when_it_is_asked_for() -> None:
    plain = graph_of(network("transformer_block: {heads: 2, hidden: 8}", "5, 4"))
    dropping = graph_of(network("transformer_block: {heads: 2, hidden: 8, dropout: 0.1, drop_path: 0.2}", "5, 4"))
    words = [node.word for node in dropping.nodes]
    assert (words.count("dropout"), words.count("stochastic_depth")) == (3, 2)
    assert [word for word in words if word not in ("dropout", "stochastic_depth")] == [n.word for n in plain.nodes]
