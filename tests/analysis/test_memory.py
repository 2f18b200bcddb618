"""Memory: counts by hand on small networks, what fits, and Keras' own optimizers. Against TensorFlow: tools/bench."""

from __future__ import annotations

import keras
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archspec.analysis.liveness import Unsized, Walk
from archspec.analysis.memory import (
    OPTIMIZERS,
    inference_memory,
    inference_peak,
    largest_batch,
    training_memory,
    training_peak,
)
from archspec.ir.op import Op
from tests.compiled import compiled, graph_of, net
from tests.networks import compile_network, with_variants
from tests.strategies import Spec, specs
from tests.test_properties import GRAPHS

F = 4
"""Bytes of a value."""


def test_a_chain_holds_two_values_at_once_in_inference() -> None:
    # 256 in; 8·8·2 = 128 and 8·8·4 = 256 out. At the second one: the inputs, what it reads, what it gives.
    graph = graph_of(net("- conv: {filters: 2, kernel: 1}\n- conv: {filters: 4, kernel: 1}\n- flatten"))
    found = inference_memory(graph)
    assert found.weights == F * (4 * 2 + 2 + 2 * 4 + 4)
    assert (found.step, found.moment.path) == (F * (256 + 128 + 256), "conv_2")


def test_what_runs_in_place_takes_nothing_more() -> None:
    graph = graph_of(net("- conv: {filters: 2, kernel: 1}\n- relu\n- dropout: 0.5\n- flatten"))
    assert inference_memory(graph).step == F * (256 + 128)


def test_what_another_line_still_needs_is_not_written_over() -> None:
    layers = "- {conv: {filters: 2, kernel: 1}, name: c}\n- add: {a: [relu], b: []}"
    # The rectifier's result beside the convolution's, and the sum in place of the first.
    assert inference_memory(graph_of(net(layers))).step == F * (256 + 128 + 128)


def test_a_training_step_keeps_what_gradients_need() -> None:
    graph = graph_of(net("- conv: {filters: 2, kernel: 1, bias: false}\n- relu\n- flatten\n- dense: 3"))
    found = training_memory(graph, batch=10)
    # Kept: the inputs (256), the rectifier's result (128), in place of the convolution's, and the outputs (3).
    assert found.kept == F * 10 * (256 + 128 + 3)
    # At the dense layer: its outputs' gradient (3) in place of its outputs, its input's (128), its kernel's (128·3),
    # and the new kernel beside the old.
    assert found.step == F * 10 * (256 + 128 + 3 + 128) + 2 * F * 128 * 3
    assert (found.moment.path, found.moment.is_backward) == ("dense_1", True)


def test_a_batch_norm_keeps_its_input_and_a_pool_both_sides() -> None:
    graph = graph_of(
        net("- {conv: {filters: 2, kernel: 1}}\n- batch_norm\n- relu\n- max_pool: 2\n- flatten\n- dense: 1")
    )
    # 256 in, the convolution's 128, the rectifier's 128, the pool's 32, which is the dense layer's input, and 1 out.
    assert training_memory(graph, 1).kept == F * (256 + 128 + 128 + 32 + 1)


def test_a_padded_copy_takes_the_inputs_place() -> None:
    padded = graph_of(net("- relu\n- {conv: {filters: 1, kernel: 3, stride: 2, padding: half}}"))
    # 256 in, which the rectifier does not write over, since it is the caller's; its result 256; the copy 10·10·4.
    assert inference_memory(padded).step == F * (256 + 256 + 400)
    assert inference_memory(graph_of(net("- relu\n- {conv: {filters: 1, kernel: 3, padding: half}}"))).step == F * (
        256 + 256 + 64
    )


def test_layers_that_nothing_trains_before_have_no_gradient() -> None:
    frozen = graph_of(net("- average_pool: 2\n- flatten\n- dense: 1"))
    # In: 256; pooled: 64; out: 1. Backward: the outputs' gradient in their place, the kernel's 64, and the new kernel.
    assert training_memory(frozen, 1).step == F * (256 + 64 + 1 + 64 + 64)


def test_gradients_of_weights_stay_until_all_are_there() -> None:
    layers = "\n".join(["- {dense: {units: 100, bias: false}}"] * 5)
    found = training_memory(graph_of(net(layers, inputs="{x: [100]}")), 1)
    # Five gradients of 100·100, and the last new weight beside its old value; activations are 100 each.
    assert 0 <= found.step - F * (5 + 1) * 100 * 100 <= F * 10 * 100


def test_a_weight_used_twice_has_one_gradient() -> None:
    layers = "- {tower, from: left, name: a}\n- {tower, from: right, name: b}\n- {add, from: [a, b]}"
    text = net(layers, inputs="{left: [100], right: [100]}", rest="shared: {tower: [dense: {units: 100, bias: false}]}")
    found = training_memory(graph_of(text), 1)
    # The second use's is there beside the first's until it is added; then the new weight beside the old.
    assert 0 <= found.step - F * 2 * 100 * 100 <= F * 10 * 100


def test_what_each_layer_keeps_adds_up() -> None:
    found = training_memory(compile_network("resnet50").require_graph(), 2)
    assert sum(found.kept_by.values()) == found.kept


def test_an_op_that_does_not_say_keeps_all(monkeypatch: pytest.MonkeyPatch) -> None:
    graph = graph_of(net("- conv: {filters: 2, kernel: 1}\n- relu\n- flatten\n- dense: 1"))
    before = training_memory(graph, 1).kept
    monkeypatch.setattr(type(graph.nodes[1].op), "footprint", Op.footprint)
    assert training_memory(graph, 1).kept == before + F * 128


def test_half_precision_halves_activations_and_adds_copies_of_weights() -> None:
    graph = graph_of(net("- conv: {filters: 2, kernel: 1, bias: false}\n- relu\n- flatten"))
    found = inference_memory(graph, precision="float16")
    assert found.weights == F * 8
    assert found.step == 2 * (256 + 128) + 2 * 8


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_the_optimizers_state_is_that_of_keras(name: str) -> None:
    word, _, with_momentum = name.partition(" with ")
    made = keras.optimizers.get("sgd" if word == "momentum" else word)
    if with_momentum or word == "momentum":
        made.momentum = 0.9
    weight = keras.Variable([1.0, 2.0, 3.0])
    made.build([weight])
    slots = [variable for variable in made.variables if variable.shape == weight.shape]
    assert len(slots) == OPTIMIZERS[name].state


def test_the_largest_batch_is_the_last_within_the_budget() -> None:
    graph = graph_of(net("- conv: {filters: 2, kernel: 1}\n- flatten"))
    one = inference_memory(graph)
    each = one.step
    budget = one.weights + 37 * each
    assert largest_batch(lambda batch: inference_memory(graph, batch), budget) == 37
    assert largest_batch(lambda batch: inference_memory(graph, batch), budget - 1) == 36
    assert largest_batch(lambda batch: inference_memory(graph, batch), one.weights) == 0


def test_an_open_size_leaves_memory_open() -> None:
    graph = graph_of(net("- relu\n- global_average_pool", inputs="{image: [height, 8, 3]}"))
    assert inference_peak(graph) is None and training_peak(graph) is None
    with pytest.raises(Unsized, match="image"):
        inference_memory(graph)


@pytest.mark.parametrize(("name", "variant"), list(with_variants()))
def test_a_step_gives_back_all_but_its_inputs_and_outputs(name: str, variant: str | None) -> None:
    graph = compile_network(name, variant).require_graph()
    if not all(isinstance(given.shape.size, int) for given in graph.inputs):
        return  # of an open size nothing can be said in bytes
    inputs = sum(given.shape.size for given in graph.inputs if isinstance(given.shape.size, int)) * F
    outputs = {output.value: output.shape.size for output in graph.for_inference().outputs}
    walk = Walk(graph.for_inference(), 1)
    walk.infer()
    assert walk.taken == inputs + F * sum(size for size in outputs.values() if isinstance(size, int))
    walk = Walk(graph, 1)
    walk.train()
    assert walk.taken == inputs


@GRAPHS
@given(specs(), st.integers(1, 5))
def test_random_steps_give_back_all_and_grow_with_the_batch(spec: Spec, batch: int) -> None:
    graph = graph_of(spec.text)
    walk = Walk(graph, batch)
    moment = walk.train()
    inputs = sum(given.shape.size for given in graph.inputs if isinstance(given.shape.size, int)) * F * batch
    assert inputs <= walk.taken <= moment.size
    assert moment.size < Walk(graph, batch + 1).train().size
    assert Walk(graph.for_inference(), batch).infer().size <= moment.size


def test_contracts_speak_of_memory() -> None:
    # Inputs 256, the convolution's 128: 384 values, and 10 weights.
    layers = "- conv: {filters: 2, kernel: 1}\n- flatten"
    assert not compiled(net(layers, rest=f"expect: {{memory: {F * 394}}}")).diagnostics
    (found,) = compiled(net(layers, rest="expect: {memory: <= 1500}")).diagnostics
    assert found.headline == "`memory` is 1,576, and the contract says `<= 1500`"
    assert not compiled(net(layers, rest="expect: {memory: {inference: <= 1576, training: <= 3K}}")).diagnostics
