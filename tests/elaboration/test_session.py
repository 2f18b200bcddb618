"""A session changes nothing: each spec is as it is alone, whatever was compiled before, and files may change."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from archspec.compiler import Compilation, compile_spec
from archspec.diagnostics import DiagnosticSink, Origin, SourceFile, Span
from archspec.elaboration import memory
from archspec.elaboration import session as stage
from archspec.elaboration.session import Session
from archspec.zoo import open_spec
from tests.networks import compile_network, with_variants

NOWHERE = Origin(Span(SourceFile("", ""), 1, 1, 1, 1))

PARENT = "archspec: 1\ninputs: {vector: [4]}\nblocks: {unit: {layers: [dense: UNITS]}}\nlayers: [unit]\n"
CHILD = "archspec: 1\nextends: parent.yaml\n"
LIBRARY = "archspec: 1\nblocks: {unit: {layers: [dense: UNITS]}}\n"
USER = (
    "archspec: 1\ninputs: {vector: [4]}\nblocks: {unit: library.yaml, twice: {layers: [unit, unit]}}\nlayers: [twice]\n"
)


def checked(path: Path, session: Session) -> Compilation:
    """A file compiled in a session."""
    return compile_spec(open_spec(str(path), DiagnosticSink()), session=session)


def facts(found: Compilation) -> list[object]:
    """All that a compilation found. Places are compared as texts: each reading has a source of its own."""
    graph = found.graph
    nodes = graph.nodes if graph else ()
    places = [" ".join(map(str, (*chain(node.origin), *(span for _, span in node.written)))) for node in nodes]
    plain = [node._replace(origin=NOWHERE, written=()) for node in nodes]
    return [plain, places, graph and (graph.inputs, graph.outputs), [str(one) for one in found.diagnostics]]


def chain(origin: Origin | None) -> Iterator[Span]:
    """The places of a line and of the uses around it."""
    while origin is not None:
        yield origin.span
        origin = origin.use


def test_every_network_is_in_one_session_as_it_is_alone() -> None:
    session = Session()
    for name, variant in with_variants():
        together = compile_network(name, variant, session)
        assert facts(together) == facts(compile_network(name, variant)), (name, variant)


def test_a_file_that_changes_is_read_again(tmp_path: Path) -> None:
    session = Session()
    for units in (3, 5):
        (tmp_path / "parent.yaml").write_text(PARENT.replace("UNITS", str(units)))
        (tmp_path / "child.yaml").write_text(CHILD)
        graph = checked(tmp_path / "child.yaml", session).require_graph()
        assert graph.outputs[0].shape.dims == (units,)


def test_a_library_that_changes_is_read_again(tmp_path: Path) -> None:
    session = Session()
    for units in (3, 5):
        (tmp_path / "library.yaml").write_text(LIBRARY.replace("UNITS", str(units)))
        (tmp_path / "user.yaml").write_text(USER)
        graph = checked(tmp_path / "user.yaml", session).require_graph()
        assert graph.outputs[0].shape.dims == (units,)


def test_a_file_with_findings_has_them_every_time(tmp_path: Path) -> None:
    session = Session()
    (tmp_path / "net.yaml").write_text("archspec: 1\nparameters: {width: 3}\ninputs: {vector: [4]}\nlayers: [relu]\n")
    first, second = (checked(tmp_path / "net.yaml", session).diagnostics for _ in range(2))
    assert list(map(str, first)) == list(map(str, second)) != []


def test_a_full_session_forgets_and_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    session = Session()
    monkeypatch.setattr(stage, "MOST_DOCUMENTS", 2)
    monkeypatch.setattr(memory, "MOST_KEPT", 40)
    names = ("resnet50", "keras/resnet50", "keras/resnet101", "resnet50", "torchvision/densenet", "keras/resnet50")
    for name in names:
        assert facts(compile_network(name, None, session)) == facts(compile_network(name)), name
