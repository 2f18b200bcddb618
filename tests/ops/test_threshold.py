"""`threshold`. Expected values are numpy's."""

import numpy as np
import pytest

from archspec.ir.shape import Shape
from archspec.ops.threshold import Threshold
from tests.compiled import graph_of
from tests.op_cases import ANY_RANK, Case, case, with_fields
from tests.ops.running import image, run

CONFORMANCE: dict[str, tuple[Case, ...]] = {
    "threshold": (*with_fields(ANY_RANK, threshold=0.1), case((8, 7, 4), threshold=-1.0, otherwise=-1.0)),
}


@pytest.mark.parametrize(("threshold", "otherwise"), [(0.0, 0.0), (1.0, 0.0), (-0.5, 20.0)])
def test_values_above_the_threshold_are_kept(threshold: float, otherwise: float) -> None:
    values = image(3, 4)
    result = run(Threshold(threshold=threshold, otherwise=otherwise), values)
    np.testing.assert_allclose(result, np.where(values > threshold, values, otherwise))


def test_the_threshold_itself_is_not_above_it() -> None:
    np.testing.assert_array_equal(run(Threshold(threshold=1.0), np.array([[1.0, 1.5]], "float32")), [[0.0, 1.5]])


def test_a_lone_number_is_the_threshold_and_every_shape_is_kept() -> None:
    (node,) = graph_of("archspec: 1\ninputs: {x: [4]}\nlayers: [threshold: 0.5]\n").nodes
    assert node.op == Threshold(threshold=0.5)
    assert Threshold(threshold=0.5).infer_shapes((Shape((None, 3)),)) == (Shape((None, 3)),)
