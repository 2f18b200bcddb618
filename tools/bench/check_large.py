"""How `archspec check` grows with a spec: chains of 1,000 and 10,000 written layers, as whole processes.

    python -m tools.bench.check_large [ROUNDS]

Rounds are interleaved. What a layer costs is the time beyond that of a spec of one layer, over the number of layers.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path

from tools.bench.check_vgg16 import run

SIZES = (1, 1_000, 10_000)


def main() -> None:
    """Print each round's figures and the median growth of a layer's cost."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    growths = []
    with tempfile.TemporaryDirectory() as folder:
        specs = {size: write(Path(folder), size) for size in SIZES}
        run(command(specs[1]))  # one run unmeasured, for the files' sake
        for number in range(1, rounds + 1):
            taken = {size: run(command(spec)) for size, spec in specs.items()}
            costs = {size: (taken[size].seconds - taken[1].seconds) / size for size in SIZES[1:]}
            growths.append(costs[10_000] / costs[1_000])
            shown = ", ".join(f"{size:,} layers {took}" for size, took in taken.items())
            print(f"round {number}: {shown}; a layer costs {growths[-1]:.2f} times as much", flush=True)
    print(f"median of {rounds}: a layer of 10,000 costs {statistics.median(growths):.2f} times one of 1,000")


def write(folder: Path, size: int) -> Path:
    """A spec of `size` written layers."""
    lines = ["  - conv: {filters: 16, kernel: 3, padding: same, activation: relu}", "  - batch_norm"]
    layers = "\n".join(lines[place % 2] for place in range(size))
    spec = folder / f"chain{size}.yaml"
    spec.write_text(f"archspec: 1\ninputs: {{image: [32, 32, 16]}}\nlayers:\n{layers}\n")
    return spec


def command(spec: Path) -> list[str]:
    """The process to time."""
    return [sys.executable, "-m", "archspec", "check", str(spec)]


if __name__ == "__main__":
    main()
