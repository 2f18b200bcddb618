"""One node's facts come from its op's rules, and a refusal passes through."""

from __future__ import annotations

import pytest

from archspec.inference.infer import Inferred, infer
from archspec.ir.op import Cost, Op, ShapeError, Weight
from archspec.ir.shape import Shape
from archspec.ops import find


def op(word: str, **fields: object) -> Op:
    found = find(word)
    assert found is not None
    return found(**fields)


def test_shapes_weights_and_cost_are_found() -> None:
    # 28 - 5 + 1 = 24; 24·24·6 units of 5·5·3 multiply-adds, and as many connections with one bias each.
    assert infer(op("conv", filters=6, kernel=(5,)), (Shape((28, 28, 3)),)) == Inferred(
        shapes=(Shape((24, 24, 6)),),
        weights=(Weight("kernel", (5, 5, 3, 6)), Weight("bias", (6,))),
        cost=Cost(macs=24 * 24 * 6 * 75, connections=24 * 24 * 6 * 76),
    )


def test_open_sizes_pass_through() -> None:
    found = infer(op("conv", filters=6, kernel=(5,)), (Shape((None, 28, 3)),))
    assert found.shapes == (Shape((None, 24, 6)),)
    assert found.cost == Cost(macs=None, connections=None)
    assert [weight.shape for weight in found.weights] == [(5, 5, 3, 6), (6,)]


def test_several_values_come_out_in_order() -> None:
    assert infer(op("split", parts=(1, 3)), (Shape((4,)),)).shapes == (Shape((1,)), Shape((3,)))


def test_an_input_that_the_op_cannot_take_is_refused() -> None:
    with pytest.raises(ShapeError) as caught:
        infer(op("conv", filters=6, kernel=(5,)), (Shape((3, 3, 3)),))
    assert caught.value.field == "kernel"


def test_weights_are_not_asked_of_an_op_that_refuses() -> None:
    class Refuses(Op):
        def infer_shapes(self, inputs: tuple[Shape, ...]) -> tuple[Shape, ...]:
            raise ShapeError("no")

        def weights(self, inputs: tuple[Shape, ...]) -> tuple[Weight, ...]:
            raise AssertionError("asked")

        def to_keras(self, inputs: tuple[Shape, ...]) -> None:  # type: ignore[override]
            raise AssertionError("asked")

    with pytest.raises(ShapeError):
        infer(Refuses(), (Shape((1,)),))
