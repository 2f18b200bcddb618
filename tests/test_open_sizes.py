"""A network with its sizes open, against the same network at sizes: its formulas give the shapes and costs of each."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archspec.compiler import Compilation, compile_spec
from archspec.diagnostics import DiagnosticSink, SourceFile
from archspec.elaboration.settings import Settings, read_shape
from archspec.ir.graph import Graph, Node
from archspec.ir.shape import Dim, is_known
from archspec.ir.size import Size
from tests.networks import compile_network, text_of, with_variants
from tests.strategies import Spec, specs
from tests.test_properties import GRAPHS

NEEDS_A_NUMBER = (
    "the number of input channels must be known",
    "must be known here",
    "an input of known size",
    "all sizes must be known",
)
"""What ops say whose weights, or whose padding in Keras, depend on a size."""

WITHOUT_IMAGES = ("language/dcgan", "language/crnn")
"""The networks whose input has no height and width to leave open, or has left one open."""


def value(dim: Dim, sizes: Mapping[str, int]) -> Dim:
    return dim.at(sizes) if isinstance(dim, Size) else dim


def assert_gives(symbolic: Graph, concrete: Graph, sizes: Mapping[str, int]) -> None:
    """Every shape and every cost of a network is what the formulas come to."""
    assert [node.path for node in symbolic.nodes] == [node.path for node in concrete.nodes]
    for node, expected in zip(symbolic.nodes, concrete.nodes, strict=True):
        found = [[value(dim, sizes) for dim in shape.dims] for shape in node.shapes]
        assert found == [list(shape.dims) for shape in expected.shapes], node.path
        assert tuple(value(cost, sizes) for cost in node.cost) == tuple(expected.cost), node.path
        assert node.weights == expected.weights


def may_need_a_number(node: Node) -> bool:
    """Whether a node's weights may depend on its input's size, or its padding in Keras does."""
    return node.word in ("flatten", "position_embedding") or bool(getattr(node.op, "count_padding", False))


def at_sizes(name: str, variant: str | None, *sizes: int | str) -> Compilation:
    """A network with its image's shape replaced, of whatever name."""
    sink = DiagnosticSink()
    image = compile_network(name, variant).require_graph().inputs[0].name
    shape = read_shape("--input", f"{image}={'x'.join(map(str, sizes))}", sink)
    assert shape is not None
    return compile_spec(SourceFile(name, text_of(name)), Settings(variant, inputs=dict([shape])))


@pytest.mark.parametrize(("name", "variant"), list(with_variants()))
def test_a_whole_network_has_formulas_or_says_where_it_needs_a_number(name: str, variant: str | None) -> None:
    usual = compile_network(name, variant).require_graph()
    if usual.inputs[0].shape.rank != 3 or not is_known(usual.inputs[0].shape.size):
        assert name in WITHOUT_IMAGES
        return
    height, width, channels = usual.inputs[0].shape.static_dims
    assert height is not None and width is not None and channels is not None
    symbolic = at_sizes(name, variant, "height", "width", channels)
    if symbolic.graph is None:
        assert any(map(may_need_a_number, usual.nodes))
        assert all(
            found.primary and any(why in found.headline for why in NEEDS_A_NUMBER) for found in symbolic.diagnostics
        )
        return
    graph = symbolic.require_graph()
    compared = 0
    for size in ((height, width), (height + 1, width + 3), (height + 32, width - 13)):
        concrete = at_sizes(name, variant, *size, channels).graph
        if concrete is not None:
            assert_gives(graph, concrete, {"height": size[0], "width": size[1]})
            compared += 1
    assert compared >= 2


@GRAPHS
@given(specs(), st.data())
def test_formulas_of_random_networks_are_their_shapes_at_all_sizes(spec: Spec, data: st.DataObject) -> None:
    shapes = spec.document["inputs"]
    (*usual, channels) = next(iter(shapes.values()))
    words = [f"axis{place}" for place in range(len(usual))]

    def compiled_at(sizes: list[int] | list[str]) -> Compilation:
        inputs = {name: [*sizes, channels] for name in shapes}
        return compile_spec(SourceFile("spec.yaml", Spec({**spec.document, "inputs": inputs}).text))

    symbolic = compiled_at(words)
    if symbolic.graph is None:
        assert all(any(reason in found.headline for reason in NEEDS_A_NUMBER) for found in symbolic.diagnostics)
        assert all(found.primary for found in symbolic.diagnostics)
        return
    for sizes in (usual, [data.draw(st.integers(6, 40)) for _ in usual]):
        concrete = compiled_at(sizes).graph
        assert concrete is not None or sizes != usual
        if concrete is not None:
            assert_gives(symbolic.graph, concrete, dict(zip(words, sizes, strict=True)))
