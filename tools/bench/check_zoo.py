"""`archspec check` of the whole zoo in all variants, by one process: what it takes, and against another checkout.

    python -m tools.bench.check_zoo [ROUNDS [CHECKOUT]]

Each round runs the sides in turn and counts the processor's time of each whole process, so that a busy machine matters
little: the zoo by this checkout and, where the folder of another is given, the same files by that one. What the two
print is held equal.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
from pathlib import Path

from archspec import zoo

HERE = Path(__file__).parents[2]


def main() -> None:
    """Print each round's figures and the medians of the ratios."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    other = Path(sys.argv[2]) if len(sys.argv) > 2 else None
    specs = [str(zoo.folder() / f"{name}.yaml") for name in zoo.names() if not name.startswith(zoo.LESSONS)]
    ratios = []
    seconds = []
    for number in range(1, rounds + 1):
        taken, said = check(HERE, specs)
        seconds.append(taken)
        line = f"round {number}: {taken:.2f} s of the processor"
        if other is not None:
            before, said_before = check(other, specs)
            if said != said_before:
                raise SystemExit("the two checkouts say different things of the zoo")
            ratios.append(before / taken)
            line += f", {before:.2f} s by the other checkout: {ratios[-1]:.2f} times as much"
        print(line, flush=True)
    print(f"median of {rounds}: {statistics.median(seconds):.2f} s ({min(seconds):.2f} to {max(seconds):.2f})")
    if ratios:
        print(f"median of {rounds}: {statistics.median(ratios):.2f} times ({min(ratios):.2f} to {max(ratios):.2f})")


def check(checkout: Path, specs: list[str]) -> tuple[float, str]:
    """The processor's time of one `check` of all specs, and what it printed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "archspec", "check", *specs]
    environment = {**os.environ, "PYTHONPATH": str(checkout)}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment, cwd=checkout)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, done.stdout


if __name__ == "__main__":
    main()
