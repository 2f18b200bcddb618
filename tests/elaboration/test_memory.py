"""What is placed from memory: the same graph, node for node and origin for origin, as a walk without one."""

from __future__ import annotations

from collections.abc import Hashable, Mapping

import pytest

from archspec.diagnostics import DiagnosticSink, SourceFile
from archspec.elaboration import elaborate as stage
from archspec.elaboration import placement, session
from archspec.elaboration.body import Body
from archspec.elaboration.context import Context
from archspec.elaboration.memory import Memory
from archspec.elaboration.modules import Module
from archspec.elaboration.scope import Flow, Scope, Work
from archspec.elaboration.settings import Settings, arguments_of, bind_parameters
from archspec.ir.graph import Graph
from archspec.syntax import ast
from archspec.syntax.parser import parse
from archspec.syntax.reader import read
from archspec.syntax.tree import Tree
from tests.compiled import compiled, net
from tests.networks import compile_network, with_variants
from tests.search_spaces import SPACES, choices_of


class Forgetful(Memory):
    """A memory that keeps nothing."""

    def key_of_block(self, flow: Flow, body: Context) -> Hashable:
        return None

    def key_of_pass(self, layers: tuple[ast.Item, ...], flow: Flow, context: Context) -> Hashable:
        return None


class Counting(Memory):
    """A memory that counts what it gave back."""

    hits = 0

    def _recall(self, key: Hashable, work: Work) -> Body | None:
        found = super()._recall(key, work)
        self.hits += found is not None
        return found


def documented(text: str) -> ast.Document:
    """A spec's text as a document."""
    sink = DiagnosticSink()
    source = SourceFile("net.yaml", text)
    root = read(source, sink)
    document = parse(source, root, sink) if root is not None else None
    assert document is not None, sink.sorted()
    return document


def walked(document: ast.Document, memory: Memory, parameters: Mapping[str, Tree]) -> list[str]:
    """The nodes, inputs and outputs of a spec that is one file, or what is wrong with it, as texts."""
    sink, work, module = DiagnosticSink(), Work(), Module(document)
    context = Context(module, Scope("", None), module.bindings, sink, work=work)
    bind_parameters(document, None, arguments_of(Settings(parameters=parameters), context), context)
    graph = stage.elaborate(module, {}, sink, work, memory=memory)
    return [*texts(graph), *map(str, sink.sorted()), str(work.steps)]


def texts(graph: Graph | None) -> list[str]:
    """All that a graph holds, the places of its lines too."""
    return [] if graph is None else [str(one) for one in (*graph.inputs, *graph.nodes, *graph.outputs)]


@pytest.mark.parametrize(("name", "variant"), list(with_variants()))
def test_every_network_is_the_same_with_a_memory_and_without(
    name: str, variant: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_memory = compile_network(name, variant)
    monkeypatch.setattr(session, "Memory", Forgetful)
    without = compile_network(name, variant)
    assert str(with_memory.diagnostics) == str(without.diagnostics)
    assert texts(with_memory.graph) == texts(without.graph) != []


@pytest.mark.parametrize("name", SPACES)
def test_a_memory_that_outlives_a_walk_changes_no_member(name: str) -> None:
    document = documented(SPACES[name])
    memory = Counting(outlives=True)
    members = choices_of(document)
    for parameters in [*members, *reversed(members)]:
        assert walked(document, memory, parameters) == walked(document, Forgetful(), parameters)
    assert memory.hits > 0


def test_a_block_that_was_sound_is_not_recalled_inside_itself() -> None:
    text = """
        archspec: 1
        inputs: {vector: [8]}
        blocks:
          outer: {parameters: {again: bool}, layers: [{inner, when: $again}, relu]}
          inner: {layers: [outer: false]}
        layers: [inner, outer: true]
    """
    # `inner` alone is sound; in `outer` it places `outer` inside itself.
    assert [found.code for found in compiled(text).diagnostics] == ["E0308"]


def test_what_is_recalled_counts_towards_the_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    units = "- unit\n" * 3
    text = net(units, rest="blocks: {unit: {layers: [{repeat: 10, layers: [relu]}]}}")
    steps = compiled(text).effort
    monkeypatch.setattr(session, "Memory", Forgetful)
    assert steps == compiled(text).effort
    monkeypatch.undo()
    monkeypatch.setattr(placement, "MAX_NODES", 25)
    (found,) = compiled(text).diagnostics
    assert found.code == "E0803"
    assert [label.span.line for label in found.labels] == [text.splitlines().index("  - unit") + 3]  # the third use
