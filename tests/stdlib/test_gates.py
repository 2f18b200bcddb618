"""The standard blocks `glu`, `maxout` and `l2_scale` compute their papers' formulas. Expected values are numpy's."""

from typing import Any

import numpy as np
import pytest

from archspec.keras_backend.build import build
from tests.compiled import lowered_from
from tests.ops.running import image


def values_of(line: str, values: Any) -> Any:
    """What a network of one line makes of an array."""
    sizes = ", ".join(map(str, values.shape[1:]))
    lowered = lowered_from(f"archspec: 1\ninputs: {{x: [{sizes}]}}\nlayers: [{line}]\n")
    return np.asarray(build(lowered).model(values))


@pytest.mark.parametrize("dims", [(6,), (5, 6), (3, 4, 6)])
def test_a_gated_linear_unit_multiplies_by_the_gate_of_the_second_half(dims: tuple[int, ...]) -> None:
    """Dauphin et al., 2016, equation 1: (X·W + b) ⊗ σ(X·V + c)."""
    values = image(*dims)
    first, second = values[..., :3], values[..., 3:]
    np.testing.assert_allclose(values_of("glu", values), first / (1 + np.exp(-second)), rtol=1e-5)
    np.testing.assert_allclose(values_of("glu: none", values), first * second, rtol=1e-5)
    np.testing.assert_allclose(values_of("glu: relu", values), first * np.maximum(second, 0), rtol=1e-5)


@pytest.mark.parametrize("dims", [(6,), (5, 6), (3, 4, 6)])
@pytest.mark.parametrize("pieces", [2, 3])
def test_maxout_keeps_the_largest_of_the_pieces(pieces: int, dims: tuple[int, ...]) -> None:
    """Goodfellow et al., 2013, section 3: the maximum over j of z_ij."""
    values = image(*dims)
    expected = values.reshape(*values.shape[:-1], pieces, 6 // pieces).max(-2)
    np.testing.assert_array_equal(values_of(f"maxout: {pieces}", values), expected)


def test_l2_scale_begins_with_vectors_of_length_twenty() -> None:
    """Liu et al., 2015 (SSD), section 3.1: the norm of conv4_3 is scaled to 20."""
    length = np.linalg.norm(values_of("l2_scale", image(3, 4, 6)), axis=-1)
    np.testing.assert_allclose(length, np.full((2, 3, 4), 20.0), rtol=1e-5)
