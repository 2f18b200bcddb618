"""Differences are exact, the same both ways, and show the edit and not what it sets off."""

from __future__ import annotations

import textwrap
import time
from collections import Counter
from operator import sub

import pytest
from hypothesis import given, settings

from archspec.analysis.difference import difference
from archspec.analysis.difference.changes import Difference, Kind, Rewired
from archspec.ir.graph import Graph
from archspec.ir.shape import map_dims
from tests.compiled import graph_of, net
from tests.networks import compile_network
from tests.strategies import Spec, specs

CHAIN = "- conv: {filters: 4, kernel: 1}\n- relu\n"


def between(old: str, new: str, *, inputs: str = "{image: [8, 8, 4]}", rest: str = "") -> Difference:
    """The difference of two nets, by their layers."""
    return difference(graph_of(net(old, inputs=inputs, rest=rest)), graph_of(net(new, inputs=inputs, rest=rest)))


def told(found: Difference) -> dict[str, list[object]]:
    """What a difference says, by kind: paths, two of them where they differ."""
    said: dict[str, list[object]] = {}
    for pair in found.pairs:
        paths = (pair.old.node.path, pair.new.node.path)
        if pair.kind is not Kind.SAME:
            said.setdefault(pair.kind.value, []).append(paths[0] if paths[0] == paths[1] else paths)
    for kind, parts in (("added", found.added), ("removed", found.removed)):
        if parts:
            said[kind] = [part.node.path for part in parts]
    return said


# Exactness


@settings(max_examples=60, deadline=None)
@given(specs(), specs())
def test_every_node_of_both_is_accounted_for_once(left: Spec, right: Spec) -> None:
    old, new = graph_of(left.text), graph_of(right.text)
    found = difference(old, new)
    before = [pair.old.node.path for pair in found.pairs] + [part.node.path for part in found.removed]
    after = [pair.new.node.path for pair in found.pairs] + [part.node.path for part in found.added]
    assert Counter(before) == Counter(node.path for node in old.nodes)
    assert Counter(after) == Counter(node.path for node in new.nodes)


@settings(max_examples=40, deadline=None)
@given(specs())
def test_a_graph_differs_in_nothing_from_itself(spec: Spec) -> None:
    assert difference(graph_of(spec.text), graph_of(spec.text)).is_empty


@settings(max_examples=60, deadline=None)
@given(specs(), specs())
def test_both_ways_say_the_same(left: Spec, right: Spec) -> None:
    old, new = graph_of(left.text), graph_of(right.text)
    there, back = difference(old, new), difference(new, old)
    assert {(pair.old.node.path, pair.new.node.path, pair.kind) for pair in there.pairs} == {
        (pair.new.node.path, pair.old.node.path, pair.kind) for pair in back.pairs
    }
    assert (there.added, there.removed) == (back.removed, back.added)
    assert {(one.old, one.new) for one in there.blocks} == {(one.new, one.old) for one in back.blocks}


@settings(max_examples=40, deadline=None)
@given(specs(), specs())
def test_what_is_said_to_be_the_same_is(left: Spec, right: Spec) -> None:
    for pair in difference(graph_of(left.text), graph_of(right.text)).pairs:
        old, new = pair.old.node, pair.new.node
        if pair.kind in (Kind.SAME, Kind.RENAMED, Kind.FOLLOWS):
            assert (old.word, old.op) == (new.word, new.op)
        if pair.kind in (Kind.SAME, Kind.RENAMED):
            assert (old.input_shapes, old.shapes, old.weights) == (new.input_shapes, new.shapes, new.weights)
        if pair.kind is Kind.SAME:
            assert old.path == new.path


# The edit, not what it sets off


def test_a_line_put_in_is_one_addition_and_renumbers_the_rest() -> None:
    last, extra = "- conv: {filters: 2, kernel: 3}", "- conv: {filters: 3, kernel: 1}\n"
    found = between(3 * CHAIN + last, CHAIN + extra + 2 * CHAIN + last)
    assert told(found) == {
        "added": ["conv_2"],
        # The convolution after it now takes 3 channels, where it took 4.
        "follows": [("conv_2", "conv_3")],
        "renamed": [("conv_3", "conv_4"), ("conv_4", "conv_5")],
    }


def test_an_edit_above_is_told_from_what_follows() -> None:
    rest = "\n- {batch_norm, name: b}\n- {flatten, name: c}\n- {dense: 2, name: d}"
    conv = "- {{conv: {{filters: {0}, kernel: 3}}, name: a}}"
    found = between(conv.format(4) + rest, conv.format(8) + rest)
    assert told(found) == {"changed": ["a"], "follows": ["b", "c", "d"]}
    (field,) = found.pairs[0].fields
    assert field == ("filters", 4, 8)


def test_of_two_equal_lines_the_named_one_stays() -> None:
    old = "- {dense: 9, name: fc6}\n- dropout: 0.5\n- {dense: 9, name: fc7}\n- dropout: 0.5\n- {dense: 2, name: fc8}"
    new = "- {dense: 9, name: fc7}\n- dropout: 0.5\n- {dense: 2, name: fc8}"
    found = told(between(old, new, inputs="{given: [9]}"))
    assert found["removed"] == ["fc6", "dropout_1"]


def test_a_renamed_block_keeps_its_nodes() -> None:
    layers = "- {{conv_bn_relu: {{filters: 4, kernel: 3}}, name: {0}}}\n- flatten"
    assert told(between(layers.format("stem"), layers.format("entry"))) == {
        "renamed": [(f"stem/{name}", f"entry/{name}") for name in ("conv", "bn", "relu")]
    }


def test_lines_put_into_a_block_are_moved() -> None:
    conv = "{conv: {filters: 4, kernel: 3}, name: first}"
    rest = f"blocks: {{unit: {{layers: [{conv}, relu]}}}}"
    found = between(f"- {conv}\n- relu\n- flatten", "- {unit, name: body}\n- flatten", rest=rest)
    assert told(found) == {"renamed": [("first", "body/first"), ("relu_1", "body/relu_1")]}


def test_another_op_in_the_same_role_is_an_edit() -> None:
    layers = "- conv: {{filters: 4, kernel: 1}}\n- {0}\n- flatten"
    found = between(layers.format("relu"), layers.format("gelu"))
    assert told(found) == {"changed": [("relu_1", "gelu_1")]}


def test_named_lines_that_change_places_take_other_values() -> None:
    old = "- {relu, name: a}\n- {tanh, name: b}\n- {flatten, name: c}"
    new = "- {tanh, name: b}\n- {relu, name: a}\n- {flatten, name: c}"
    found = between(old, new)
    assert told(found) == {"changed": ["b", "a", "c"]}
    assert all(pair.rewired is Rewired.OTHERS for pair in found.pairs)


def test_numbered_names_that_change_places_are_still_themselves() -> None:
    lines = ["- {dense: 9, name: fc6}", "- {dense: 5, name: fc7}"]
    found = between("\n".join(lines), "\n".join(lines[::-1]), inputs="{given: [4]}")
    assert told(found) == {"changed": ["fc7", "fc6"]}
    assert [pair.rewired for pair in found.pairs] == [Rewired.OTHERS, Rewired.OTHERS]


def test_branches_that_change_places_are_told_as_that() -> None:
    old = "- {concat: {one: [relu], two: [tanh]}, name: all}"
    new = "- {concat: {two: [tanh], one: [relu]}, name: all}"
    found = between(old, new)
    assert told(found) == {"changed": ["all"]}
    assert [pair.rewired for pair in found.pairs] == [Rewired.NOT, Rewired.NOT, Rewired.REORDERED]


def test_a_join_with_one_more_branch_is_edited() -> None:
    old = "- {concat: {one: [relu], two: [tanh]}, name: all}"
    new = "- {concat: {one: [relu], two: [tanh], three: [gelu]}, name: all}"
    assert told(between(old, new)) == {"changed": ["all"], "added": ["all/three/gelu_1"]}


def test_a_projection_in_a_shortcut_is_an_addition_alone() -> None:
    old = "- {add: {main: [relu], short: []}, name: sum}"
    new = "- {add: {main: [relu], short: [conv: {filters: 4, kernel: 1}]}, name: sum}"
    assert told(between(old, new)) == {"added": ["sum/short/conv_1"]}


def test_another_input_size_edits_no_node() -> None:
    layers = "- {conv: {filters: 2, kernel: 3}, name: a}\n- {global_average_pool, name: b}\n- {dense: 2, name: c}"
    found = difference(graph_of(net(layers)), graph_of(net(layers, inputs="{image: [16, 16, 4]}")))
    assert told(found) == {"follows": ["a", "b"]}
    assert [(str(one.old.shape), str(one.new.shape)) for one in found.inputs if one.old and one.new] == [
        ("(8, 8, 4)", "(16, 16, 4)")
    ]


def test_weights_that_are_shared_no_more_are_an_edit() -> None:
    rest = "shared: {twin: [dense: 4]}"
    old = "- {twin, name: a}\n- {twin, name: b}"
    new = "- {twin, name: a}\n- {dense: 4, name: b}"
    found = difference(
        graph_of(net(old, rest=rest, inputs="{given: [4]}")), graph_of(net(new, rest=rest, inputs="{given: [4]}"))
    )
    assert [pair.has_other_weights for pair in found.pairs] == [False, True]


def test_a_training_only_part_is_told() -> None:
    layers = "- {{side: [dense: 1], name: head{0}}}\n- {{dense: 2, name: last}}"
    rest = "outputs: [last, head]"
    old = graph_of(net(layers.format(""), inputs="{given: [4]}", rest=rest))
    new = graph_of(net(layers.format(", only: training"), inputs="{given: [4]}", rest=rest))
    assert told(difference(old, new)) == {"changed": ["head/dense_1"]}
    assert told(difference(old.for_inference(), new.for_inference())) == {"removed": ["head/dense_1"]}


# Families


def test_a_deeper_sibling_has_more_units_and_no_other_change() -> None:
    shallow, deep = (compile_network("language/resnet", name).require_graph() for name in ("resnet50", "resnet101"))
    found = difference(shallow, deep)
    said = told(found)
    assert set(said) == {"added"}
    # Table 1 of arXiv:1512.03385: conv4_x has 6 units of three convolutions, and 23.
    assert {str(path).rsplit("/", 1)[0].split("/main")[0] for path in said["added"]} == {
        f"stage3/unit{place}" for place in range(7, 24)
    }
    # 44,549,160 and 25,557,032 parameters that training changes, as torchvision publishes them.
    grown = map_dims(sub, found.after["trainable"], found.before["trainable"])
    assert grown == 44_549_160 - 25_557_032


# Size

HALF_CHANGED = "- conv: {filters: 4, kernel: 1, bias: false}\n- relu"
FAR_APART = (20, 250, 480)


def chain(nodes: int, lines: str = CHAIN, put_in: tuple[int, ...] = ()) -> Graph:
    """A chain of nodes without names, twenty at a time, with one more put in before some of the twenties."""
    twenty = "- repeat: 10\n  layers:\n" + textwrap.indent(lines, "    ")
    parts = [("- dropout: 0.5\n" if place in put_in else "") + twenty for place in range(nodes // 20)]
    return graph_of(net("\n".join(parts)))


@pytest.mark.parametrize(
    ("length", "lines", "put_in", "kinds"),
    [
        (10_000, CHAIN, FAR_APART, {"added": 3}),
        (10_000, HALF_CHANGED, (), {"changed": 5_000}),
        (10_000, HALF_CHANGED, FAR_APART, {"changed": 5_000, "added": 3}),
        (9_000, CHAIN, (), {"removed": 1_000}),
        (10_000, "- tanh\n- dropout: 0.1", (), {"added": 10_000, "removed": 10_000}),
    ],
    ids=["three put in", "every second changed", "both", "shorter", "nothing in common"],
)
def test_chains_of_thousands_take_seconds(
    length: int, lines: str, put_in: tuple[int, ...], kinds: dict[str, int]
) -> None:
    old, new = chain(10_000), chain(length, lines, put_in)
    start = time.process_time()
    found = difference(old, new)
    assert time.process_time() - start < 60  # no measurement: an end to what would take minutes
    counted = {kind: len(paths) for kind, paths in told(found).items() if kind != "renamed"}
    assert counted == kinds
