"""`subtract`. Expected values are numpy's."""

import numpy as np
import pytest

from archspec.compiler import compile_spec
from archspec.diagnostics import SourceFile
from archspec.ir.op import ShapeError
from archspec.ir.shape import Shape
from archspec.ops.subtract import Subtract
from tests.op_cases import TWO, Case
from tests.ops.running import image, run

CONFORMANCE: dict[str, tuple[Case, ...]] = {"subtract": TWO}


@pytest.mark.parametrize("dims", [(5,), (4, 5), (3, 4, 5)])
def test_it_is_the_first_less_the_second(dims: tuple[int, ...]) -> None:
    left, right = image(*dims), image(*dims, seed=1)
    np.testing.assert_array_equal(run(Subtract(), left, right), left - right)


def test_open_sizes_are_taken_from_who_knows() -> None:
    assert Subtract().infer_shapes((Shape((None, 4, 8)), Shape((6, None, 8)))) == (Shape((6, 4, 8)),)


def test_unequal_shapes_are_refused() -> None:
    with pytest.raises(ShapeError, match=r"`subtract` needs equal shapes, got \(4, 8\) and \(4, 1\)"):
        Subtract().infer_shapes((Shape((4, 8)), Shape((4, 1))))


def test_a_third_value_is_refused() -> None:
    text = "archspec: 1\ninputs: {a: [4], b: [4], c: [4]}\nlayers: [{subtract, from: [a, b, c]}]\n"
    (found,) = compile_spec(SourceFile("net.yaml", text)).diagnostics
    assert (found.code, found.headline) == ("E0307", "`subtract` takes 2 values, and 3 flow here: `a`, `b`, `c`")
