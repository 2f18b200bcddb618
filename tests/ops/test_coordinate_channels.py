"""`coordinate_channels`. Expected values are numpy's evenly spaced numbers."""

from typing import Any

import numpy as np
import pytest

from archspec.ir.op import ShapeError
from archspec.ir.shape import Shape
from archspec.ops.coordinate_channels import CoordinateChannels
from tests.op_cases import IMAGES, Case, case, with_fields
from tests.ops.running import image, run, run_open, shape_of

PLAIN = tuple(case(shape) for shape in IMAGES)
CONFORMANCE: dict[str, tuple[Case, ...]] = {
    "coordinate_channels": (*PLAIN, *with_fields(PLAIN, radius=True), case((4, 4, None))),
}


@pytest.mark.parametrize("radius", [False, True])
@pytest.mark.parametrize("spatial", [(5,), (4, 7), (3, 4, 2)])
def test_the_coordinates_are_evenly_spaced(spatial: tuple[int, ...], radius: bool) -> None:
    values, op = image(*spatial, 3), CoordinateChannels(radius=radius)
    grid = np.meshgrid(*(np.linspace(-1, 1, size) for size in spatial), indexing="ij")[::-1]
    channels = [*grid, np.sqrt(sum(one**2 for one in grid))] if radius else grid
    appended = np.broadcast_to(np.stack(channels, -1), (2, *spatial, len(channels)))
    expected = np.concatenate([values, appended], -1)
    np.testing.assert_allclose(run(op, values), expected, atol=1e-6)
    np.testing.assert_allclose(run_open(op, values), expected, atol=1e-6)
    assert op.infer_shapes((shape_of(values),)) == (shape_of(expected),)


def test_the_coordinate_of_an_only_position_is_its_first() -> None:
    result: Any = run(CoordinateChannels(), image(1, 3, 1))
    assert result[0, 0, :, 1:].tolist() == [[-1, -1], [0, -1], [1, -1]]


def test_the_derivation_has_the_numbers_in_it() -> None:
    inputs = (Shape((4, 4, 3)),)
    assert CoordinateChannels().derivation(inputs, (Shape((4, 4, 5)),)) == ("channels: 3 + 2 = 5",)
    assert CoordinateChannels(radius=True).derivation(inputs, (Shape((4, 4, 6)),)) == ("channels: 3 + 2 + 1 = 6",)


def test_a_vector_has_no_coordinates() -> None:
    with pytest.raises(ShapeError, match="the input must be"):
        CoordinateChannels().infer_shapes((Shape((4,)),))
