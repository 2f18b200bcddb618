"""Every network of the zoo, compiled: the shipped specs that are no lessons, each by itself and in each variant."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from archspec import zoo
from archspec.analysis.cost import Totals, totals
from archspec.compiler import Compilation, compile_spec
from archspec.diagnostics import DiagnosticSink
from archspec.elaboration.settings import Settings
from archspec.syntax import ast, tree

FIGURES = {"trainable": "trainable", "params": "params", "macs": "MACs", "connections": "connections", "depth": "depth"}
"""The figures of a contract that a source may state, and what the table calls them."""


@dataclass(frozen=True)
class Entry:
    """One network: a spec by its name in the zoo, and a variant of it or none."""

    spec: str
    variant: str | None
    compilation: Compilation

    @property
    def name(self) -> str:
        """As `archspec diff` takes it: `SPEC`, or `SPEC@VARIANT`."""
        return self.spec if self.variant is None else f"{self.spec}@{self.variant}"

    @property
    def document(self) -> ast.Document:
        """What is written in the file."""
        assert self.compilation.document is not None
        return self.compilation.document

    @property
    def totals(self) -> Totals:
        """Its figures in inference."""
        return totals(self.compilation.require_graph().for_inference())

    @property
    def stated(self) -> tuple[str, ...]:
        """Which figures its contract states exactly; they are proven, since it compiled."""
        of_variant = next((one.expect for one in self.document.variants if one.name.text == self.variant), None)
        contract = self.document.expect if of_variant is None else of_variant
        return tuple(word for key, word in FIGURES.items() if contract is not None and contract.get(key) is not None)

    @property
    def reference(self) -> str:
        """The paper or library that it follows, with the library's function or module."""
        found = [_word(self.document.reference, key) for key in ("title", "id", "form")]
        return ", ".join(word for word in found if word)

    @property
    def deviations(self) -> tuple[str, ...]:
        """In what it is not its source, as the file declares."""
        meta = self.document.meta
        found = meta.get("deviations") if isinstance(meta, tree.Mapping) else None
        items = found.items if isinstance(found, tree.Sequence) else ()
        return tuple(one.text for one in items if isinstance(one, tree.Scalar))

    def is_built_as(self, other: Entry) -> bool:
        """Whether both are the same layers."""
        here, there = (one.compilation.require_graph().nodes for one in (self, other))
        return [(node.path, node.op) for node in here] == [(node.path, node.op) for node in there]


def entries() -> Iterator[Entry]:
    """All of them, in the order of their names. A spec stands by itself unless it is one of its own variants."""
    for spec in zoo.names():
        if spec.startswith(zoo.LESSONS):
            continue
        alone = _compiled(spec, None)
        variants = [_compiled(spec, variant.name.text) for variant in alone.document.variants]
        if not any(map(alone.is_built_as, variants)):
            yield alone
        yield from variants


def _compiled(spec: str, variant: str | None) -> Entry:
    return Entry(spec, variant, compile_spec(zoo.open_spec(spec, DiagnosticSink()), Settings(variant)))


def _word(section: tree.Tree | None, key: str) -> str:
    found = section.get(key) if isinstance(section, tree.Mapping) else None
    return found.text if isinstance(found, tree.Scalar) else ""
