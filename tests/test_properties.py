"""What holds of every network: tried on random specs (`strategies`), each built and proven by Keras."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import keras
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archspec.compiler import lower_graph
from archspec.emission.keras_source import emit
from archspec.ir.graph import Graph
from archspec.ir.printer import print_graph
from archspec.ir.shape import Shape
from archspec.ir.verify import broken_rules
from archspec.keras_backend.build import build
from archspec.keras_backend.proof import prove
from archspec.report.summary import summary_json
from tests.compiled import compiled, graph_of
from tests.emission.running import run_source
from tests.strategies import At, Spec, specs, unnamed_items

BUILDS = settings(
    max_examples=60,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
GRAPHS = settings(BUILDS, max_examples=100)


@pytest.fixture(autouse=True, scope="module")
def _forget_models() -> Iterator[None]:
    yield
    keras.backend.clear_session()


@GRAPHS
@given(specs())
def test_graphs_keep_every_rule(spec: Spec) -> None:
    graph = graph_of(spec.text)
    assert broken_rules(graph) == ()


@GRAPHS
@given(specs())
def test_a_spec_compiles_to_the_same_graph_again(spec: Spec) -> None:
    assert print_graph(graph_of(spec.text)) == print_graph(graph_of(spec.text))


@GRAPHS
@given(st.data())
def test_an_unnamed_repeat_is_its_copies(data: st.DataObject) -> None:
    items = data.draw(unnamed_items(At((6, 7), 4)))
    count = data.draw(st.integers(0, 3))
    around = data.draw(unnamed_items(At((6, 7), 4)))
    loop = [*around, {"repeat": count, "layers": items}, *around]
    copies = [*around, *items * count, *around]
    assert print_graph(graph_of(spec_of(loop))) == print_graph(graph_of(spec_of(copies)))


def spec_of(layers: list[Any]) -> str:
    return Spec({"archspec": 1, "name": "net", "inputs": {"image": [6, 7, 4]}, "layers": layers}).text


@BUILDS
@given(specs())
def test_inference_is_what_keras_builds(spec: Spec) -> None:
    graph = graph_of(spec.text)
    lowered = lower_graph(graph)
    built = build(lowered)
    assert prove(lowered, built).differences == ()
    for value in lowered.values:
        assert Shape(tuple(built.values[value.value].shape[1:])) == value.shape
    assert_weights(graph, built.model)
    totals: Any = summary_json(graph)["totals"]
    assert totals["params"] == built.model.count_params()
    assert totals["trainable"] == sum(int(np.prod(weight.shape)) for weight in built.model.trainable_weights)


def assert_weights(graph: Graph, model: Any) -> None:
    """Every weight of the model under the path that the graph gives it, found without the proof."""
    built = {(weight.path.replace(".", "/"), tuple(weight.shape), weight.trainable) for weight in model.weights}
    expected = {
        (f"{node.path}/{weight.name}", weight.shape, weight.trainable)
        for node in graph.nodes
        for weight in node.weights
    }
    assert built == expected


@BUILDS
@given(specs())
def test_emitted_source_is_the_built_model(spec: Spec) -> None:
    lowered = lower_graph(graph_of(spec.text))
    model = build(lowered).model
    emitted = run_source(emit(lowered))
    assert [layer.name for layer in emitted.layers] == [layer.name for layer in model.layers]
    assert shapes_of(emitted) == shapes_of(model)
    random = np.random.default_rng(0)
    weights = [random.uniform(0.1, 0.6, size=weight.shape) for weight in model.weights]
    model.set_weights(weights)
    emitted.set_weights(weights)
    assert_equal_outputs(model, emitted, random)


def shapes_of(model: Any) -> list[tuple[str, tuple[int, ...], bool]]:
    return [(weight.path, tuple(weight.shape), weight.trainable) for weight in model.weights]


def assert_equal_outputs(left: Any, right: Any, random: np.random.Generator) -> None:
    def values(structure: Any) -> dict[str, Any]:
        return structure if isinstance(structure, dict) else {"": structure}

    given = {name: random.normal(size=(2, *tensor.shape[1:])) for name, tensor in values(left.input).items()}
    inputs = given if isinstance(left.input, dict) else given[""]
    first, second = values(left(inputs)), values(right(inputs))
    assert first.keys() == second.keys()
    for name, array in first.items():
        np.testing.assert_allclose(array, second[name], rtol=1e-5, atol=1e-6)


@BUILDS
@given(specs(), st.data())
def test_a_mistake_added_to_a_sound_spec_is_found_at_its_line(spec: Spec, data: st.DataObject) -> None:
    # Appended, so that the lines before it stay sound.
    document = copy.deepcopy(spec.document)
    mistake = data.draw(
        st.sampled_from([{"conv": {"filters": 0, "kernel": 1}}, "covn", {"relu": None, "from": "nowhere"}])
    )
    document["layers"].append(mistake)
    found = compiled(Spec(document).text).diagnostics
    assert found
    last = Spec(document).text.rstrip().count("\n") + 1
    assert {one.position[0] for one in found if one.severity.value == "error"} == {last}
