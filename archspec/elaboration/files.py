"""The other files that a spec names: the one it extends, and those that its blocks come from.

A path is relative to the file that names it and stays inside the project: the nearest folder above the spec that holds
`.git` or `pyproject.toml`, or the spec's own folder. A name without an ending is a shipped spec's.
"""

from __future__ import annotations

from pathlib import Path

from archspec import zoo
from archspec.diagnostics import DiagnosticSink, Fix, SourceFile
from archspec.diagnostics.fixes import respell
from archspec.diagnostics.suggest import did_you_mean
from archspec.elaboration.context import Context
from archspec.elaboration.modules import SHIPPED, BlockReference, Module
from archspec.elaboration.scope import Scope, Work
from archspec.elaboration.session import Session
from archspec.elaboration.settings import define_parameters
from archspec.ops import OWN, Vocabulary
from archspec.syntax import ast, tree
from archspec.syntax.declarations import FILE_ENDINGS
from archspec.syntax.limits import MAX_BYTES, MAX_FILES
from archspec.syntax.reader import decode

PROJECT_MARKS = (".git", "pyproject.toml")


class Files:
    """The files read for one spec, each once. Mutable by design: filled as files name files."""

    def __init__(
        self, spec: SourceFile, sink: DiagnosticSink, work: Work, session: Session, ops: Vocabulary = OWN
    ) -> None:
        self.spec = spec
        self.session = session
        self.ops = ops
        self.sink = sink
        self.work = work
        self._modules: dict[Path, Module | None] = {}

    def load(self, document: ast.Document) -> Module:
        """The spec's document with what it extends and imports. Reports E0114, E0115 and E0305."""
        path = Path(document.source.name).resolve()
        module = self._modules[path] = Module(document, path=path)
        self._complete(module, (path,))
        return module

    def _complete(self, module: Module, chain: tuple[Path, ...]) -> None:
        """Read what a module extends and imports. `chain` is the files that name one another, from the spec to it."""
        extends = module.document.extends
        if extends is not None:
            module.parent = self._read(extends.spec, module, chain)
            module.is_whole = module.parent is not None and module.parent.is_whole
            if module.parent is not None and not (module.parent.document.layers or module.parent.document.extends):
                cure = "take its blocks: `blocks: {name: file.yaml}`"
                self._refuse(extends.spec, module, f"`{extends.spec.text}` has no `layers` to extend", cure)
                module.is_whole = False
        for one in module.document.imports:
            target = self._read(one.file, module, chain)
            if target is None:
                module.is_whole = False
            elif (block := target.blocks.get(one.block.text)) is not None:
                module.imports[one.name.text] = BlockReference(target, block)
            elif one.block.text in target.imports:
                module.imports[one.name.text] = target.imports[one.block.text]
            else:
                self._refuse_block(one, target, module)
                module.is_whole = False

    def _read(self, file: tree.Scalar, module: Module, chain: tuple[Path, ...]) -> Module | None:
        """The module of a file, complete; `None` after an error."""
        path = self._find(file, module)
        if path is None:
            return None
        if path in chain:
            names = [one.name for one in (*chain[chain.index(path) :], path)]
            headline = f"files extend or import one another in a circle: {' -> '.join(names)}"
            self._context(module).report("E0115", headline, file.span)
            return None
        if path not in self._modules:
            self._modules[path] = self._open(path, file, module, chain)
        return self._modules[path]

    def _open(self, path: Path, file: tree.Scalar, module: Module, chain: tuple[Path, ...]) -> Module | None:
        if len(self._modules) > MAX_FILES:
            self._refuse(file, module, f"a spec may read {MAX_FILES} other files")
            return None
        try:
            with path.open("rb") as opened:
                data = opened.read(MAX_BYTES + 1)
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            self._refuse(file, module, f"`{tree.shorten(file.text)}` cannot be read: {reason}")
            return None
        before = self.sink.errors
        source = decode(_shown(path), data, self.sink)
        document = self.session.document(source, self.sink) if self.sink.errors == before else None
        if document is None:
            return None
        other = Module(document, path=path)
        self._complete(other, (*chain, path))
        define_parameters(document, {}, self._context(other))
        return other

    def _find(self, file: tree.Scalar, module: Module) -> Path | None:
        """Where a file lies. Reports E0114 for one that is not there, or that lies outside the project."""
        text = file.text
        if "$" in text:
            self._refuse(file, module, "a file is named by its path as it stands, without expressions")
        elif not text.endswith(FILE_ENDINGS):
            if zoo.is_shipped(text):
                return (zoo.folder() / f"{text}.yaml").resolve()
            cure = did_you_mean(text, zoo.names(), "a file's path ends with `.yaml`")
            fix = respell(file.span, text, cure.instead)
            self._refuse(file, module, f"there is no shipped spec `{tree.shorten(text)}`", cure.help, fix)
        elif module.document.source.name == zoo.STDIN:
            headline = "a spec that is no file has no folder in which to look for others"
            self._refuse(file, module, headline, "save the spec to a file")
        else:
            return self._find_in_project(file, module)
        return None

    def _find_in_project(self, file: tree.Scalar, module: Module) -> Path | None:
        assert module.path is not None
        folder = module.path.parent
        path = (folder / file.text).resolve()
        root, shipped = project_of(Path(self.spec.name)), zoo.folder().resolve()
        is_shipped = folder.is_relative_to(shipped) and path.is_relative_to(shipped)
        if not path.is_relative_to(root) and not is_shipped:
            where = f"the project is `{root.name}/`, the nearest folder above the spec with `.git` or `pyproject.toml`"
            self._refuse(file, module, f"`{tree.shorten(file.text)}` lies outside the project", where)
            return None
        if path.is_file():
            return path
        before = file.text.removesuffix(path.name)
        beside = [one.name for one in path.parent.glob("*.y*ml")] if path.parent.is_dir() else []
        cure = did_you_mean(path.name, beside)
        help_ = f"did you mean `{before}{cure.near}`?" if cure.near else None
        fix = respell(file.span, file.text, f"{before}{cure.instead}" if cure.instead else None)
        self._refuse(file, module, f"there is no file `{tree.shorten(file.text)}`, seen from this one", help_, fix)
        return None

    def _refuse(self, file: tree.Scalar, module: Module, headline: str, cure: str | None = None, fix: Fix = ()) -> None:
        self._context(module).report("E0114", headline, file.span, help_=cure, fix=fix)

    def _refuse_block(self, one: ast.Import, target: Module, module: Module) -> None:
        known = [*target.blocks, *target.imports]
        cure = did_you_mean(one.block.text, known, "it has " + ", ".join(known) if known else "it has no blocks")
        # Where one word is the name here and there, the uses of it here would have to change too.
        fix = respell(one.block.span, one.block.text, cure.instead) if one.block is not one.name else ()
        headline = f"`{tree.shorten(one.file.text)}` has no block `{tree.shorten(one.block.text)}`"
        self._context(module).report("E0305", headline, one.block.span, help_=cure.help, fix=fix)

    def _context(self, module: Module) -> Context:
        return Context(module, Scope("", None), module.bindings, self.sink, work=self.work, ops=self.ops)


def project_of(spec: Path) -> Path:
    """The folder that a spec's files must lie in."""
    own = spec.resolve().parent
    marked = (folder for folder in (own, *own.parents) if any((folder / mark).exists() for mark in PROJECT_MARKS))
    return next(marked, own)


def _shown(path: Path) -> str:
    """How messages name a file: a shipped spec by its name, others relative to the working folder if they lie in it."""
    shipped, here = zoo.folder().resolve(), Path.cwd()
    if path.is_relative_to(shipped):
        return f"{SHIPPED}/{path.relative_to(shipped)}"
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
