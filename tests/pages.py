"""What the pages hold that can be run: whole specs, and commands with what they print.

A fenced block of `console` that begins with `$ archspec` is an example. It runs in a folder that holds the named specs
of its page. `python -m tools.update_examples` writes what the commands print now.
"""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
SPEC = re.compile(r"^```ya?ml\n(archspec: 1\n.*?)^```$", re.MULTILINE | re.DOTALL)
CONSOLE = re.compile(r"^```console\n\$ archspec (.*?)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def specs_in(page: Path) -> list[str]:
    """The whole specs that a page shows."""
    return SPEC.findall(page.read_text(encoding="utf-8"))


def write_specs(text: str, folder: Path) -> None:
    """Write the named specs that a page shows into a folder."""
    for spec in SPEC.findall(text):
        if name := re.search(r"^name: (\w+)$", spec, re.MULTILINE):
            (folder / f"{name[1]}.yaml").write_text(spec, encoding="utf-8")
