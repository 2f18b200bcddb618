"""How stored examples become the network's input: channels, values, size, frame.

A `Preparation` is decided once from the data and the network, and applied to every split, so that all see one rule.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import tensorflow as tf

from archspec.training.config import Data
from archspec.training.data import Dataset
from archspec.training.errors import DataError, TrainingError

Sizes = tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Preparation:
    """From (count, …) as stored to (count, *shape) in float32.

    The values `lowest` and `highest` become the ends of `range`; then images are resized to `size`, centred, and the
    frame around them is filled with what `lowest` became.
    """

    shape: tuple[int, ...]
    size: tuple[int, int] | None
    method: str
    range: tuple[float, float] | None
    lowest: float
    highest: float

    def __call__(self, examples: tf.Tensor) -> tf.Tensor:
        """Prepares a batch."""
        values = self._scaled(tf.cast(examples, tf.float32))
        if self.size is None:
            return values
        if len(values.shape) == 3:
            values = values[..., tf.newaxis]
        channels = self.shape[-1]
        if channels != values.shape[-1]:
            values = tf.repeat(values, channels, axis=-1)
        return self._framed(tf.image.resize(values, self.size, self.method))

    @property
    def background(self) -> float:
        """The value of what is outside the image."""
        return self.lowest if self.range is None else self.range[0]

    def _scaled(self, values: tf.Tensor) -> tf.Tensor:
        if self.range is None:
            return values
        low, high = self.range
        return low + (values - self.lowest) * ((high - low) / (self.highest - self.lowest))

    def _framed(self, images: tf.Tensor) -> tf.Tensor:
        assert self.size is not None
        room = [whole - part for whole, part in zip(self.shape, self.size, strict=False)]
        margins = [[0, 0], *([some // 2, some - some // 2] for some in room), [0, 0]]
        return tf.pad(images, margins, constant_values=self.background)


def plan_preparation(data: Data, dataset: Dataset, wanted: Sizes) -> Preparation:
    """What has to be done to the data for a network whose input is `wanted`, batch excluded; `None` is any size.

    Raises `DataError` where the data cannot become that input, `TrainingError` where the recipe cannot.
    """
    stored = dataset.train.examples.shape[1:]
    lowest, highest = float(np.min(dataset.train.examples)), float(np.max(dataset.train.examples))
    if data.range is not None and lowest == highest:
        raise DataError(dataset.file, f"training values must differ for `range` to apply, got {lowest:g} everywhere")
    if len(wanted) != 3:
        shape, size = _plain_shape(data, dataset.file, stored, wanted), None
    else:
        shape, size = _image_shape(data, dataset.file, stored, wanted)
    return Preparation(shape, size, data.method, data.range, lowest, highest)


def _plain_shape(data: Data, file: str, stored: tuple[int, ...], wanted: Sizes) -> tuple[int, ...]:
    if data.size is not None:
        raise TrainingError(f"`size` is for images, got it for an input {_written(wanted)}", "leave `size` out")
    if len(stored) != len(wanted) or any(there not in (None, here) for here, there in zip(stored, wanted, strict=True)):
        raise DataError(file, f"examples must be {_written(wanted)} as the network's input, got {_written(stored)}")
    return stored


def _image_shape(
    data: Data, file: str, stored: tuple[int, ...], wanted: Sizes
) -> tuple[tuple[int, ...], tuple[int, int]]:
    if len(stored) not in (2, 3):
        raise DataError(file, f"images must be (height, width) or (height, width, channels), got {_written(stored)}")
    here = stored[2] if len(stored) == 3 else 1
    channels = wanted[2] or here
    if here not in (1, channels):
        raise DataError(file, f"images must have 1 or {channels} channels as the network's input, got {here}")
    size = (data.size[0], data.size[-1]) if data.size else (wanted[0] or stored[0], wanted[1] or stored[1])
    height, width = wanted[0] or size[0], wanted[1] or size[1]
    if size[0] > height or size[1] > width:
        raise TrainingError(
            f"`size` must fit into the network's input, got {size[0]}x{size[1]} for {height}x{width}",
            "make `size` smaller, or the network's input larger",
        )
    return (height, width, channels), size


def _written(sizes: Sizes) -> str:
    return "(" + ", ".join("?" if size is None else str(size) for size in sizes) + ")"
