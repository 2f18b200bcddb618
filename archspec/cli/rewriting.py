"""Files of the user's that a command rewrites, and how the change is shown."""

from __future__ import annotations

import difflib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from archspec.zoo import UnreadableSpecError


def rewrite(path: Path, content: bytes) -> None:
    """Put the content in the file's place at once, with its permissions; through a link, in place of what it names."""
    target = path.resolve()
    unfinished = target.with_name(f".{target.name}.{os.getpid()}.unfinished")
    try:
        if not os.access(target, os.W_OK):
            raise PermissionError(None, "permission denied")
        unfinished.write_bytes(content)
        shutil.copymode(target, unfinished)
        unfinished.replace(target)
    except OSError as error:
        raise UnreadableSpecError(f"`{path}` cannot be written: {(error.strerror or str(error)).lower()}") from None
    finally:
        unfinished.unlink(missing_ok=True)


def difference(name: str, before: str, after: str, done: str) -> Iterator[str]:
    """The lines of a unified diff between two texts of a file, the second called after what was `done`."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    for line in difflib.unified_diff(old, new, name, f"{name} ({done})"):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
