"""The whole networks that the project has: those shipped, those of standard blocks, and the language's examples."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from archspec import zoo
from archspec.compiler import Compilation, compile_spec
from archspec.diagnostics import SourceFile
from archspec.elaboration.session import Session
from archspec.elaboration.settings import Settings

TESTS = Path(__file__).parent
BLOCKS = sorted((TESTS / "zoo" / "blocks").glob("*.yaml"))
LANGUAGE = sorted((TESTS / "elaboration" / "language").glob("*.yaml"))
NETWORKS: Mapping[str, Path] = {
    **{name: zoo.folder() / f"{name}.yaml" for name in zoo.names()},
    **{f"{path.parent.name}/{path.stem}": path for path in (*BLOCKS, *LANGUAGE)},
}
"""Each network's file, by a name for it."""


def text_of(name: str) -> str:
    """A network's text."""
    return NETWORKS[name].read_text(encoding="utf-8")


def compile_network(name: str, variant: str | None = None, session: Session | None = None) -> Compilation:
    """A network, or one of its variants."""
    return compile_spec(SourceFile(str(NETWORKS[name]), text_of(name)), Settings(variant), session=session)


def with_variants() -> Iterator[tuple[str, str | None]]:
    """Each network's name with `None` and with each of its variants."""
    for name in NETWORKS:
        yield name, None
        document = compile_network(name).document
        for variant in document.variants if document else ():
            yield name, variant.name.text
