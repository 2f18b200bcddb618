"""Writing a model so that nothing half-written ever stands under its name."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any


def save_model(model: Any, path: Path) -> None:
    """Write a `.keras` file beside its place, flush it to the disk, and put it in place in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.stem}.{os.getpid()}.unfinished.keras")
    try:
        model.save(unfinished)
        with unfinished.open("rb") as written:
            os.fsync(written.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
