"""Every standard block hands the momentum and the epsilon that it is given on to every normalization inside it."""

from __future__ import annotations

import pytest

from archspec.elaboration.modules import standard_block
from archspec.ops.batch_norm import BatchNorm
from tests.goldens import STANDARD_BLOCKS, use_of

NORMALIZING = [word for word in STANDARD_BLOCKS if any(node.word == "batch_norm" for node in use_of(word).nodes)]


def test_the_blocks_that_normalize_are_found() -> None:
    assert len(NORMALIZING) >= 17
    assert {"fire", "mlpconv", "squeeze_excite", "conv_relu", "inception"}.isdisjoint(NORMALIZING)


@pytest.mark.parametrize("word", NORMALIZING)
def test_momentum_and_epsilon_reach_every_norm(word: str) -> None:
    for node in use_of(word, momentum="0.5", epsilon="0.25").nodes:
        if isinstance(node.op, BatchNorm):
            assert (node.op.momentum, node.op.epsilon) == (0.5, 0.25), node.path


@pytest.mark.parametrize("word", NORMALIZING)
def test_the_two_stand_side_by_side_in_that_order(word: str) -> None:
    names = [parameter.name.text for parameter in standard_block(word).block.parameters]
    assert names[names.index("momentum") + 1] == "epsilon"
