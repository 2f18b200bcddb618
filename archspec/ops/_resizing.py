"""Values between the positions of an input, at other sizes: what `upsample`, `resize` and `resize_like` share.

Along each axis by itself, output position i looks at the input's position x, and takes the weighted mean of the values
around it, of those that there are:

    nearest            floor(x + 1/2)
    bilinear           1 - |d|, of the 2 at a distance d below 1
    bicubic            Keys' kernel with a = -1/2, of the 4 at a distance below 2
    lanczos3, 5        sinc(d)·sinc(d / r), of the 2·r at a distance below r

`centres`: x = (i + 1/2)·size / size' - 1/2, as Keras and, without `align_corners`, PyTorch have it; `corners`:
x = i·(size - 1) / (size' - 1), PyTorch's `align_corners=True`. Nothing is smoothed before an input is made smaller.

Source: Keys, "Cubic convolution interpolation for digital image processing", 1981; Duchon, "Lanczos filtering in one
        and two dimensions", 1979.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Literal

from archspec.ir.keras_call import KerasLayer
from archspec.ir.keras_call import Literal as Argument
from archspec.ir.reach import POINT, Reach, Window
from archspec.ir.shape import Dim

Interpolation = Literal["nearest", "bilinear", "bicubic", "lanczos3", "lanczos5"]
Alignment = Literal["centres", "corners"]

INTERPOLATION_HELP = "`nearest`, `bilinear` (along one axis linear), `bicubic`, `lanczos3` or `lanczos5`"
ALIGNMENT_HELP = "what lies over what: the `centres` of the whole images, or the centres of their `corners`"


def resizing_definition(interpolation: Interpolation, align: Alignment, **sizes: Argument) -> KerasLayer:
    """The layer that gives its input other sizes; `sizes` are its `size` or `factor`, or neither."""
    return KerasLayer("archspec.ops._resizing:resize_layer", {**sizes, "interpolation": interpolation, "align": align})


def resizing_reach(given: tuple[Dim, ...], wanted: tuple[Dim, ...]) -> Reach:
    """Where the sizes are equal, each position; else all, since no window moves by parts of a position."""
    return tuple(map(_along, given, wanted))


def _along(size: Dim, wanted: Dim) -> Window | None:
    return POINT if size is not None and size == wanted else None


@cache
def resize_layer() -> Any:
    """The layer for what Keras' own resizing lacks: 1 and 3 axes, corners, sizes of another value, compiling."""
    import keras

    @keras.saving.register_keras_serializable("archspec")
    class Resize(keras.layers.Layer):
        """Its input at `size`, or at `factor` times its size, or given two inputs at the size of the second."""

        def __init__(
            self, interpolation: str, align: str = "centres", size: Any = None, factor: Any = None, **kwargs: Any
        ) -> None:
            super().__init__(**kwargs)
            self.interpolation = interpolation
            self.align = align
            self.size = None if size is None else tuple(size)
            self.factor = None if factor is None else tuple(factor)

        def call(self, inputs: Any) -> Any:
            given = list(inputs) if isinstance(inputs, list | tuple) else [inputs]
            values, wanted = given[0], self._wanted([keras.ops.shape(one) for one in given])
            sizes = keras.ops.shape(values)[1:-1]
            if self.interpolation == "nearest":
                for axis, (size, new) in enumerate(zip(sizes, wanted, strict=True), start=1):
                    values = keras.ops.take(values, self._nearest(size, new), axis=axis)
                return values
            dtype = values.dtype
            values = keras.ops.cast(values, keras.backend.result_type(dtype, "float32"))
            for axis, (size, new) in enumerate(zip(sizes, wanted, strict=True), start=1):
                is_known = isinstance(size, int) and isinstance(new, int)
                if not (is_known and size == new):
                    values = self._mixed(values, axis, size, new)
            return keras.ops.cast(values, dtype)

        def _wanted(self, shapes: Any) -> Any:
            if self.size is not None:
                return self.size
            if self.factor is not None:
                return tuple(
                    length if length is None else length * times
                    for length, times in zip(shapes[0][1:-1], self.factor, strict=True)
                )
            return tuple(shapes[1][1:-1])

        def _nearest(self, size: Any, new: Any) -> Any:
            # In whole numbers: a rounded x would fall to the wrong side where it is halfway between two positions.
            places = keras.ops.arange(new, dtype="int32")
            if self.align == "centres":
                return (2 * places + 1) * size // (2 * new)
            steps = keras.ops.maximum(new - 1, 1)
            return (2 * places * (size - 1) + steps) // (2 * steps)

        def _mixed(self, values: Any, axis: int, size: Any, new: Any) -> Any:
            """The weighted means along one axis."""
            places = keras.ops.cast(keras.ops.arange(new, dtype="int32"), values.dtype)
            size_, new_ = (keras.ops.cast(one, values.dtype) for one in (size, new))
            if self.align == "centres":
                seen = (places + 0.5) * size_ / new_ - 0.5
            else:
                seen = places * (size_ - 1) / keras.ops.maximum(new_ - 1, 1)
            radius = {"bilinear": 1, "bicubic": 2, "lanczos3": 3, "lanczos5": 5}[self.interpolation]
            base = keras.ops.floor(seen)
            sums: Any = 0
            weights: Any = 0
            for step in range(1 - radius, 1 + radius):
                place = base + step
                is_there = keras.ops.logical_and(place >= 0, place <= size_ - 1)
                weight = keras.ops.where(is_there, self._weight(keras.ops.abs(seen - place), radius), 0.0)
                at = keras.ops.cast(keras.ops.clip(place, 0, size_ - 1), "int32")
                along = [-1 if axis == one else 1 for one in range(len(values.shape))]
                sums = sums + keras.ops.take(values, at, axis=axis) * keras.ops.reshape(weight, along)
                weights = weights + weight
            return sums / keras.ops.reshape(weights, along)

        def _weight(self, distance: Any, radius: int) -> Any:
            if radius == 1:
                return 1 - distance
            if radius == 2:
                near = (1.5 * distance - 2.5) * distance * distance + 1
                far = ((-0.5 * distance + 2.5) * distance - 4) * distance + 2
                return keras.ops.where(distance < 1, near, keras.ops.where(distance < 2, far, 0.0))
            angle = 3.141592653589793 * keras.ops.maximum(distance, 1e-6)
            value = radius * keras.ops.sin(angle) * keras.ops.sin(angle / radius) / (angle * angle)
            return keras.ops.where(distance < 1e-6, 1.0, keras.ops.where(distance < radius, value, 0.0))

        def compute_output_shape(self, input_shape: Any) -> Any:
            shapes = list(input_shape) if isinstance(input_shape[0], list | tuple) else [input_shape]
            return (shapes[0][0], *self._wanted(shapes), shapes[0][-1])

        def get_config(self) -> dict[str, Any]:
            own = {"interpolation": self.interpolation, "align": self.align, "size": self.size, "factor": self.factor}
            return {**super().get_config(), **own}

    return Resize
