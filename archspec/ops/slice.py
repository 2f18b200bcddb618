"""Takes a stretch of positions along an axis, by default of the channels.

out[…, k, …] = in[…, start + k·step, …] along `axis`, for k < size

Shape:   the input's, with `size` along the axis, or ceil((positions - start) / step) without one.
Weights: none.
Cost:    none.
Errors:  E0402 the stretch reaches past the axis, or the input does not have it.
Source:  Gao et al., "Res2Net: a new multi-scale backbone architecture", arXiv:1904.01169, section 3.1, by channels; by
         rows and columns: the shifted paths of Zoph et al., arXiv:1707.07012, as its authors' code halves a map.
"""

from __future__ import annotations

from functools import cache
from typing import Any, ClassVar

from pydantic import Field

from archspec.ir.footprint import KEEPS_NOTHING, Footprint
from archspec.ir.keras_call import KerasLayer, Lowering, lower_to
from archspec.ir.op import Op, ShapeError
from archspec.ir.reach import POINT, Reach, Window
from archspec.ir.shape import Dim, Shape, is_known, map_dims, show
from archspec.ops._axes import AXIS_HELP, Axis, axis_place
from archspec.ops._window import NonNegative, Positive


class Slice(Op):
    """Some of the positions along an axis."""

    principal: ClassVar[str | None] = "start"
    is_affine: ClassVar[bool] = True
    example: ClassVar[str] = """
        archspec: 1
        inputs: {image: [32, 32, 8]}
        layers:
          - slice: {start: 2, size: 4}
          - slice: {start: 1, step: 2, axis: rows}
    """

    start: NonNegative = Field(0, description="how many positions are left out before the first")
    size: Positive | None = Field(None, description="how many positions are taken; all that there are unless given")
    step: Positive = Field(1, description="the distance between those that are taken")
    axis: Axis = Field("channels", description=AXIS_HELP)

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> tuple[Shape, ...]:
        (given,) = inputs
        place = axis_place(given, self.axis)
        length = given.dims[place]
        last = self.start + ((self.size or 1) - 1) * self.step
        if is_known(length) and last >= length:
            raise ShapeError(
                f"the {self.axis} must reach as far as what is taken of them, got {length} for number {last + 1}",
                field="start" if self.size is None or self.start >= length else "size",
            )
        dims = list(given.dims)
        dims[place] = self._count(length)
        return (Shape(tuple(dims)),)

    def derivation(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> tuple[str, ...]:
        (given,), (output,) = inputs, outputs
        place = axis_place(given, self.axis)
        length, count = show(given.dims[place]), show(output.dims[place])
        if self.size is not None:
            return (f"{self.axis}: {count} of {length}",)
        return (f"{self.axis}: ceil(({length} - {self.start}) / {self.step}) = {count}",)

    def reach(self, inputs: tuple[Shape, ...]) -> Reach:
        (given,) = inputs
        place = axis_place(given, self.axis)
        taken = Window(1, self.step, -self.start)
        return tuple(taken if axis == place else POINT for axis in range(given.rank - 1))

    def footprint(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Footprint:
        return KEEPS_NOTHING

    def to_keras(self, inputs: tuple[Shape, ...]) -> Lowering:
        place = axis_place(inputs[0], self.axis)
        fields = {"axis": place + 1, "start": self.start, "size": self.size, "step": self.step}
        return lower_to(KerasLayer("archspec.ops.slice:slice_layer", fields))

    def _count(self, length: Dim) -> Dim:
        if self.size is not None:
            return self.size
        return map_dims(lambda known: (known - self.start + self.step - 1) // self.step, length)


@cache
def slice_layer() -> Any:
    """The layer, which Keras lacks."""
    import keras

    @keras.saving.register_keras_serializable("archspec")
    class Slice(keras.layers.Layer):
        """The positions from `start` on along `axis`, the batch's being 0: `size` of them, or all."""

        def __init__(self, axis: int, start: int, size: int | None, step: int, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.axis = axis
            self.start = start
            self.size = size
            self.step = step

        def call(self, inputs: Any) -> Any:
            stop = None if self.size is None else self.start + (self.size - 1) * self.step + 1
            kept = slice(self.start, stop, self.step)
            return inputs[tuple(kept if axis == self.axis else slice(None) for axis in range(len(inputs.shape)))]

        def compute_output_shape(self, input_shape: Any) -> Any:
            length, count = input_shape[self.axis], self.size
            if count is None and length is not None:
                count = (length - self.start + self.step - 1) // self.step
            return (*input_shape[: self.axis], count, *input_shape[self.axis + 1 :])

        def get_config(self) -> dict[str, Any]:
            own = {"axis": self.axis, "start": self.start, "size": self.size, "step": self.step}
            return {**super().get_config(), **own}

    return Slice
