"""What ruff, which the checks of this project run anyway, says of emitted source."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from archspec.emission.python_text import WIDTH

RUFF = [sys.executable, "-m", "ruff"]


def formatted(source: str) -> str:
    """The source as `ruff format` writes it at the emitted width."""
    command = [*RUFF, "format", "--isolated", f"--line-length={WIDTH}", "-"]
    return subprocess.run(command, input=source, capture_output=True, text=True, check=True).stdout


def mistakes(source: str) -> list[Any]:
    """Names that are imported and not used, used and not defined, and the like."""
    command = [*RUFF, "check", "--isolated", "--select=F", "--output-format=json", "-"]
    done = subprocess.run(command, input=source, capture_output=True, text=True, check=False)
    found: list[Any] = json.loads(done.stdout)
    return found
