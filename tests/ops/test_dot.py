"""`dot`. Expected values are numpy's."""

import numpy as np
import pytest

from archspec.ir.op import ShapeError
from archspec.ir.shape import Shape
from archspec.ops.dot import Dot
from tests.op_cases import Case, case
from tests.ops.running import image, run

CONFORMANCE: dict[str, tuple[Case, ...]] = {
    "dot": (case((5,), (5,)), case((5,), (5,), normalize=True), case((None,), (None,))),
}


def test_products_are_summed() -> None:
    one, other = image(5), image(5, seed=1)
    np.testing.assert_allclose(run(Dot(), one, other), (one * other).sum(1, keepdims=True), rtol=1e-5)


def test_normalized_it_is_the_cosine() -> None:
    one, other = image(5), image(5, seed=1)
    lengths = np.linalg.norm(one, axis=1) * np.linalg.norm(other, axis=1)
    expected = (one * other).sum(1) / lengths
    np.testing.assert_allclose(run(Dot(normalize=True), one, other)[:, 0], expected, rtol=1e-5)


@pytest.mark.parametrize("shapes", [((5,), (4,)), ((3, 5), (3, 5)), ((5,), (5,), (5,)), ((5,),)])
def test_what_are_not_two_vectors_of_one_size_is_refused(shapes: tuple[tuple[int, ...], ...]) -> None:
    with pytest.raises(ShapeError, match="`dot` needs two"):
        Dot().infer_shapes(tuple(map(Shape, shapes)))
