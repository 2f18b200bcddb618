"""`attention`. Expected values are numpy's, by the paper's formulas; shapes and weights Keras'."""

from typing import Any

import keras
import numpy as np
import pytest

from archspec.ir.op import ShapeError
from archspec.ir.shape import Shape
from archspec.keras_backend.build import apply
from archspec.ops.attention import Attention
from tests.op_cases import Case, case
from tests.ops.running import image, run

CONFORMANCE: dict[str, tuple[Case, ...]] = {
    "attention": (
        case((5, 8), heads=2),
        case((5, 8), heads=2, head_width=3, units=6, bias=False, causal=True, dropout=0.1),
        case((None, 8), heads=4),
        case((None, 8), heads=4, causal=True),
        case((None, 8), (None, 8), heads=1),
        case((7, 5), (3, 6), heads=2, head_width=4),
        case((5, 8), (9, 4), heads=8, dropout=0.2),
        case((5, 8), (9, 4), heads=2, units=3),
    ),
}


def weights_of(op: Attention, *shapes: tuple[int, ...]) -> dict[str, Any]:
    random = np.random.default_rng(3)
    return {weight.name: random.normal(size=weight.shape) for weight in op.weights(tuple(map(Shape, shapes)))}


def by_hand(query: Any, memory: Any, weights: dict[str, Any], *, causal: bool = False) -> Any:
    """Section 3.2.2 of the paper, head by head, for one example."""
    heads = []
    for head in range(weights["query/kernel"].shape[1]):
        q, k, v = (
            values @ weights[f"{name}/kernel"][:, head] + weights[f"{name}/bias"][head]
            for name, values in (("query", query), ("key", memory), ("value", memory))
        )
        scores = q @ k.T / np.sqrt(q.shape[-1])
        if causal:
            scores[np.triu_indices(len(scores), 1)] = -np.inf
        shares = np.exp(scores - scores.max(axis=1, keepdims=True))
        heads.append(shares / shares.sum(axis=1, keepdims=True) @ v)
    output = np.concatenate([weights["attention_output/kernel"][head] for head in range(len(heads))])
    return np.concatenate(heads, axis=1) @ output + weights["attention_output/bias"]


@pytest.mark.parametrize("causal", [False, True])
def test_a_sequence_attends_to_itself_as_the_paper_says(causal: bool) -> None:
    op, values = Attention(heads=2, causal=causal), image(5, 8)
    weights = weights_of(op, (5, 8))
    expected = [by_hand(one, one, weights, causal=causal) for one in values]
    np.testing.assert_allclose(run(op, values, weights=weights), expected, rtol=1e-3, atol=1e-4)


def test_of_two_the_first_asks_and_the_second_is_looked_at() -> None:
    op, query, memory = Attention(heads=2, head_width=3, units=7), image(4, 8), image(6, 5, seed=1)
    weights = weights_of(op, (4, 8), (6, 5))
    expected = [by_hand(one, other, weights) for one, other in zip(query, memory, strict=True)]
    np.testing.assert_allclose(run(op, query, memory, weights=weights), expected, rtol=1e-3, atol=1e-4)


def test_a_causal_position_does_not_see_what_comes_after() -> None:
    op, values = Attention(heads=2, causal=True), image(5, 8)
    weights = weights_of(op, (5, 8))
    changed = np.concatenate([values[:, :3], image(2, 8, seed=9)], axis=1)
    before, after = run(op, values, weights=weights), run(op, changed, weights=weights)
    np.testing.assert_allclose(before[:, :3], after[:, :3], rtol=1e-4, atol=1e-5)
    assert not np.allclose(before[:, 3:], after[:, 3:])


def test_a_layer_of_bert_has_its_parameters() -> None:
    """BERT base, arXiv:1810.04805, section 3: 768 channels, 12 heads; 4·(768² + 768) with every bias."""
    op, given = Attention(heads=12), (Shape((512, 768)),)
    assert sum(weight.size for weight in op.weights(given)) == 4 * (768 * 768 + 768)
    assert sum(weight.size for weight in Attention(heads=12, bias=False).weights(given)) == 4 * 768 * 768


def test_products_with_and_without_weights_are_counted() -> None:
    # 5 positions of 8 channels: 4 products by 8·8, and two of 5·5·8. Across: 7·5·8 + 2·3·6·8 + 7·8·5 + 2·7·3·8.
    own, other = (Shape((5, 8)),), (Shape((7, 5)), Shape((3, 6)))
    assert Attention(heads=2).cost(own, own).macs == 4 * 5 * 8 * 8 + 2 * 5 * 5 * 8
    assert Attention(heads=2).cost(own, own).connections == 4 * 5 * (8 * 8 + 8)
    across = Attention(heads=2, head_width=4)
    assert across.cost(other, other[:1]).macs == 280 + 288 + 280 + 336
    assert Attention(heads=2).cost((Shape((None, 8)),), (Shape((None, 8)),)).macs is None


def test_weights_are_told_apart_by_the_layers_inside() -> None:
    op = Attention(heads=2)
    lowering = op.to_keras((Shape((5, 8)),))
    _, layers = apply(lowering, [keras.Input((5, 8))], "at")
    assert [variable.path for variable in layers[""].weights] == [f"at/{name}" for name in lowering.variables]


@pytest.mark.parametrize(
    ("shapes", "fields", "message", "field"),
    [
        (((5, 8),), {"heads": 3}, "`heads` must divide the input's channels, got 3 for 8", "heads"),
        (((8,),), {"heads": 2}, "the input must be a sequence, (length, channels), got (8)", None),
        (((4, 4, 8),), {"heads": 2}, "the input must be a sequence, (length, channels), got (4, 4, 8)", None),
        (((5, 8), (4, 4, 8)), {"heads": 2}, "the input must be a sequence, (length, channels), got (4, 4, 8)", None),
        (
            ((5, 8), (5, 8), (5, 8)),
            {"heads": 2},
            "the input must be one sequence, or two: the one that asks and the one looked at, got 3",
            None,
        ),
        (((5, None),), {"heads": 2}, "the number of input channels must be known, got (5, ?)", None),
    ],
)
def test_what_it_cannot_take_is_refused(shapes: Any, fields: Any, message: str, field: str | None) -> None:
    with pytest.raises(ShapeError) as error:
        Attention(**fields).infer_shapes(tuple(map(Shape, shapes)))
    assert (error.value.message, error.value.field) == (message, field)


def test_a_map_is_offered_tokens() -> None:
    with pytest.raises(ShapeError) as error:
        Attention(heads=2).infer_shapes((Shape((4, 4, 8)),))
    assert error.value.cure == "`- tokens` makes a sequence of a map's positions"


@pytest.mark.parametrize("fields", [{"heads": 0}, {"heads": 2, "head_width": 0}, {"heads": 2, "dropout": 1.0}])
def test_illegal_numbers_are_refused(fields: Any) -> None:
    with pytest.raises(ValueError, match=list(fields)[-1]):
        Attention(**fields)
