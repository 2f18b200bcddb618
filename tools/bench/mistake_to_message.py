"""From a mistake to its message: `archspec check` of every bad spec that the suite has, as whole processes.

    python -m tools.bench.mistake_to_message [ROUNDS]

The specs are the cases of `tests/diagnostics` and the wrong example of every code, so each code has one at least. Each
process finds, before the real ones, a `keras` and a `tensorflow` that leave a mark when they are imported: a mark ends
the run. What counts for a spec is the median of its rounds.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
from pathlib import Path

from archspec.diagnostics.codes import CODES
from tests.diagnostic_cases import read_cases
from tools.bench.check_vgg16 import ROOT, Taken, run

WATCHED = ("keras", "tensorflow")
MARK = """
import pathlib
(pathlib.Path(__file__).parent / "imported").touch()
"""


def main() -> None:
    """Print the median and the worst time, and the largest memory."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    with tempfile.TemporaryDirectory() as folder:
        commands = write(Path(folder))
        trap = set_trap(Path(folder))
        check_trap(trap)
        rows = {name: [time(command, trap) for _ in range(rounds)] for name, command in commands.items()}
        if (trap / "imported").exists():
            raise SystemExit("a process imported " + " or ".join(WATCHED))
    seconds = {name: statistics.median(taken.seconds for taken in row) for name, row in rows.items()}
    worst = max(seconds, key=lambda name: seconds[name])
    largest = max(taken.mebibytes for row in rows.values() for taken in row)
    print(f"{len(rows)} specs of {len(codes())} codes, {rounds} rounds; none imported {' or '.join(WATCHED)}")
    print(f"median {statistics.median(seconds.values()):.3f} s, worst {seconds[worst]:.3f} s ({worst})")
    print(f"at most {largest:.0f} MiB")


def codes() -> list[str]:
    """The codes that a spec can show."""
    return [code for code, entry in CODES.items() if not entry.unshown]


def write(folder: Path) -> dict[str, list[str]]:
    """Every bad spec as a file, and the command that checks it."""
    specs = {case.name: (case.text, case.options) for case in read_cases()}
    specs |= {code: (CODES[code].wrong, CODES[code].wrong_options) for code in codes()}
    commands = {}
    for place, (name, (text, options)) in enumerate(specs.items()):
        path = folder / f"spec{place}.yaml"
        path.write_text(text, encoding="utf-8")
        commands[name] = [sys.executable, "-m", "archspec", "check", str(path), *options]
    return commands


def set_trap(folder: Path) -> Path:
    """A folder whose modules have the watched names, and mark that they were imported."""
    trap = folder / "trap"
    trap.mkdir()
    for name in WATCHED:
        (trap / f"{name}.py").write_text(MARK)
    return trap


def check_trap(trap: Path) -> None:
    """See the trap work, so that its silence says something."""
    for name in WATCHED:
        time([sys.executable, "-c", f"import {name}"], trap)
        (trap / "imported").unlink()


def time(command: list[str], trap: Path) -> Taken:
    """One process, with the trap before all else on its path: 0 for warnings, 1 for errors."""
    return run(command, statuses=(0, 1), variables={"PYTHONPATH": os.pathsep.join([str(trap), str(ROOT)])})


if __name__ == "__main__":
    main()
