"""`prelu`. Expected values are numpy's, expected counts by hand."""

import numpy as np
import pytest

from archspec.ir.op import ShapeError
from archspec.ir.shape import Shape
from archspec.ops.prelu import Prelu
from tests.op_cases import ANY_RANK, Case, case, with_fields
from tests.ops.running import image, run

CONFORMANCE: dict[str, tuple[Case, ...]] = {
    "prelu": (
        *ANY_RANK,
        *with_fields(ANY_RANK, slopes="one", initial=0.1),
        *(case(shape, slopes="value") for shape in ((5,), (9, 4), (8, 7, 4), (5, 6, 7, 4))),
    ),
}


def rectified(values: np.ndarray, slope: np.ndarray | float) -> np.ndarray:
    return np.where(values > 0, values, slope * values)


@pytest.mark.parametrize("dims", [(6,), (4, 6), (4, 5, 6), (2, 3, 2, 6)])
@pytest.mark.parametrize("slopes", ["channel", "one", "value"])
def test_values_below_zero_are_multiplied_by_their_slope(slopes: str, dims: tuple[int, ...]) -> None:
    values = image(*dims)
    op = Prelu.model_validate({"slopes": slopes})
    (weight,) = op.weights((Shape(dims),))
    alpha = np.random.default_rng(1).normal(size=weight.shape)
    np.testing.assert_allclose(run(op, values, weights={"alpha": alpha}), rectified(values, alpha), rtol=1e-5)


def test_begins_at_a_quarter_as_in_the_paper() -> None:
    """He et al., 2015, section 2.2: "we use a_i = 0.25 as the initialization"."""
    values = image(3, 4)
    np.testing.assert_allclose(run(Prelu(), values), rectified(values, 0.25), rtol=1e-6)
    np.testing.assert_allclose(run(Prelu(initial=0.0), values), np.maximum(values, 0))


@pytest.mark.parametrize(("slopes", "count"), [("channel", 64), ("one", 1), ("value", 14 * 14 * 64)])
def test_how_many_slopes_there_are(slopes: str, count: int) -> None:
    (weight,) = Prelu.model_validate({"slopes": slopes}).weights((Shape((14, 14, 64)),))
    assert weight.size == count


def test_a_slope_for_each_value_needs_known_sizes() -> None:
    with pytest.raises(ShapeError, match="a slope for each value needs known sizes") as error:
        Prelu(slopes="value").infer_shapes((Shape((None, 7, 4)),))
    assert error.value.field == "slopes"
    assert error.value.cure == "`slopes: channel` serves every size"


def test_open_channels_are_refused() -> None:
    for slopes in ("channel", "one", "value"):
        with pytest.raises(ShapeError, match="the number of input channels must be known"):
            Prelu.model_validate({"slopes": slopes}).infer_shapes((Shape((4, None)),))
