"""Run the commands that the pages show, and put what they print now in the place of what they printed.

    python -m tools.update_examples

The tests hold the pages to it. Review what this changes as any other change: it is what users will see.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

from tests.pages import CONSOLE, PAGES, ROOT, write_specs


def main() -> None:
    """Rewrite the pages, and say which have changed."""
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        with tempfile.TemporaryDirectory() as folder:
            write_specs(text, Path(folder))
            renewed = CONSOLE.sub(partial(_example, folder=Path(folder)), text)
        if renewed != text:
            page.write_text(renewed, encoding="utf-8")
            print(f"updated {page.relative_to(ROOT)}")


def _example(found: re.Match[str], folder: Path) -> str:
    arguments = found[1]
    command = [sys.executable, "-m", "archspec", *shlex.split(arguments)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return f"```console\n$ archspec {arguments}\n{done.stdout}```"


if __name__ == "__main__":
    main()
