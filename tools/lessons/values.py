"""What the layers of a lesson give for a small image, computed by the models that archspec builds."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.ops.running import COURSE
from tools.lessons.specs import graph_of, model_of
from tools.lessons.tables import grid

NINES = np.full_like(COURSE, 9)


def pooled(network: str) -> str:
    """The course's image, and what each output of a network gives for it."""
    names = [output.name for output in graph_of(network).outputs]
    values = model_of(network)(_batch(COURSE))
    parts = ["The image:", grid(COURSE)]
    for name in names:
        parts += [f"`{name}`:", grid(_map(values[name]))]
    return "\n\n".join(parts)


def filled(network: str) -> str:
    """What a network gives for an image of nines, and for the course's."""
    model = model_of(network)
    flat, course = (grid(_map(model(_batch(image)))) for image in (NINES, COURSE))
    return f"An image of nines everywhere:\n\n{flat}\n\nThe course's image:\n\n{course}"


def _batch(image: Any) -> Any:
    return image[None, :, :, None]


def _map(values: Any) -> list[list[float]]:
    rows: list[list[float]] = np.asarray(values)[0, :, :, 0].tolist()
    return rows
