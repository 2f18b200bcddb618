"""A plugin's file before anything of it runs: its word, its text as Python, what it imports when it is loaded."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

from archspec.diagnostics import Diagnostic, Label, SourceFile, Span
from archspec.ops import words
from archspec.syntax.items import RESERVED
from archspec.syntax.limits import MAX_BYTES, MAX_NAME
from archspec.syntax.names import VARIABLE

FRAMEWORKS = ("keras", "tensorflow")


class RefusedError(Exception):
    """A plugin that cannot be taken; `diagnostic` says why."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.headline)
        self.diagnostic = diagnostic


@dataclass(frozen=True)
class PluginSource:
    """A plugin's file as read. Two are equal if they are one file that holds the same."""

    word: str
    path: Path
    """Resolved; `file` has the name that the user gave."""
    sha256: str
    file: SourceFile = field(compare=False)
    tree: ast.Module = field(compare=False)

    def refused(self, code: str, headline: str, line: int = 1, cure: str | None = None) -> RefusedError:
        """A refusal at a line of the file."""
        width = len(self.file.line(line))
        indent = width - len(self.file.line(line).lstrip())
        span = Span(self.file, line, indent + 1, line, max(width, indent + 1) + 1)
        return RefusedError(Diagnostic(code, headline, Label(span), help=cure))

    def line_of(self, name: str) -> int:
        """The line where a class or function of that name is declared."""
        declared = (node for node in ast.walk(self.tree) if isinstance(node, ast.ClassDef | ast.FunctionDef))
        return next((node.lineno for node in declared if node.name == name), 1)


def read_plugin(path: str, blocks: frozenset[str], place: Label | None) -> PluginSource:
    """The file. `blocks` are the standard blocks' words; `place` is where the plugin is named, if in a file.

    Raises `RefusedError` with E1001 (no readable Python file), E1002 (the word), E1003 (the text is no Python) and
    E1004 (it imports a framework when it is loaded).
    """
    here = Path(path)
    text, digest = _text(here, place)
    _check_word(here.stem, path, blocks, place)
    file = SourceFile(path, text)
    source = PluginSource(here.stem, here.resolve(), digest, file, ast.Module([], []))
    try:
        source = replace(source, tree=ast.parse(text, filename=path))
    except (SyntaxError, ValueError, RecursionError) as error:
        line = (error.lineno if isinstance(error, SyntaxError) else None) or 1
        said = error.msg if isinstance(error, SyntaxError) else str(error)
        raise source.refused("E1003", f"the plugin is not Python: {said}", line) from None
    _check_imports(source)
    return source


def _text(path: Path, place: Label | None) -> tuple[str, str]:
    cure = None
    if path.suffix != ".py":
        problem, cure = "is not a Python file", "a plugin is a file `WORD.py` that declares the op `WORD`"
    else:
        try:
            with path.open("rb") as opened:
                data = opened.read(MAX_BYTES + 1)
            if len(data) <= MAX_BYTES:
                return data.decode("utf-8-sig"), sha256(data).hexdigest()
            problem = f"has more than {MAX_BYTES:,} bytes"
        except UnicodeDecodeError:
            problem = "is not UTF-8 text"
        except OSError as error:
            problem = f"cannot be read: {(error.strerror or str(error)).lower()}"
    raise RefusedError(Diagnostic("E1001", f"the plugin `{path}` {problem}", place, help=cure))


def _check_word(word: str, path: str, blocks: frozenset[str], place: Label | None) -> None:
    """Raise `RefusedError` with E1002 for a word that no op may have."""
    if not VARIABLE.fullmatch(word) or len(word) > MAX_NAME:
        problem = f"must be named after a word: at most {MAX_NAME} letters, digits and `_`, a letter first"
    elif word in (*RESERVED, "parallel", "in"):
        problem = f"cannot be called `{word}`, which is a word of the language"
    elif word in words():
        problem = f"cannot be called `{word}`, which is an op of archspec"
    elif word in blocks:
        problem = f"cannot be called `{word}`, which is a standard block"
    else:
        return
    cure = "the file's name is the op's word: rename the file"
    raise RefusedError(Diagnostic("E1002", f"the plugin `{path}` {problem}", place, help=cure))


def _check_imports(source: PluginSource) -> None:
    """Raise `RefusedError` with E1004 for a framework that loading the file would load."""
    for found in _imports(source.tree):
        named = [one.name for one in found.names] if isinstance(found, ast.Import) else [found.module or ""]
        for framework in {name.partition(".")[0] for name in named} & {*FRAMEWORKS}:
            raise source.refused(
                "E1004",
                f"a plugin may not import {framework} when it is loaded: `check` and `summary` do without it",
                found.lineno,
                f"write `import {framework}` inside the function that makes the layer",
            )


def _imports(node: ast.AST) -> Iterator[ast.Import | ast.ImportFrom]:
    """The imports that run when a file is loaded: not those in functions, nor those for type checkers alone."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        yield node
    elif isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
        for other in node.orelse:
            yield from _imports(other)
    elif not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        for child in ast.iter_child_nodes(node):
            yield from _imports(child)
