"""Every stage that follows a graph, on the longest chain that a spec may be: none of them recurses on it."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

import pytest

from archspec.analysis.figures import network_figures
from archspec.analysis.legal_sizes import legal_sizes
from archspec.analysis.memory import inference_peak, training_peak
from archspec.analysis.receptive_field import receptive_fields
from archspec.compiler import Compilation, lower_graph
from archspec.diagnostics import SourceFile
from archspec.emission.keras_source import emit
from archspec.ir.graph import Graph
from archspec.ir.printer import print_graph
from archspec.ir.verify import broken_rules
from archspec.report.geometry import geometry_text
from archspec.report.summary import summary_json, summary_text
from archspec.resolving import resolve
from archspec.syntax.formatter import format_spec
from archspec.syntax.limits import MAX_NODES
from tests.compiled import compiled, net

HEAD = 4
"""Nodes besides the chain of ReLUs: a dense layer at each end, and a head of two for training."""

CHAIN = net(
    f"""
    - dense: 8
    - repeat: {MAX_NODES - HEAD}
      layers: [relu]
    - {{side: [dense: 2, softmax], name: head, only: training}}
    - {{dense: 1, name: last}}
    """,
    inputs="{vector: [3]}",
    rest="""
    outputs: [last, head]
    expect: {depth: 2, params: 41, trainable: {inference: 41, training: 59}, nodes: {last: {shape: [1]}}}
    """,
)
"""Its parameters: (3 + 1)·8 + (8 + 1)·1 = 41, and (8 + 1)·2 = 18 of the head."""


@pytest.fixture(scope="module")
def deepest() -> Compilation:
    return compiled(CHAIN)


def test_it_passes_check_with_its_contracts(deepest: Compilation) -> None:
    assert deepest.diagnostics == ()
    assert len(deepest.require_graph().nodes) == MAX_NODES


@pytest.mark.parametrize(
    "analysis",
    [
        broken_rules, print_graph, summary_text, summary_json, lower_graph, receptive_fields, legal_sizes,
        inference_peak, training_peak, network_figures, geometry_text,
    ],
)  # fmt: skip
def test_an_analysis_goes_through_it(analysis: Callable[[Graph], Any], deepest: Compilation) -> None:
    analysis(deepest.require_graph())


def test_its_inference_graph_is_without_the_head(deepest: Compilation) -> None:
    assert len(deepest.require_graph().for_inference().nodes) == MAX_NODES - 2


def test_it_resolves_to_a_spec_of_itself(deepest: Compilation) -> None:
    assert resolve(deepest).count("relu") >= MAX_NODES - HEAD


def test_its_source_is_python(deepest: Compilation) -> None:
    lowered = lower_graph(deepest.require_graph())
    assert lowered.longest_chain == MAX_NODES - 2
    assert len(ast.parse(emit(lowered)).body) == 5  # docstring, two imports, the function, its call


def test_its_written_form_is_formatted() -> None:
    source = SourceFile("net.yaml", net("- relu\n" * MAX_NODES))
    assert format_spec(source).count("relu") == MAX_NODES


def test_a_mismatch_below_it_is_explained() -> None:
    layers = f"""
    - repeat: {MAX_NODES - 2}
      layers: [relu]
    - add: {{main: [dense: 2], skip: []}}
    """
    assert [found.code for found in compiled(net(layers, inputs="{vector: [3]}")).diagnostics] == ["E0412"]
