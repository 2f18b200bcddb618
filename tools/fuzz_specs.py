"""Random edits of the shipped specs, as many as asked: only diagnostics or success may come out, soon.

python tools/fuzz_specs.py 10000                the edits 0 to 9999
python tools/fuzz_specs.py 500 --first 10000    those from 10000 on
python tools/fuzz_specs.py 1 --first 1234 --show
python tools/fuzz_specs.py 500 --fix            what `check --fix` makes of them
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.mutations import mutant, try_fixes, try_out


def main() -> int:
    """Run, and say what came out; 1 if something was no diagnostic and no success."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", type=int, help="how many edited specs to try")
    parser.add_argument("--first", type=int, default=0, help="the number of the first")
    parser.add_argument("--show", action="store_true", help="print each edited spec")
    parser.add_argument("--fix", action="store_true", help="apply all fixes, and count what was mended")
    options = parser.parse_args()
    codes: Counter[str] = Counter()
    failures = 0
    slowest = (0.0, 0)
    for seed in range(options.first, options.first + options.count):
        data = mutant(seed)
        if options.show:
            sys.stdout.write(data.decode("utf-8", "backslashreplace"))
        outcome = try_fixes(data) if options.fix else try_out(data)
        codes.update(set(outcome.codes) or {"nothing mended" if options.fix else "sound"})
        slowest = max(slowest, (outcome.seconds, seed))
        if outcome.failure:
            failures += 1
            print(f"{seed}: {outcome.failure}", flush=True)
    print(f"{options.count} edited specs, {failures} failures, slowest {slowest[0]:.2f} s (number {slowest[1]})")
    print(", ".join(f"{code} {count}" for code, count in sorted(codes.items())))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
