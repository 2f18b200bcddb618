"""How a file comes into being whole or not at all: written aside, flushed to the disk, renamed.

Whatever happens in between, the name holds what it held before or the new content, never a part.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO


def write_whole(path: Path, write: Callable[[BinaryIO], None]) -> None:
    """Calls `write` with a file that becomes `path` once all of it is on the disk."""
    with _aside(path) as (aside, file):
        write(file)
        file.flush()
        os.fsync(file.fileno())
        aside.replace(path)
    _flush_directory(path.parent)


def write_text(path: Path, text: str) -> None:
    """Writes a text file whole."""
    write_whole(path, lambda file: _write_all(file, text))


def append_line(path: Path, line: str) -> None:
    """Adds a line to a text file in one write."""
    with path.open("ab", buffering=0) as file:
        file.write(f"{line}\n".encode())


@contextmanager
def _aside(path: Path) -> Iterator[tuple[Path, BinaryIO]]:
    aside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with aside.open("wb") as file:
            yield aside, file
    except BaseException:
        with suppress(FileNotFoundError):
            aside.unlink()
        raise


def _write_all(file: BinaryIO, text: str) -> None:
    file.write(text.encode())


def _flush_directory(directory: Path) -> None:
    """Makes a rename last; systems whose directories cannot be opened do so by themselves."""
    with suppress(OSError):
        handle = os.open(directory, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
