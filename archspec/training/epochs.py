"""What happens epoch by epoch: steps, validation, the choice of the best weights, checkpoints, progress."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import Any

from archspec.training.checkpoint import State, named_variables
from archspec.training.config import Recipe
from archspec.training.errors import TrainingError
from archspec.training.feed import Feed
from archspec.training.loop import Loop, Score
from archspec.training.progress import Moment, Pace, Progress
from archspec.training.run import EpochRecord, RunDirectory
from archspec.training.schedule import learning_rates


@dataclass(frozen=True, slots=True)
class Origin:
    """What a checkpoint says it came from."""

    seed: int
    spec_sha256: str
    versions: dict[str, str]


class Epochs:
    """A run's epochs. It changes the model and the optimizer, and holds the best weights so far.

    Best is the highest accuracy on validation data, then the lowest loss, then the latest.
    """

    def __init__(
        self,
        loop: Loop,
        recipe: Recipe,
        train: Feed,
        validation: Feed,
        directory: RunDirectory,
        progress: Progress,
        origin: Origin,
    ) -> None:
        self._loop, self._recipe = loop, recipe
        self._train, self._validation = train, validation
        self._directory, self._progress, self._origin = directory, progress, origin
        self._steps = train.order.steps
        self._pace = Pace(recipe.epochs * self._steps)
        self._best: EpochRecord | None = None
        self._best_values: dict[str, Any] = {}

    def run(self) -> tuple[EpochRecord, list[EpochRecord]]:
        """Trains all epochs and sets the model to the best one's weights; returns the best's record and all."""
        try:
            records = [self._epoch(epoch) for epoch in range(self._recipe.epochs)]
        finally:
            self._progress.finish()
        assert self._best is not None
        for name, variable in named_variables(self._loop.model).items():
            variable.assign(self._best_values[name])
        return self._best, records

    def _epoch(self, epoch: int) -> EpochRecord:
        """Trains and validates one epoch, counted from 0."""
        score, seconds = self._train_epoch(epoch)
        record = EpochRecord(
            epoch=epoch + 1,
            step=(epoch + 1) * self._steps,
            train=score,
            validation=self._loop.evaluate(self._validation).score,
            images_per_second=self._steps * self._recipe.batch / seconds,
        )
        self._directory.add(record)
        self._keep(record)
        self._show(epoch, self._steps, score, record.validation, record.images_per_second)
        return record

    def _train_epoch(self, epoch: int) -> tuple[Score, float]:
        """All steps of an epoch, in as many graph calls as progress needs; the score, and the seconds they took."""
        rates = learning_rates(self._recipe, epoch, self._steps)
        opened, done, seconds = self._train.open(epoch), 0, 0.0
        while True:
            count = min(self._pace.steps_a_call(), self._steps - done)
            began = time.perf_counter()
            score = self._loop.train(self._train, opened, epoch, done, rates[done : done + count])
            taken = time.perf_counter() - began
            self._pace.add(count, taken)
            done, seconds = done + count, seconds + taken
            self._check_finite(score, epoch, done)
            if done == self._steps:
                return score, seconds
            self._show(epoch, done, score, None)

    def _keep(self, record: EpochRecord) -> None:
        """Keeps the weights if they are the best, and writes the checkpoints that are due."""
        if self._best is None or _rank(record) >= _rank(self._best):
            self._best = record
            self._best_values = {name: value.numpy() for name, value in named_variables(self._loop.model).items()}
            self._write("best", record)
        if record.epoch % self._recipe.checkpoint_every == 0 or record.epoch == self._recipe.epochs:
            self._write("last", record)

    def _write(self, name: str, record: EpochRecord) -> None:
        assert self._best is not None
        state = State(
            epoch=record.epoch,
            step=record.step,
            best_accuracy=self._best.validation.accuracy,
            best_loss=self._best.validation.loss,
            seed=self._origin.seed,
            spec_sha256=self._origin.spec_sha256,
            versions=self._origin.versions,
        )
        self._directory.checkpoint(name, self._loop.model, self._loop.optimizer, state)

    def _show(self, epoch: int, step: int, score: Score, validation: Score | None, rate: float | None = None) -> None:
        """Shows where the run stands; `rate` is that of a whole epoch, as the metrics have it, else that of now."""
        self._progress.show(
            Moment(
                epoch=epoch + 1,
                epochs=self._recipe.epochs,
                step=step,
                steps=self._steps,
                rate=rate or self._pace.steps_a_second * self._recipe.batch,
                seconds_left=self._pace.seconds_left(),
                loss=score.loss,
                accuracy=score.accuracy,
                validation=None if validation is None else validation.accuracy,
            )
        )

    def _check_finite(self, score: Score, epoch: int, step: int) -> None:
        if not math.isfinite(score.loss):
            raise TrainingError(
                f"the loss must stay finite, got {score.loss} in epoch {epoch + 1} by step {step}",
                f"lower `learning_rate`, now {self._recipe.optimizer.learning_rate:g}, or lengthen `warm_up`",
            )


def _rank(record: EpochRecord) -> tuple[float, float]:
    return record.validation.accuracy, -record.validation.loss
