"""Specs by path, by `-` for standard input, or by their name in the zoo: the path under `specs/` without its ending."""

from __future__ import annotations

import sys
from pathlib import Path, PurePosixPath

from archspec.diagnostics import DiagnosticSink, SourceFile
from archspec.diagnostics.suggest import nearest
from archspec.syntax.limits import MAX_BYTES
from archspec.syntax.reader import decode

STDIN = "<stdin>"
"""What standard input is called in messages."""

LESSONS = "lessons/"
"""What the names of the lessons begin with."""


class UnreadableSpecError(Exception):
    """A spec that cannot be opened; `cure` is what to do about it."""

    def __init__(self, message: str, cure: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.cure = cure


def folder() -> Path:
    """The folder of the shipped specs: inside the package in a wheel, beside it in a checkout."""
    package = Path(__file__).parent
    shipped = package / "specs"
    return shipped if shipped.is_dir() else package.parent / "specs"


def names() -> list[str]:
    """The names of all shipped specs, in order."""
    root = folder()
    return sorted(path.relative_to(root).with_suffix("").as_posix() for path in root.rglob("*.yaml"))


def is_shipped(name: str) -> bool:
    """Whether a shipped spec has that name."""
    path = PurePosixPath(name)
    # Written as `names` gives it, and not as a way out of the folder.
    is_plain = path.as_posix() == name and not path.is_absolute() and ".." not in path.parts and "\0" not in name
    return is_plain and (folder() / f"{name}.yaml").is_file()


def open_spec(argument: str, sink: DiagnosticSink) -> SourceFile:
    """The text of a spec. Reports E0101 and E0102; raises `UnreadableSpecError` where there is nothing to read."""
    if argument == "-":
        return decode(STDIN, sys.stdin.buffer.read(MAX_BYTES + 1), sink)
    path = Path(argument)
    if not path.exists() and is_shipped(argument):
        path = folder() / f"{argument}.yaml"
    try:
        with path.open("rb") as file:
            return decode(str(path), file.read(MAX_BYTES + 1), sink)
    except FileNotFoundError:
        near = nearest(argument, names())
        cure = f"did you mean `{near}`?" if near else "`archspec zoo list` shows the shipped ones"
        raise UnreadableSpecError(f"there is no file and no shipped spec `{argument}`", cure) from None
    except OSError as error:
        raise UnreadableSpecError(f"`{argument}` cannot be read: {(error.strerror or str(error)).lower()}") from None
    except ValueError as error:
        raise UnreadableSpecError(f"`{argument!r}` is no path: {error}") from None
