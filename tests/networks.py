"""The whole networks that the project has: those shipped, and the language's examples.

Tests that go over networks and take a while for each do so for a share of them: every file that is written out, with
the variants of those that follow a paper. With `ARCHSPEC_WHOLE_ZOO=1` in the environment they take all.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from archspec import zoo
from archspec.compiler import Compilation, compile_spec
from archspec.diagnostics import SourceFile
from archspec.elaboration.session import Session
from archspec.elaboration.settings import Settings

TESTS = Path(__file__).parent
LANGUAGE = sorted((TESTS / "elaboration" / "language").glob("*.yaml"))
NETWORKS: Mapping[str, Path] = {
    **{name: zoo.folder() / f"{name}.yaml" for name in zoo.names()},
    **{f"{path.parent.name}/{path.stem}": path for path in LANGUAGE},
}
"""Each network's file, by a name for it."""


def text_of(name: str) -> str:
    """A network's text."""
    return NETWORKS[name].read_text(encoding="utf-8")


def compile_network(name: str, variant: str | None = None, session: Session | None = None) -> Compilation:
    """A network, or one of its variants."""
    return compile_spec(SourceFile(str(NETWORKS[name]), text_of(name)), Settings(variant), session=session)


WHOLE_ZOO = "ARCHSPEC_WHOLE_ZOO" in os.environ
LIBRARIES = ("keras/", "torchvision/")
WRITTEN_OUT = [name for name in NETWORKS if WHOLE_ZOO or "\nextends:" not in text_of(name)]
"""The networks whose layers stand in their own file: what extends one of them is built of the same lines."""


def with_variants() -> Iterator[tuple[str, str | None]]:
    """Networks' names with `None` and with their variants: all, or the share that the suite takes."""
    for name in WRITTEN_OUT:
        yield name, None
        if WHOLE_ZOO or not name.startswith(LIBRARIES):
            document = compile_network(name).document
            for variant in document.variants if document else ():
                yield name, variant.name.text
