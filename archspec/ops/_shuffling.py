"""Where a block's values stand among the channels, and the Keras layer that moves them: what pixel shuffles share."""

from __future__ import annotations

from functools import cache
from typing import Any, Literal

Order = Literal["blocks", "channels"]

ORDER_HELP = (
    "which channels stand together: those of one place in the block (`blocks`, as in TensorFlow), or the places of one "
    "channel (`channels`, as in PyTorch)"
)


@cache
def pixel_shuffle_layer() -> Any:
    """The layer, which Keras lacks."""
    import keras

    @keras.saving.register_keras_serializable("archspec")
    class PixelShuffle(keras.layers.Layer):
        """Spreads channels over blocks of positions, or gathers them with `inverse`."""

        def __init__(self, size: int, order: str, inverse: bool, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.size = size
            self.order = order
            self.inverse = inverse

        def call(self, inputs: Any) -> Any:
            batch, *spatial, channels = keras.ops.shape(inputs)
            rank = len(spatial)
            # The axes of a block stand before the channels or after them; positions and blocks are dealt out in turn.
            block = (
                list(range(rank + 1, 2 * rank + 1)) if self.order == "blocks" else list(range(rank + 2, 2 * rank + 2))
            )
            channel = 2 * rank + 1 if self.order == "blocks" else rank + 1
            apart = [0, *(one for pair in zip(range(1, rank + 1), block, strict=True) for one in pair), channel]
            blocks = [self.size] * rank
            if self.inverse:
                halves = [one for size in spatial for one in (size // self.size, self.size)]
                together = sorted(range(len(apart)), key=lambda place: apart[place])
                values = keras.ops.transpose(keras.ops.reshape(inputs, (batch, *halves, channels)), together)
                return keras.ops.reshape(values, (batch, *halves[::2], channels * self.size**rank))
            width = channels // self.size**rank
            sizes = [*blocks, width] if self.order == "blocks" else [width, *blocks]
            values = keras.ops.transpose(keras.ops.reshape(inputs, (batch, *spatial, *sizes)), apart)
            return keras.ops.reshape(values, (batch, *(size * self.size for size in spatial), width))

        def compute_output_shape(self, input_shape: Any) -> Any:
            batch, *spatial, channels = input_shape
            parts = self.size ** len(spatial)
            if self.inverse:
                sizes = [None if size is None else size // self.size for size in spatial]
                return (batch, *sizes, channels * parts)
            return (batch, *(None if size is None else size * self.size for size in spatial), channels // parts)

        def get_config(self) -> dict[str, Any]:
            return {**super().get_config(), "size": self.size, "order": self.order, "inverse": self.inverse}

    return PixelShuffle
