"""Resizing along one axis by its definition, position by position: the independent reference for all of its words."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np


def keys(distance: float) -> float:
    """Keys' cubic kernel with a = -1/2, as his paper's equation 15 has it."""
    if distance < 1:
        return 3 / 2 * distance**3 - 5 / 2 * distance**2 + 1
    return -1 / 2 * distance**3 + 5 / 2 * distance**2 - 4 * distance + 2 if distance < 2 else 0.0


def lanczos(radius: int) -> Callable[[float], float]:
    """The windowed sinc."""
    return lambda distance: float(np.sinc(distance) * np.sinc(distance / radius)) if distance < radius else 0.0


KERNELS: dict[str, tuple[int, Callable[[float], float]]] = {
    "bilinear": (1, lambda distance: max(1 - distance, 0.0)),
    "bicubic": (2, keys),
    "lanczos3": (3, lanczos(3)),
    "lanczos5": (5, lanczos(5)),
}


def resize_axis(values: Any, axis: int, new: int, interpolation: str, align: str) -> Any:
    """`values` with `new` positions along `axis`."""
    size = values.shape[axis]
    matrix = np.zeros((new, size))
    for place in range(new):
        if align == "centres":
            seen = (place + Fraction(1, 2)) * Fraction(size, new) - Fraction(1, 2)
        else:
            seen = Fraction(place * (size - 1), max(new - 1, 1))
        if interpolation == "nearest":
            matrix[place, math.floor(seen + Fraction(1, 2))] = 1
            continue
        radius, kernel = KERNELS[interpolation]
        for other in range(size):
            if abs(seen - other) < radius:
                matrix[place, other] = kernel(float(abs(seen - other)))
        matrix[place] /= matrix[place].sum()
    return np.moveaxis(np.tensordot(matrix, values, (1, axis)), 0, axis)


def resize(values: Any, sizes: tuple[int, ...], interpolation: str, align: str = "centres") -> Any:
    """`values` (batch, spatial…, channels) at other spatial sizes."""
    for axis, new in enumerate(sizes, start=1):
        values = resize_axis(values, axis, new, interpolation, align)
    return values
