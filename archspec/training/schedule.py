"""The learning rate of every step, as a pure function of the recipe.

The loop sets the rate before each step, so a schedule costs the graph nothing and may be any function of the step.
"""

from __future__ import annotations

import math

from archspec.training.config import Recipe, Schedule


def learning_rates(recipe: Recipe, epoch: int, steps: int) -> list[float]:
    """The rates of one epoch (counted from 0) of `steps` steps."""
    return [
        recipe.optimizer.learning_rate * _share(recipe.schedule, (epoch * steps + step) / steps, recipe.epochs)
        for step in range(steps)
    ]


def _share(schedule: Schedule, time: float, epochs: int) -> float:
    """The share of the full rate at a time in epochs."""
    if time < schedule.warm_up:
        return time / schedule.warm_up
    if schedule.name == "cosine":
        done = (time - schedule.warm_up) / max(epochs - schedule.warm_up, 1e-9)
        final = schedule.final or 0.0
        return final + (1 - final) * (1 + math.cos(math.pi * min(done, 1.0))) / 2
    if schedule.drops is not None and schedule.factor is not None:
        return schedule.factor ** sum(time >= drop for drop in schedule.drops)
    return 1.0
