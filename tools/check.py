"""Everything that CI checks, in one command: format, lint, types, import contracts, generated pages, wheel, tests.

python tools/check.py                  all of it
python tools/check.py --all-but-tests  what CI runs after the README's test command
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent

CHECKS: tuple[tuple[str, list[str]], ...] = (
    ("format", [str(BIN / "ruff"), "format", "--check", "."]),
    ("lint", [str(BIN / "ruff"), "check", "."]),
    ("types", [str(BIN / "mypy")]),
    ("import contracts", [str(BIN / "lint-imports"), "--no-logo"]),
    ("reference", [sys.executable, "tools/make_reference.py", "--check"]),
    ("schema", [sys.executable, "tools/make_schema.py", "--check"]),
    ("zoo", [sys.executable, "-m", "tools.make_zoo", "--check"]),
)
TESTS = ("tests", [sys.executable, "-m", "pytest"])


def main() -> int:
    """Run every check, and say at the end which failed."""
    checks = CHECKS if "--all-but-tests" in sys.argv[1:] else (*CHECKS, TESTS)
    failed = [name for name, command in checks if not _passes(name, command)]
    if not _wheel_holds_the_zoo():
        failed.append("wheel")
    print("failed: " + ", ".join(failed) if failed else "all checks passed")
    return 1 if failed else 0


def _passes(name: str, command: list[str]) -> bool:
    print(f"-- {name}", flush=True)
    return subprocess.run(command, cwd=ROOT, check=False).returncode == 0


def _wheel_holds_the_zoo() -> bool:
    """Whether an installed wheel, away from the checkout, finds its specs, standard blocks and data."""
    print("-- wheel", flush=True)
    with tempfile.TemporaryDirectory() as place:
        pip = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", place, str(ROOT)]
        if subprocess.run(pip, check=False).returncode:
            return False
        source = (
            "import pathlib, archspec, archspec.cli;"
            f"assert str(pathlib.Path(archspec.__file__)).startswith({place!r}), archspec.__file__;"
            "assert (pathlib.Path(archspec.__file__).parent / 'training' / 'digits.npz').is_file();"
            "raise SystemExit(archspec.cli.main(['check', 'keras/resnet50']))"
        )
        environment = {**os.environ, "PYTHONPATH": place}
        return subprocess.run([sys.executable, "-c", source], cwd=place, env=environment, check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main())
