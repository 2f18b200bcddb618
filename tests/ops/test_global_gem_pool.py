"""Generalized-mean pooling: values by NumPy, the mean at a power of 1, near the maximum at a large one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from archspec.ir.op import ShapeError, Weight
from archspec.ir.shape import Shape
from archspec.ops.global_gem_pool import GlobalGemPool
from tests.op_cases import Case, case, windows
from tests.ops.running import image, run, run_open

CONFORMANCE: dict[str, tuple[Case, ...]] = {
    "global_gem_pool": (*windows({}, {"keep_dims": (False, True)}), case((8, 7, 4), initial=1.5, epsilon=1e-3)),
}


def by_hand(values: Any, power: float, epsilon: float = 1e-6) -> Any:
    """The definition, in 64 bits."""
    positive = np.maximum(values.astype("float64"), epsilon)
    return (positive**power).mean(axis=tuple(range(1, values.ndim - 1))) ** (1 / power)


@pytest.mark.parametrize("power", [1.0, 3.0, 6.5])
@pytest.mark.parametrize("shape", [(5, 3), (4, 5, 3), (2, 4, 5, 3)])
def test_values_follow_the_definition(shape: tuple[int, ...], power: float) -> None:
    op, values = GlobalGemPool(initial=power), image(*shape)
    np.testing.assert_allclose(run(op, values), by_hand(values, power), rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(run_open(op, values), by_hand(values, power), rtol=1e-5, atol=1e-6)


def test_it_lies_between_the_mean_and_the_maximum() -> None:
    values = np.abs(image(6, 6, 4)) + 0.1
    found = [run(GlobalGemPool(initial=power), values) for power in (1.0, 3.0, 60.0)]
    np.testing.assert_allclose(found[0], values.mean(axis=(1, 2)), rtol=1e-5)
    assert (found[0] < found[1]).all() and (found[1] < found[2]).all()
    np.testing.assert_allclose(found[2], values.max(axis=(1, 2)), rtol=0.07)  # 36^(-1/60) is 0.94


def test_values_below_epsilon_count_as_it() -> None:
    values = -np.ones((1, 4, 4, 2), "float32")
    np.testing.assert_allclose(run(GlobalGemPool(epsilon=0.5), values), np.full((1, 2), 0.5), rtol=1e-6)


def test_it_owns_one_power() -> None:
    assert GlobalGemPool().weights((Shape((8, 8, 4)),)) == (Weight("power", (1,)),)


def test_a_power_below_1_and_an_input_without_positions_are_refused() -> None:
    with pytest.raises(ValidationError, match="initial"):
        GlobalGemPool(initial=0.5)
    with pytest.raises(ShapeError, match="the input must be"):
        GlobalGemPool().infer_shapes((Shape((5,)),))
