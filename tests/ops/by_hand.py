"""Sliding windows by plain loops over NumPy arrays: the independent reference for convolutions and poolings."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import Any

import numpy as np

Array = Any
Pairs = tuple[tuple[int, int], ...]

NUMPY_MODES: dict[str, Any] = {"zeros": "constant", "edge": "edge", "reflect": "reflect"}


def surround(values: Array, margins: Pairs, fill: str = "zeros") -> Array:
    """`values` (batch, spatial…, channels) with margins around the spatial axes, as NumPy pads."""
    return np.pad(values, ((0, 0), *margins, (0, 0)), mode=NUMPY_MODES[fill])


def same_pairs(spatial: tuple[int, ...], size: tuple[int, ...], stride: tuple[int, ...]) -> Pairs:
    """TensorFlow's `same`, from its documentation: ceil(size / stride) windows, the odd row last."""
    pairs = []
    for length, extent, step in zip(spatial, size, stride, strict=True):
        whole = max(extent - (step if length % step == 0 else length % step), 0)
        pairs.append((whole // 2, whole - whole // 2))
    return tuple(pairs)


def convolve(
    values: Array, kernel: Array, stride: tuple[int, ...], dilation: tuple[int, ...], groups: int = 1
) -> Array:
    """The definition of convolution without padding: for each filter and position the sum over its group's channels."""
    size, channels, filters = kernel.shape[:-2], values.shape[-1], kernel.shape[-1]
    counts = [
        (length - (extent - 1) * apart - 1) // step + 1
        for length, extent, step, apart in zip(values.shape[1:-1], size, stride, dilation, strict=True)
    ]
    out: Array = np.zeros((values.shape[0], *counts, filters))
    for position, filter_ in itertools.product(itertools.product(*map(range, counts)), range(filters)):
        first = filter_ // (filters // groups) * (channels // groups)
        for place in itertools.product(*map(range, size)):
            at = tuple(p * s + i * d for p, s, i, d in zip(position, stride, place, dilation, strict=True))
            seen = values[(slice(None), *at, slice(first, first + channels // groups))]
            out[(slice(None), *position, filter_)] += seen @ kernel[(*place, slice(None), filter_)]
    return out


def pool(
    values: Array,
    size: tuple[int, ...],
    stride: tuple[int, ...],
    margins: Pairs,
    reduce: Callable[[Array, int], Array],
    *,
    up: bool = False,
) -> Array:
    """Pooling as Caffe's layer is written, axis by axis: the windows' bounds, cut to the padded and to the real input.

    `reduce` gets a window's values of the real input as (batch, values, channels), and how many positions the window
    has within the padded input.
    """
    spatial = values.shape[1:-1]
    counts: list[int] = []
    spans: list[list[tuple[int, int]]] = []
    for length, extent, step, (before, after) in zip(spatial, size, stride, margins, strict=True):
        room = (length + before + after - extent) / step
        count = (math.ceil(room) if up else math.floor(room)) + 1
        if up and (count - 1) * step >= length + before:
            count -= 1
        counts.append(count)
        starts = [place * step - before for place in range(count)]
        spans.append([(start, min(start + extent, length + after)) for start in starts])
    out: Array = np.zeros((values.shape[0], *counts, values.shape[-1]))
    for position in itertools.product(*map(range, counts)):
        bounds = [spans[axis][place] for axis, place in enumerate(position)]
        area = math.prod(end - start for start, end in bounds)
        inside = tuple(
            slice(max(start, 0), min(end, length)) for (start, end), length in zip(bounds, spatial, strict=True)
        )
        window = values[(slice(None), *inside)].reshape(values.shape[0], -1, values.shape[-1])
        out[(slice(None), *position)] = reduce(window, area)
    return out
