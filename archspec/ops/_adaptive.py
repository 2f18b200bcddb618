"""The windows of pooling to a given size, and the Keras layers for them: what `adaptive_…_pool` share.

Along each axis window i of n reaches from floor(i·size / n) to before ceil((i + 1)·size / n), as in PyTorch.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from archspec.ir.keras_call import KerasLayer, Lowering, lower_to
from archspec.ir.op import spatial_rank
from archspec.ir.reach import AXES, POINT, Reach, Window
from archspec.ir.shape import Dim, Shape, is_known, show
from archspec.ops._window import PerAxis, per_axis


def adaptive_sizes(given: Shape, size: PerAxis) -> tuple[int, ...]:
    """The output's spatial sizes. Raises `ShapeError` for another number of axes."""
    return per_axis(size, spatial_rank(given), "size")


def derive_adaptive(given: Shape, sizes: tuple[int, ...]) -> tuple[str, ...]:
    """How many positions each window sees."""
    axes = zip(AXES[len(sizes)], given.spatial, sizes, strict=True)
    return tuple(f"{name}: {count} windows over {show(size)}, {_extents(size, count)}" for name, size, count in axes)


def adaptive_reach(given: Shape, sizes: tuple[int, ...]) -> Reach:
    """The windows where all are of one size, side by side; else all positions."""
    return tuple(map(_window, given.spatial, sizes))


def lower_adaptive(given: Shape, sizes: tuple[int, ...], word: str) -> Lowering:
    """The pooling, of `word` `Average` or `Max`, to sizes."""
    if all(map(is_known, given.spatial)):
        target = f"keras.layers.Adaptive{word}Pooling{len(sizes)}D"
        return lower_to(KerasLayer(target, {"output_size": sizes if len(sizes) > 1 else sizes[0]}))
    layer = KerasLayer("archspec.ops._adaptive:adaptive_pool_layer", {"output_size": sizes, "reduction": word.lower()})
    return lower_to(layer)


def _window(size: Dim, count: int) -> Window | None:
    if not is_known(size) or size % count:
        return None
    return POINT if size == count else Window(size // count, size // count, 0)


def _extents(size: Dim, count: int) -> str:
    if not is_known(size):
        return "each of a share"
    extents = sorted({-(-(place + 1) * size // count) - place * size // count for place in range(count)})
    return f"of {' or '.join(map(str, extents))}"


@cache
def adaptive_pool_layer() -> Any:
    """The layer for open sizes, which Keras' own refuses."""
    import keras

    @keras.saving.register_keras_serializable("archspec")
    class AdaptivePool(keras.layers.Layer):
        """The mean or maximum of windows that are as many as wanted, axis by axis."""

        def __init__(self, output_size: Any, reduction: str, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.output_size = tuple(output_size)
            self.reduction = reduction

        def call(self, inputs: Any) -> Any:
            reduce = keras.ops.mean if self.reduction == "average" else keras.ops.max
            for axis, count in enumerate(self.output_size, start=1):
                size = keras.ops.shape(inputs)[axis]
                parts = []
                for place in range(count):
                    seen = slice(place * size // count, ((place + 1) * size + count - 1) // count)
                    window = inputs[tuple(seen if axis == one else slice(None) for one in range(len(inputs.shape)))]
                    parts.append(reduce(window, axis=axis, keepdims=True))
                inputs = keras.ops.concatenate(parts, axis=axis)
            return inputs

        def compute_output_shape(self, input_shape: Any) -> Any:
            return (input_shape[0], *self.output_size, input_shape[-1])

        def get_config(self) -> dict[str, Any]:
            return {**super().get_config(), "output_size": self.output_size, "reduction": self.reduction}

    return AdaptivePool
