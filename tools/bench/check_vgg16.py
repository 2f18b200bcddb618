"""`archspec check` of VGG-16 against Keras building its own VGG16 and printing its summary, as whole processes.

    python -m tools.bench.check_vgg16 [ROUNDS]

Rounds are interleaved, and what counts is the ratio within a round: both its figures come from one machine state. Both
sides run from cached bytecode, as an installed package does.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

ROOT = Path(__file__).resolve().parents[2]
CHECK = [sys.executable, "-m", "archspec", "check", str(ROOT / "specs" / "vgg16.yaml")]
KERAS = [sys.executable, "-c", "import keras; keras.applications.VGG16(weights=None).summary()"]

NO_VARIABLES: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Taken:
    """What one process took: seconds from start to end, and its largest resident memory in MiB."""

    seconds: float
    mebibytes: float

    def __str__(self) -> str:
        return f"{self.seconds:.3f} s, {self.mebibytes:.0f} MiB"


def main() -> None:
    """Print each round's figures and the medians of the ratios."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    run(CHECK)  # one run unmeasured, so that neither side reads its files from the disk for the first time
    times, memories = [], []
    for number in range(1, rounds + 1):
        check, keras = run(CHECK), run(KERAS)
        times.append(keras.seconds / check.seconds)
        memories.append(keras.mebibytes / check.mebibytes)
        print(f"round {number}: check {check}; Keras {keras}; {times[-1]:.1f} times the time", flush=True)
    print(f"median of {rounds}: {statistics.median(times):.1f} times less wall time")
    print(f"median of {rounds}: {statistics.median(memories):.1f} times less memory")


def run(command: list[str], *, statuses: tuple[int, ...] = (0,), variables: Mapping[str, str] = NO_VARIABLES) -> Taken:
    """Run a process to its end, which must be one of the statuses; `variables` are added to its environment."""
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", **variables}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in statuses:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    return Taken(seconds, usage.ru_maxrss / 1024)


if __name__ == "__main__":
    main()
