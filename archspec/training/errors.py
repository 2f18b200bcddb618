"""What can be wrong with a run from outside: its data, its recipe against the network, its folder. Not internal faults.

The command line turns these into diagnostics, so each has a message that states the rule and the values, and a cure.
"""

from __future__ import annotations

from pathlib import Path


class TrainingError(Exception):
    """A run that cannot start or go on. `cure` is what to do about it."""

    def __init__(self, message: str, cure: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.cure = cure


class DataError(TrainingError):
    """A data file that cannot be used; `file` names it."""

    def __init__(self, file: str, message: str, cure: str | None = None) -> None:
        super().__init__(message, cure)
        self.file = file

    def __str__(self) -> str:
        return f"{self.file}: {self.message}"


class RunDirectoryError(TrainingError):
    """A run directory that cannot be used."""

    def __init__(self, directory: Path, message: str, cure: str | None = None) -> None:
        super().__init__(message, cure)
        self.directory = directory


class CheckpointError(TrainingError):
    """A checkpoint that cannot be restored."""

    def __init__(self, file: Path, message: str, cure: str | None = None) -> None:
        super().__init__(message, cure)
        self.file = file
