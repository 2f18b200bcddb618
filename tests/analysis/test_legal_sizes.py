"""Legal sizes: against trying each size with the whole compiler, and against what Keras says of its networks."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest
from hypothesis import given

from archspec.analysis.legal_sizes import LegalSizes, legal_sizes
from archspec.compiler import compile_spec
from archspec.diagnostics import DiagnosticSink, SourceFile
from archspec.elaboration.settings import Settings, read_shape
from archspec.ir.graph import Graph
from tests.compiled import graph_of, net
from tests.networks import compile_network, text_of
from tests.strategies import Spec, specs
from tests.test_properties import BUILDS

MEETING = """
- {conv: {filters: 4, kernel: 3, stride: 2, padding: half}, name: half}
- add:
    down: [{max_pool: 2}, {conv: {filters: 4, kernel: 3, padding: half}}]
    other: [{conv: {filters: 4, kernel: 2, stride: 2, padding: same}}]
- global_average_pool
- dense: 3
"""
"""Two ways down, of which one rounds down and one up: they meet where the half of the size is even."""


def compiles(text: str, name: str, dims: tuple[int, ...]) -> bool:
    """Whether the whole compiler takes the spec with an input of that shape."""
    sink = DiagnosticSink()
    shape = read_shape("--input", f"{name}={'x'.join(map(str, dims))}", sink)
    assert shape is not None
    found = compile_spec(SourceFile("net.yaml", text), Settings(inputs=dict([shape]))).diagnostics
    return not any(one.code.startswith("E04") for one in found)


def is_said_legal(sizes: LegalSizes, size: int) -> bool:
    return size >= sizes.start and size % sizes.period in sizes.rests


def assert_as_tried(sizes: LegalSizes, is_legal: Callable[[int], bool], up_to: int) -> None:
    tried = [size for size in range(1, up_to) if is_legal(size)]
    assert sizes.smallest == tried[0]
    assert [size for size in tried if size >= sizes.start] == [
        size for size in range(1, up_to) if is_said_legal(sizes, size)
    ]


@pytest.mark.parametrize(
    ("network", "smallest"),
    [
        # keras.applications refuses smaller images: `min_size` of `obtain_input_shape` in inception_v3.py.
        ("keras/inceptionv3", 75),
        # Five poolings by 2, each of which needs a whole window: 2^5.
        ("vgg16", 32),
        # C5 covers S4's 5 by 5 whole: 2·(2·5 + 4) + 4.
        ("lenet5", 32),
    ],
)
def test_the_smallest_size_is_the_known_one(network: str, smallest: int) -> None:
    for sizes in legal_sizes(compile_network(network).require_graph().for_inference()):
        assert (sizes.smallest, sizes.start, sizes.period, sizes.rests) == (smallest, smallest, 1, (0,))


@pytest.mark.parametrize("network", ["vgg16", "googlenet", "torchvision/squeezenet"])
def test_trying_every_size_agrees(network: str) -> None:
    graph = compile_network(network).require_graph()
    sizes = legal_sizes(graph)
    text = text_of(network)
    for place, along in enumerate(sizes):
        dims = list(graph.inputs[0].shape.static_dims)

        def is_legal(size: int, dims: list[int | None] = dims, place: int = place) -> bool:
            return compiles(text, "image", tuple(size if at == place else dim or 0 for at, dim in enumerate(dims)))

        assert_as_tried(along, is_legal, up_to=90)


def test_branches_meet_at_the_sizes_that_are_said() -> None:
    text = net(MEETING, inputs="{image: [16, 16, 3]}")
    height, width = legal_sizes(graph_of(text))
    # The half is ceil(size / 2), and floor and ceil of its half agree where it is even: sizes 4k + 3 and 4k + 4.
    assert (height.period, height.rests) == (4, (0, 3))
    assert (width.smallest, width.period, width.rests) == (3, 4, (0, 3))
    assert_as_tried(height, lambda size: compiles(text, "image", (size, 16, 3)), up_to=40)


def test_what_hinders_one_position_less_is_said() -> None:
    height, width = legal_sizes(graph_of(net("- {conv: {filters: 2, kernel: [5, 3]}, name: c}\n- relu")))
    assert height.smallest == 5 and height.hindrance and height.hindrance.node.path == "c"
    assert height.hindrance.reason == "a window of 5x3 must fit into its input, got 4x8"
    assert width.smallest == 3


def test_weights_that_depend_on_the_size_are_named() -> None:
    height, _ = legal_sizes(
        graph_of(net("- conv: {filters: 2, kernel: 3}\n- flatten\n- {dense: 4, name: d}\n- dense: 2"))
    )
    assert [node.path for node in height.changing] == ["d"]


def test_a_network_for_one_size_has_no_other() -> None:
    height, _ = legal_sizes(graph_of(net("- reshape: [4, 16, 4]\n- conv: {filters: 2, kernel: 3}")))
    assert (height.smallest, height.rests, height.changing) == (8, (), ())


def test_inputs_of_one_size_change_together() -> None:
    graph = graph_of(net("- add", inputs="{left: [8, 9, 4], right: [8, 9, 4]}"))
    assert [(sizes.inputs, sizes.axis) for sizes in legal_sizes(graph)] == [
        (("left", "right"), "height"),
        (("left", "right"), "width"),
    ]


def test_shared_weights_must_fit_all_their_uses() -> None:
    graph = graph_of(
        net(
            """
            - add:
                one: [from: left, flatten, head]
                two: [from: right, flatten, head]
            """,
            inputs="{left: [6, 3], right: [6, 3], other: [6, 3]}",
            rest="shared: {head: [dense: 4]}",
        ).replace("layers:", "layers:\n  - {side: [{global_average_pool, from: other}], name: o}")
    )
    (length,) = legal_sizes(graph)
    assert length.rests == (0,)


def test_open_axes_have_their_legal_sizes_too() -> None:
    text = net(MEETING, inputs="{image: [rows, '?', 3]}")
    height, width = legal_sizes(graph_of(text))
    assert (height.smallest, height.period, height.rests) == (3, 4, (0, 3))
    assert (width.smallest, width.period, width.rests) == (3, 4, (0, 3))


def test_sizes_that_do_not_repeat_are_all_named() -> None:
    # The left one's half, rounded up, beside the right one's half of 9, rounded down, which is 4: 7 and 8.
    layers = """
    - {conv: {filters: 2, kernel: 3, stride: 2, padding: half}, from: left, name: a}
    - {max_pool: 2, from: right, name: b}
    - {concat, from: [a, b]}
    """
    left, right = legal_sizes(graph_of(net(layers, inputs="{left: [8, 4], right: [9, 4]}")))
    assert (left.smallest, left.rests, left.alone) == (7, (), (7, 8))
    assert (right.smallest, right.alone) == (8, (8, 9))


@BUILDS
@given(specs())
def test_trying_random_networks_agrees(spec: Spec) -> None:
    graph: Graph = graph_of(spec.text)
    shapes = spec.document["inputs"]
    for along in legal_sizes(graph):
        rank = len(graph.inputs[0].shape.dims) - 1
        place = {1: ["length"], 2: ["height", "width"], 3: ["depth", "height", "width"]}[rank].index(along.axis)
        for size in itertools.chain(range(1, 12), (17, 24)):
            resized = {
                name: [size if at == place and name in along.inputs else dim for at, dim in enumerate(dims)]
                for name, dims in shapes.items()
            }
            text = Spec({**spec.document, "inputs": resized}).text
            found = compile_spec(SourceFile("net.yaml", text)).diagnostics
            is_legal = not any(one.code.startswith("E") for one in found)
            if along.smallest is None or size < along.smallest:
                assert not is_legal, (along, size)
            elif size == along.smallest or size >= along.start:
                assert is_legal == (size == along.smallest or is_said_legal(along, size)), (along, size)
