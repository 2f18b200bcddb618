"""A project file -> the plugins that it names.

    plugins: [ops/gem_pool.py]

It is read by the reader of specs. No file is ever found by itself, since a stranger's folder would then run its code:
the command line or the environment names it.
"""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from archspec.diagnostics import Diagnostic, DiagnosticSink, Label, SourceFile
from archspec.elaboration.context import Context
from archspec.elaboration.modules import Module
from archspec.elaboration.records import read_record
from archspec.elaboration.scope import Bindings, Scope
from archspec.plugins.load import Named
from archspec.syntax import tree
from archspec.syntax.limits import MAX_BYTES
from archspec.syntax.parser import parse
from archspec.syntax.reader import decode, read
from archspec.syntax.written_expressions import check_expressions_in


class Project(BaseModel):
    """What a project file says."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    plugins: tuple[str, ...] = Field((), description="files of ops, from the project file's folder")


def named_in_project(path: str, sink: DiagnosticSink) -> tuple[Named, ...]:
    """The plugins that a project file names, each with its place there.

    Reports E1005 (no readable file, or a path that leaves its folder) and what reading a spec's file reports.
    """
    source = _open(path, sink)
    root = read(source, sink) if source is not None and not sink.errors else None
    if source is None or root is None:
        return ()
    if not isinstance(root, tree.Mapping):
        headline = f"a project file must be a mapping, got {tree.describe(root)}"
        sink.report(Diagnostic("E1005", headline, Label(root.span), help="write `plugins: [ops/my_op.py]`"))
        return ()
    check_expressions_in(root, sink)
    if sink.errors:
        return ()
    project = read_record(Project, root, "the project file", _context(source, root, sink))
    if project is None:
        return ()
    places = tree.scalars(root.get("plugins") or root)
    folder = Path(path).parent
    found = (_inside(one, place, folder, sink) for one, place in zip(project.plugins, places, strict=False))
    return tuple(filter(None, found))


def _open(path: str, sink: DiagnosticSink) -> SourceFile | None:
    try:
        with Path(path).open("rb") as file:
            return decode(path, file.read(MAX_BYTES + 1), sink)
    except (OSError, ValueError) as error:
        reason = (getattr(error, "strerror", None) or str(error)).lower()
        sink.report(Diagnostic("E1005", f"the project file `{path}` cannot be read: {reason}", None))
        return None


def _context(source: SourceFile, root: tree.Mapping, sink: DiagnosticSink) -> Context:
    """Where the file's values are read: as in a spec that declares nothing, so that no name is bound."""
    document = parse(source, tree.Mapping((), root.span), DiagnosticSink())
    assert document is not None
    return Context(Module(document), Scope("", None), Bindings(), sink)


def _inside(path: str, place: tree.Scalar, folder: Path, sink: DiagnosticSink) -> Named | None:
    """A plugin's path from the project file's folder, links followed. Reports E1005 where it leads out of that."""
    if (folder / path).resolve().is_relative_to(folder.resolve()):
        return Named(str(folder / path), place.span)
    headline = f"a project's plugins stand in its folder, got `{tree.shorten(path)}`"
    cure = "name a file elsewhere with `--plugin`"
    sink.report(Diagnostic("E1005", headline, Label(place.span), help=cure))
    return None
