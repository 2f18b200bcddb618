"""What a run leaves behind: a directory that tells what was trained, how, with what, and what came out.

    run.json         command, recipe, seed, versions, devices, data
    spec.yaml        the resolved spec
    metrics.jsonl    one object an epoch; metrics.csv holds the same as a table
    metrics.json     the last of it, `test`, `confusion` and `weights_sha256`
    curves.svg       loss and accuracy by epoch
    checkpoints/     best.npz, chosen on validation data, and last.npz

Every file appears whole or not at all. Where several workers train, the first alone writes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archspec.training.checkpoint import State, save
from archspec.training.curves import Curve, Panel, draw_curves
from archspec.training.durable import append_line, write_text
from archspec.training.errors import RunDirectoryError
from archspec.training.loop import Score

TRAINING, VALIDATION = "#2563a8", "#d9731a"
COLUMNS = "epoch,step,train_loss,train_accuracy,validation_loss,validation_accuracy,images_per_second"
JsonObject = dict[str, Any]  # on its way into a file


@dataclass(frozen=True, slots=True)
class EpochRecord:
    """What one epoch came to: epochs are counted from 1, steps over the whole run."""

    epoch: int
    step: int
    train: Score
    validation: Score
    images_per_second: float

    def as_json(self) -> JsonObject:
        """The object in `metrics.jsonl`."""
        return {
            "epoch": self.epoch,
            "step": self.step,
            "train": score_as_json(self.train),
            "validation": score_as_json(self.validation),
            "images_per_second": round(self.images_per_second, 1),
        }

    def as_csv(self) -> str:
        """The row in `metrics.csv`."""
        scores = (self.train.loss, self.train.accuracy, self.validation.loss, self.validation.accuracy)
        return ",".join(map(str, (self.epoch, self.step, *scores, round(self.images_per_second, 1))))


class RunDirectory:
    """The directory of one run. Raises `RunDirectoryError` where it cannot be made or holds a run."""

    def __init__(self, path: Path, *, writes: bool = True) -> None:
        self.path = path
        self._writes = writes
        self._records: list[EpochRecord] = []

    def begin(self, facts: Mapping[str, Any], resolved_spec: str) -> None:
        """Makes the directory and writes what is known before the first step."""
        if not self._writes:
            return
        held = [name for name in ("run.json", "metrics.jsonl", "checkpoints") if (self.path / name).exists()]
        if held:
            raise RunDirectoryError(
                self.path,
                f"a run needs a directory of its own, {self.path} already holds one ({held[0]})",
                "name another directory, or remove this one",
            )
        try:
            (self.path / "checkpoints").mkdir(parents=True)
            write_text(self.path / "spec.yaml", resolved_spec)
            write_text(self.path / "run.json", _json(facts))
            append_line(self.path / "metrics.csv", COLUMNS)
        except OSError as error:
            raise RunDirectoryError(self.path, f"cannot write in {self.path}: {error.strerror}") from error

    def add(self, record: EpochRecord) -> None:
        """Adds an epoch to the metrics."""
        self._records.append(record)
        if self._writes:
            append_line(self.path / "metrics.jsonl", json.dumps(record.as_json()))
            append_line(self.path / "metrics.csv", record.as_csv())

    def checkpoint(self, name: str, model: Any, optimizer: Any, state: State) -> None:
        """Writes the checkpoint `best` or `last`."""
        if self._writes:
            save(self.path / "checkpoints" / f"{name}.npz", model, optimizer, state)

    def finish(self, title: str, best_epoch: int, results: Mapping[str, Any]) -> None:
        """Writes what is known after the last step."""
        if self._writes:
            write_text(self.path / "curves.svg", _draw(title, self._records, best_epoch))
            write_text(self.path / "metrics.json", _json({**self._records[-1].as_json(), **results}))


def score_as_json(score: Score) -> JsonObject:
    """A score as the metrics files hold it."""
    return {"loss": score.loss, "accuracy": score.accuracy}


def _draw(title: str, records: Sequence[EpochRecord], best_epoch: int) -> str:
    def panel(name: str, field: str, *, from_zero: bool) -> Panel:
        train = [getattr(record.train, field) for record in records]
        validation = [getattr(record.validation, field) for record in records]
        curves = (Curve("training", TRAINING, train), Curve("validation", VALIDATION, validation))
        return Panel(name, curves, from_zero)

    return draw_curves(
        title, (panel("Loss", "loss", from_zero=True), panel("Accuracy", "accuracy", from_zero=False)), best_epoch
    )


def _json(content: Mapping[str, Any]) -> str:
    """An object with a line for each of its names."""
    lines = [f"  {json.dumps(name)}: {json.dumps(value)}" for name, value in content.items()]
    return "{\n" + ",\n".join(lines) + "\n}\n"
