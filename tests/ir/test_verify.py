"""The rules of a graph: every shipped spec keeps them, and each one that is broken is found."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from archspec import zoo
from archspec.api import compile_spec, open_spec
from archspec.ir.graph import Graph, Value
from archspec.ir.shape import Shape
from archspec.ir.verify import broken_rules
from tests.compiled import graph_of, net


@pytest.mark.parametrize("name", zoo.names())
def test_shipped_specs_keep_every_rule(name: str) -> None:
    graph = compile_spec(open_spec(name)).require_graph()
    assert broken_rules(graph) == ()
    assert broken_rules(graph.for_inference()) == ()


SOUND = graph_of(
    net(
        "- {dense: 3, name: one}\n- {dense: 2, name: two}\n- {side: [{relu, name: act}], name: head, only: training}",
        inputs="{given: [4]}",
        rest="outputs: [two, head]",
    )
)
ONE, TWO, HEAD = SOUND.nodes
OUTPUT, TRAINING_OUTPUT = SOUND.outputs


def of(*, nodes: object = SOUND.nodes, outputs: object = SOUND.outputs, inputs: object = SOUND.inputs) -> Graph:
    return Graph("net", inputs, nodes, outputs)  # type: ignore[arg-type]


BROKEN: dict[str, Callable[[], Graph]] = {
    "one: two values have this path": lambda: of(nodes=(ONE, ONE._replace(), TWO, HEAD)),
    "given: two values have this path": lambda: of(nodes=(ONE._replace(path="given"), TWO, HEAD)),
    "a.b: a path is names": lambda: of(nodes=(ONE._replace(path="a.b"), TWO._replace(inputs=(Value("a.b"),)), HEAD)),
    "two: two outputs have this name": lambda: of(outputs=(OUTPUT, OUTPUT, TRAINING_OUTPUT)),
    "one: gives no value": lambda: of(nodes=(ONE._replace(shapes=()), TWO, HEAD)),
    "one: reads 1 values with 0 shapes": lambda: of(nodes=(ONE._replace(input_shapes=()), TWO, HEAD)),
    "one: reads 0 values with 0 shapes": lambda: of(nodes=(ONE._replace(inputs=(), input_shapes=()), TWO, HEAD)),
    "one: reads two, which does not stand before it": lambda: of(
        nodes=(ONE._replace(inputs=(Value("two"),)), TWO, HEAD)
    ),
    "two: reads one/2, which does not": lambda: of(nodes=(ONE, TWO._replace(inputs=(Value("one", 2),)), HEAD)),
    "two: was inferred from (5)": lambda: of(nodes=(ONE, TWO._replace(input_shapes=(Shape((5,)),)), HEAD)),
    "two: stays for inference": lambda: of(nodes=(ONE._replace(training_only=True), TWO, HEAD)),
    "one: two weights have one name": lambda: of(nodes=(ONE._replace(weights=ONE.weights * 2), TWO, HEAD)),
    "net: gives nothing": lambda: of(outputs=()),
    "two: is (7) and stands for two, (2)": lambda: of(outputs=(OUTPUT._replace(shape=Shape((7,))), TRAINING_OUTPUT)),
    "head: is not marked": lambda: of(outputs=(OUTPUT, TRAINING_OUTPUT._replace(training_only=False))),
    "head/act: no output depends on it": lambda: of(outputs=(OUTPUT,)),
}


@pytest.mark.parametrize("said", BROKEN)
def test_a_broken_rule_is_found(said: str) -> None:
    assert broken_rules(SOUND) == ()
    assert any(found.startswith(said) for found in broken_rules(BROKEN[said]())), broken_rules(BROKEN[said]())
