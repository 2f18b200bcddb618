"""Global max pooling: values against NumPy's over all spatial axes."""

from __future__ import annotations

import numpy as np
import pytest

from archspec.ir.op import ShapeError
from archspec.ir.shape import Shape
from archspec.ops.global_max_pool import GlobalMaxPool
from tests.op_cases import Case, windows
from tests.ops.running import image, run, run_open

CONFORMANCE: dict[str, tuple[Case, ...]] = {
    "global_max_pool": windows({}, {"keep_dims": (False, True)}),
}


@pytest.mark.parametrize("keep_dims", [False, True])
@pytest.mark.parametrize("shape", [(5, 3), (4, 5, 3), (2, 4, 5, 3)])
def test_values_are_numpys(shape: tuple[int, ...], keep_dims: bool) -> None:
    op, values = GlobalMaxPool(keep_dims=keep_dims), image(*shape)
    expected = values.max(axis=tuple(range(1, len(shape))), keepdims=keep_dims)
    np.testing.assert_allclose(run(op, values), expected, atol=1e-6)
    np.testing.assert_allclose(run_open(op, values), expected, atol=1e-6)
    assert op.infer_shapes((Shape(shape),))[0].dims == expected.shape[1:]


def test_open_sizes_vanish() -> None:
    assert GlobalMaxPool().infer_shapes((Shape((None, None, 3)),)) == (Shape((3,)),)
    assert GlobalMaxPool(keep_dims=True).infer_shapes((Shape((None, None, 3)),)) == (Shape((1, 1, 3)),)


def test_it_needs_a_spatial_axis() -> None:
    with pytest.raises(ShapeError, match="the input must be"):
        GlobalMaxPool().infer_shapes((Shape((5,)),))
