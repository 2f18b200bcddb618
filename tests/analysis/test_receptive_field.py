"""Receptive fields: published ones, and the positions that the gradient of the built model reaches."""

from __future__ import annotations

import itertools
from fractions import Fraction

import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archspec.analysis.receptive_field import AxisField, Part, receptive_fields
from archspec.compiler import lower_graph
from archspec.ir.graph import Graph
from archspec.ir.op import Op
from archspec.ir.shape import is_known
from archspec.keras_backend.build import build
from tests.compiled import graph_of, net
from tests.gradient_support import hull, support
from tests.networks import compile_network
from tests.strategies import Spec, specs
from tests.test_properties import BUILDS

CHOOSES = {"max_pool", "relu", "relu6", "hard_sigmoid", "hard_swish", "maximum", "softmax", "lp_pool"}
"""Ops whose gradient may be zero, or too small for a float, where the value does depend on the position."""

COARSE = {"reshape", "concat", "crop"}
"""Ops of whose output a position may see less than is said: after a reshape and along a concatenated axis all is said
to see all, and behind a crop that is padded again there are zeros where there was an input."""


def axes(graph: Graph, path: str, name: str = "image") -> tuple[AxisField, ...]:
    fields = receptive_fields(graph)[path]
    assert fields is not None
    return fields[name]


@pytest.mark.parametrize(
    ("network", "path", "extent", "step"),
    [
        # Araujo, Norris, Sim, "Computing receptive fields of convolutional neural networks", Distill, 2019, table 1.
        ("vgg16", "max_pool_5", 212, 32),
        ("resnet50", "conv5/unit3/relu_1", 483, 32),
        ("keras/mobilenet", None, 315, 32),
        # The same at the convolution over the whole map: fc6 of VGG-16 as a convolution sees 404 positions
        # (Long, Shelhamer, Darrell, arXiv:1411.4038, table 1).
        ("vgg16", "fc6", 404, 0),
    ],
)
def test_published_networks_have_the_published_fields(network: str, path: str | None, extent: int, step: int) -> None:
    graph = compile_network(network).require_graph().for_inference()
    last_map = [node.path for node in graph.nodes if node.shapes[0].rank == 3 and node.shapes[0].dims[0] != 1][-1]
    for axis in axes(graph, path or last_map):
        assert (axis.extent, axis.step) == (extent, step)


def test_windows_add_up_as_by_hand() -> None:
    # 3 wide, then pooled by 2: 4 wide at a step of 2; a dilated 3 spans 5, so 4 + 2·4 = 12, padded by 2·2 before.
    graph = graph_of(
        net(
            """
            - {conv: {filters: 2, kernel: 3}, name: a}
            - {average_pool: 2, name: b}
            - {conv: {filters: 2, kernel: 3, dilation: 2, padding: half}, name: c}
            - {crop: [[1, 0], [0, 1]], name: d}
            """,
            inputs="{image: [20, 20, 4]}",
        )
    )
    assert axes(graph, "b") == (AxisField((Part(2, 0, 4),), 9),) * 2
    assert axes(graph, "c") == (AxisField((Part(2, -4, 12),), 9),) * 2
    assert [axis.parts[0].first for axis in axes(graph, "d")] == [-2, -4]
    assert [axis.centre for axis in axes(graph, "d")] == [Fraction(7, 2), Fraction(3, 2)]


def test_a_gate_sees_the_whole_map_and_so_does_what_it_gates() -> None:
    graph = graph_of(
        net(
            """
            - multiply:
                all: []
                gate: [global_average_pool: {keep_dims: true}]
            """
        )
    )
    (height, _) = axes(graph, "multiply_1")
    assert height.parts == (Part(0, 0, 8), Part(1, 0, 1))
    assert (height.extent, height.step, height.centre) == (8, 1, None)


def test_fields_stay_known_where_sizes_are_open() -> None:
    layers = "- conv: {filters: 2, kernel: 3, stride: 2, padding: same}\n- conv: {filters: 2, kernel: 3}"
    graph = graph_of(net(layers + "\n- global_average_pool", inputs="{image: [height, '?', 3]}"))
    assert [(axis.extent, axis.step, axis.centre) for axis in axes(graph, "conv_2")] == [(7, 4 // 2, None)] * 2
    pooled = axes(graph, "global_average_pool_1")
    # The last of (height + 1)//2 - 2 positions begins 2 further for each: 2·((height + 1)//2 - 3) + 7.
    assert [str(axis.extent) for axis in pooled] == ["2*((height + 1)//2) + 1", "None"]


def test_after_an_op_that_does_not_say_nothing_is_claimed(monkeypatch: pytest.MonkeyPatch) -> None:
    graph = graph_of(net("- relu\n- dense: 2"))
    monkeypatch.setattr(type(graph.nodes[0].op), "reach", Op.reach)
    assert receptive_fields(graph) == {"relu_1": None, "dense_1": None}


LINEAR = {
    "a stride and paddings": """
        - {conv: {filters: 2, kernel: 3, stride: 2, padding: half}}
        - {depthwise_conv: {kernel: [3, 5], padding: same}}
        - {average_pool: {size: 2, stride: 1}}
        """,
    "same padding with a stride": """
        - {conv: {filters: 2, kernel: [2, 5], stride: [2, 3], padding: same}}
        - {conv: {filters: 2, kernel: 3, padding: same}}
        """,
    "dilation and margins": """
        - {pad: [[2, 1], [0, 3]]}
        - {conv: {filters: 2, kernel: 2, dilation: 3}}
        - {weighted_average_pool: {size: 3, stride: 2}}
        """,
    "branches of different widths": """
        - add:
            wide: [{conv: {filters: 3, kernel: 5, padding: half}}, {conv: {filters: 3, kernel: 3, padding: half}}]
            narrow: [{conv: {filters: 3, kernel: 1}}]
        - {trainable_pool: 2}
        """,
    "branches that are not centred alike": """
        - add:
            right: [{conv: {filters: 3, kernel: 3, padding: [[0, 2], [0, 2]]}}]
            left: [{conv: {filters: 3, kernel: 2, padding: [[1, 0], [1, 0]]}}]
        """,
    "a part of the channels": """
        - {split: 2, name: half}
        - concat:
            one: [from: half/1]
            two: [{conv: {filters: 2, kernel: 3, padding: half}, from: half/2}]
        - {channel_shuffle: 2}
        """,
}


@pytest.mark.parametrize("layers", LINEAR.values(), ids=LINEAR.keys())
def test_the_gradient_of_a_linear_network_reaches_just_what_the_field_says(layers: str) -> None:
    graph = graph_of(net(layers, inputs="{image: [17, 19, 4]}"))
    lowered = lower_graph(graph)
    model = build(lowered).model
    batch = {"image": np.random.default_rng(0).normal(size=(4, 17, 19, 4)).astype("float32")}
    last = graph.nodes[-1]
    height, width = last.shapes[0].static_dims[:-1]
    assert height and width
    within = 0
    for position in itertools.product(range(0, height, 2), range(0, width, 3)):
        said = expected(axes(graph, last.path), position)
        found = hull(support(model, batch, 0, position)["image"])
        cut = tuple((max(low, 0), min(high, size - 1)) for (low, high), size in zip(said, (17, 19), strict=True))
        assert found == cut
        within += said == cut
    assert within >= 2


@BUILDS
@given(specs(), st.data())
def test_the_gradient_reaches_no_more_than_the_field_says(spec: Spec, data: st.DataObject) -> None:
    graph = graph_of(spec.text).for_inference()
    lowered = lower_graph(graph)
    built = build(lowered)
    node = data.draw(st.sampled_from(graph.nodes))
    position = tuple(data.draw(st.integers(0, size - 1)) for size in node.shapes[0].dims[:-1] if is_known(size))
    first = next(value for value in lowered.values if value.path == node.path)
    inputs = {one.value: built.values[one.value] for one in lowered.inputs}
    model = keras.Model(inputs if len(inputs) > 1 else next(iter(inputs.values())), built.values[first.value])
    rng = np.random.default_rng(0)
    batch = {name: rng.normal(size=(32, *tensor.shape[1:])).astype("float32") for name, tensor in inputs.items()}
    fields = receptive_fields(graph)[node.path]
    assert fields is not None
    words = {one.word for one in graph.nodes}
    for name, seen in support(model, batch, 0, position).items():
        found = hull(seen)
        if name not in fields:
            assert found is None
            continue
        said = expected(fields[name], position)
        if found is not None and "crop" not in words:  # copies that pad what was cropped reach past the windows
            assert all(low <= first and last <= high for (low, high), (first, last) in zip(said, found, strict=True))
        is_within = all(low >= 0 and high < size for (low, high), size in zip(said, seen.shape, strict=True))
        if is_within and not words & (CHOOSES | COARSE):
            assert found == said


def expected(fields: tuple[AxisField, ...], position: tuple[int, ...]) -> tuple[tuple[int, int], ...]:
    """The first and last input position along each axis that the value at `position` sees, by its field."""
    places = position if len(position) == len(fields) else (0,) * len(fields)
    said = []
    for axis, place in zip(fields, places, strict=True):
        ends = []
        for part in axis.parts:
            assert is_known(part.first) and is_known(part.extent)
            ends.append((place * part.step + part.first, place * part.step + part.first + part.extent - 1))
        said.append((min(low for low, _ in ends), max(high for _, high in ends)))
    return tuple(said)
