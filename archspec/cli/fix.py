"""`archspec check --fix` and `--diff`: a spec's text mended, and written back or shown as a difference."""

from __future__ import annotations

import sys
from argparse import Namespace
from codecs import BOM_UTF8
from pathlib import Path

from archspec import zoo
from archspec.cli.rewriting import difference, rewrite
from archspec.diagnostics import Diagnostic, Edit, SourceFile
from archspec.elaboration.settings import Settings
from archspec.mending import Mended, mend
from archspec.syntax.tree import shorten


def refuse_shipped(spec: str) -> None:
    """Raises `UnreadableSpecError` for a shipped spec that is given by its name: what is rewritten must be meant."""
    if spec != "-" and not Path(spec).exists() and spec in zoo.names():
        cure = f"copy it first: `archspec zoo show {spec} > {Path(spec).name}.yaml`"
        raise zoo.UnreadableSpecError(f"`{spec}` is a shipped spec, which `--fix` does not write", cure)


def fix(spec: str, source: SourceFile, settings: Settings, options: Namespace) -> Mended:
    """Mend a spec; write it, or show what would change. Text says what was mended; standard input is printed mended."""
    mended = mend(source, settings)
    if options.diff:
        sys.stdout.write("".join(difference(source.name, source.text, mended.source.text, "fixed")))
    elif spec == "-":
        sys.stdout.buffer.write(mended.source.text.encode())  # as bytes: no platform's line ends or encoding
        sys.stdout.buffer.flush()
    elif mended.fixed:
        _write(Path(spec), source.text, mended.source.text)
    if options.format == "text":
        messages = sys.stdout if options.fix and spec != "-" else sys.stderr
        for one in mended.fixed:
            print(f"{'fixed' if options.fix else 'would fix'} {_describe(one)}", file=messages)
    return mended


def _write(path: Path, before: str, after: str) -> None:
    """Write a text with the byte order mark that the file has. Refuses a file that has changed since it was read."""
    try:
        content = path.read_bytes() if path.is_file() else b""
    except OSError:
        content = b""
    mark = BOM_UTF8 if content.startswith(BOM_UTF8) else b""
    if content != mark + before.encode():
        raise zoo.UnreadableSpecError(f"`{path}` has changed while it was being checked, and is not written")
    rewrite(path, mark + after.encode())


def _describe(one: Diagnostic) -> str:
    """What was mended and where, in the lines of the text as it was then.

    net.yaml:4:25: E0501: `kernal` -> `kernel`
    """
    edits = ", ".join(_describe_edit(edit) for edit in one.fix)
    return f"{one.primary.span if one.primary else one.fix[0].span}: {one.code}: {edits}"


def _describe_edit(edit: Edit) -> str:
    old, new = edit.span.text, shorten(edit.text)
    if old == "":
        return "a space added" if edit.text == " " else f"`{new}` added"
    what = "a line" if old is None else f"`{shorten(old)}`"
    return f"{what} -> `{new}`" if new else f"{what} removed"
