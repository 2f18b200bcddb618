"""`position_embedding`. Expected values follow from its definition."""

import numpy as np
import pytest

from archspec.ir.op import ShapeError
from archspec.ir.shape import Shape
from archspec.ops.position_embedding import PositionEmbedding
from tests.op_cases import Case, case
from tests.ops.running import image, run

CONFORMANCE: dict[str, tuple[Case, ...]] = {
    "position_embedding": (case((5, 4)), case((3, 4, 2)), case((2, 3, 4, 2))),
}


@pytest.mark.parametrize("dims", [(5, 4), (3, 4, 2)])
def test_each_position_has_a_vector(dims: tuple[int, ...]) -> None:
    values = image(*dims)
    embeddings = np.arange(np.prod(dims), dtype="float32").reshape(dims)
    result = run(PositionEmbedding(), values, weights={"embeddings": embeddings})
    np.testing.assert_allclose(result, values + embeddings, rtol=1e-6)


def test_it_begins_small() -> None:
    begun = run(PositionEmbedding(), np.zeros((1, 100, 100), "float32"))
    # Of 10,000 draws the deviation's own is 0.02 / sqrt(20,000), and six of these are 0.0009.
    assert abs(begun.std() - 0.02) < 0.0009


@pytest.mark.parametrize("dims", [(None, 4), (4,), (5, None)])
def test_an_open_size_and_an_input_without_positions_are_refused(dims: tuple[int, ...]) -> None:
    with pytest.raises(ShapeError, match=r"all sizes must be known|the input must be"):
        PositionEmbedding().infer_shapes((Shape(dims),))
