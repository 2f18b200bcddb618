"""DropBlock: in training square blocks of each channel are zeroed, and the rest is scaled to keep the mean.

out = in · kept / mean of kept, kept = 0 within each block of size · size positions whose corner is drawn, else 1;
a corner is drawn with the probability rate / size² · height·width / ((height - size + 1)·(width - size + 1))

Blocks lie within the map, and may overlap, so that somewhat less than `rate` is zeroed. The paper raises the rate from
0 as it trains; here it is fixed.

Shape:   (batch, height, width, channels) -> the same.
Weights: none.
Cost:    none.
Errors:  E0401 wrong rank; E0402 a block larger than the map.
Source:  Ghiasi, Lin, Le, "DropBlock: a regularization method for convolutional networks", arXiv:1810.12890, algorithm 1
         and equation 1; each channel has blocks of its own.
"""

from __future__ import annotations

from functools import cache
from typing import Any, ClassVar

from pydantic import Field

from archspec.ir.footprint import KEEPS_NOTHING, Footprint
from archspec.ir.keras_call import KerasLayer, Lowering, lower_to
from archspec.ir.op import Op, ShapeError, spatial_rank
from archspec.ir.reach import Reach, pointwise
from archspec.ir.shape import Shape, is_known, map_dims
from archspec.ops._window import Positive


class DropBlock(Op):
    """Zeroes blocks at random in training; hands its input through otherwise."""

    principal: ClassVar[str | None] = "rate"
    is_affine: ClassVar[bool] = True
    example: ClassVar[str] = """
        archspec: 1
        inputs: {image: [28, 28, 3]}
        layers:
          - conv: {filters: 16, kernel: 3, padding: same, activation: relu}
          - drop_block: {rate: 0.1, size: 7}
    """

    rate: float = Field(ge=0, lt=1, description="about which part of the values is zeroed")
    size: Positive = Field(7, description="a block's height and width")

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> tuple[Shape, ...]:
        (given,) = inputs
        spatial_rank(given, (2,))
        if any(is_known(side) and side < self.size for side in given.spatial):
            raise ShapeError(f"`size` must be at most the input's, got {self.size} for {given}", field="size")
        return inputs

    def reach(self, inputs: tuple[Shape, ...]) -> Reach:
        return pointwise(inputs[0])

    def footprint(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Footprint:
        # The mask is kept; the numbers drawn, the corners and their padded copy pass by.
        size = inputs[0].size
        passing = map_dims(lambda one: 3 * one, size)
        return KEEPS_NOTHING._replace(between=size, passing_in_training=passing, only_in_training=True)

    def to_keras(self, inputs: tuple[Shape, ...]) -> Lowering:
        return lower_to(KerasLayer("archspec.ops.drop_block:drop_block_layer", {"rate": self.rate, "size": self.size}))


@cache
def drop_block_layer() -> Any:
    """The layer, which Keras lacks."""
    import keras

    @keras.saving.register_keras_serializable("archspec")
    class DropBlock(keras.layers.Layer):
        """Zeroes blocks of `size`² positions in training, about `rate` of all values, and scales the rest."""

        def __init__(self, rate: float, size: int, seed: int | None = None, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.rate = rate
            self.size = size
            self.seed = seed
            self.generator = keras.random.SeedGenerator(seed)

        def call(self, inputs: Any, training: bool = False) -> Any:
            if not training or self.rate == 0:
                return inputs
            batch, height, width, channels = keras.ops.shape(inputs)
            rows, columns = height - self.size + 1, width - self.size + 1
            corners = keras.random.uniform((batch, rows, columns, channels), dtype="float32", seed=self.generator)
            share = keras.ops.cast(height * width, "float32") / keras.ops.cast(rows * columns, "float32")
            drawn = keras.ops.cast(corners < self.rate / self.size**2 * share, "float32")
            around = (self.size - 1, self.size - 1)
            drawn = keras.ops.pad(drawn, ((0, 0), around, around, (0, 0)))
            kept = 1 - keras.ops.max_pool(drawn, self.size, strides=1, data_format="channels_last")
            mean = keras.ops.maximum(keras.ops.mean(kept), keras.config.epsilon())
            return inputs * keras.ops.cast(kept / mean, self.compute_dtype)

        def compute_output_shape(self, input_shape: Any) -> Any:
            return input_shape

        def get_config(self) -> dict[str, Any]:
            return {**super().get_config(), "rate": self.rate, "size": self.size, "seed": self.seed}

    return DropBlock
