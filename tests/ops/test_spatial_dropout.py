"""`spatial_dropout`. Expected values follow from its definition."""

import numpy as np
import pytest

from archspec.ir.op import ShapeError
from archspec.ir.shape import Shape
from archspec.keras_backend.build import apply
from archspec.ops.spatial_dropout import SpatialDropout
from tests.op_cases import IMAGES, Case, case
from tests.ops.running import image, run

CONFORMANCE: dict[str, tuple[Case, ...]] = {
    "spatial_dropout": tuple(case(shape, rate=0.5) for shape in IMAGES),
}


def test_hands_its_input_through_outside_training() -> None:
    values = image(3, 4)
    np.testing.assert_array_equal(run(SpatialDropout(rate=0.5), values), values)


@pytest.mark.parametrize("dims", [(4, 1000), (2, 3, 1000), (2, 3, 2, 1000)])
def test_training_zeroes_or_scales_a_channel_as_a_whole(dims: tuple[int, ...]) -> None:
    values = np.ones((2, *dims), "float32")
    _, layers = apply(SpatialDropout(rate=0.75).to_keras((Shape(dims),)), [values], "node")
    result = np.asarray(layers[""](values, training=True)).reshape(2, -1, 1000)
    assert set(np.unique(result)) == {0.0, 4.0}  # 1 / (1 - 0.75)
    assert (result == result[:, :1]).all()
    assert (result[0] != result[1]).any()
    assert 0.7 < np.mean(result[:, 0] == 0) < 0.8


def test_wrong_ranks_and_rates_are_refused() -> None:
    with pytest.raises(ShapeError, match="the input must be"):
        SpatialDropout(rate=0.5).infer_shapes((Shape((5,)),))
    for rate in (-0.1, 1.0):
        with pytest.raises(ValueError, match="rate"):
            SpatialDropout(rate=rate)
