"""Files of blocks and where a word is looked up: the file's own blocks, then the standard library.

A standard block is one YAML file in `stdlib/`, read when a spec first uses it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

from archspec.diagnostics import DiagnosticSink, SourceFile
from archspec.elaboration.scope import Bindings
from archspec.syntax import ast
from archspec.syntax.evaluation import Opaque, Value
from archspec.syntax.parser import parse
from archspec.syntax.reader import read

STDLIB = "<stdlib>"
SHIPPED = "<specs>"
"""What the standard blocks' and the shipped specs' files are called in messages: their lines are not the user's to
mend. A shipped spec that is itself what the user compiles has its own path."""
FOLDER = Path(__file__).parents[1] / "stdlib"


@dataclass(eq=False)
class Module:
    """One file: its blocks, its defaults, and the bindings of its own parameters and `let`s.

    Mutable by design: what it extends and imports is read after it is made, since files may name one another.
    """

    document: ast.Document
    bindings: Bindings = field(default_factory=Bindings)
    parent: Module | None = None
    """The spec that it extends."""
    imports: dict[str, BlockReference] = field(default_factory=dict)
    """Blocks of other files, by their names here."""
    path: Path | None = None
    """Where the file lies, for finding those that it names."""
    is_whole: bool = True
    """Whether all that it extends and imports could be read."""

    @property
    def is_standard(self) -> bool:
        """Whether this is the standard library's, whose lines are not the user's to mend."""
        return self.document.source.name.startswith(STDLIB)

    @cached_property
    def blocks(self) -> dict[str, ast.Block]:
        """The file's own blocks by name."""
        return {block.name.text: block for block in self.document.blocks}

    @cached_property
    def defaults(self) -> dict[str, ast.Default]:
        """The file's defaults by the word they are for."""
        return {default.word.text: default for default in self.document.defaults}


@dataclass(frozen=True, eq=False)
class BlockReference(Opaque):
    """A block, with the file that its body sees."""

    module: Module
    block: ast.Block

    def __str__(self) -> str:
        return self.block.name.text


@dataclass(frozen=True, eq=False)
class OpReference(Opaque):
    """An op given by name where a block may stand."""

    word: str

    def __str__(self) -> str:
        return self.word


@dataclass(frozen=True, eq=False)
class Row(Opaque):
    """The current row of a table, as fields."""

    values: tuple[tuple[str, Value], ...]

    def __str__(self) -> str:
        return "$row"


def lineage(module: Module) -> tuple[Module, ...]:
    """A file and those that it extends, the eldest first."""
    family = [module]
    while family[-1].parent is not None:
        family.append(family[-1].parent)
    return tuple(reversed(family))


def renewed(module: Module) -> tuple[Module, tuple[Module, ...]]:
    """A file with its numbers not yet bound, and the others that it extends or takes blocks from, likewise; each once.

    The documents, and so the blocks, are the same; those of the library bind nothing.
    """
    made: dict[int, Module] = {}

    def renew(old: Module) -> Module:
        if old.is_standard:
            return old
        if id(old) not in made:
            new = made[id(old)] = Module(old.document, path=old.path, is_whole=old.is_whole)
            new.parent = renew(old.parent) if old.parent is not None else None
            new.imports = {name: BlockReference(renew(one.module), one.block) for name, one in old.imports.items()}
        return made[id(old)]

    root = renew(module)
    return root, tuple(one for one in made.values() if one is not root)


def find_block(word: str, module: Module) -> BlockReference | None:
    """The block that a word names in a file: its own, one it imports, one of what it extends, or the library's."""
    if word in module.blocks:
        return BlockReference(module, module.blocks[word])
    if word in module.imports:
        return module.imports[word]
    if module.parent is not None:
        return find_block(word, module.parent)
    return standard_block(word) if word in standard_words() else None


@cache
def standard_words() -> frozenset[str]:
    """The names of the standard library's blocks."""
    return frozenset(path.stem for path in FOLDER.glob("*.yaml"))


def standard_text(word: str) -> str:
    """The text of a standard block."""
    return (FOLDER / f"{word}.yaml").read_text(encoding="utf-8")


@cache
def standard_block(word: str) -> BlockReference:
    """The standard block of that name."""
    sink = DiagnosticSink()
    source = SourceFile(f"{STDLIB}/{word}.yaml", standard_text(word))
    root = read(source, sink)
    document = parse(source, root, sink) if root is not None else None
    if document is None or sink.errors:
        raise RuntimeError(f"the standard block {word} cannot be read: {sink.sorted()}")
    module = Module(document)
    return BlockReference(module, module.blocks[word])
