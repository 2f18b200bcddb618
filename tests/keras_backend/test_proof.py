"""The proof: silent on a true prediction, loud on every kind of false one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

import archspec
from archspec.ir.keras_call import KerasLayer
from archspec.ir.shape import Shape
from archspec.keras_backend import proof
from archspec.keras_backend.build import BuiltModel, build
from archspec.keras_backend.proof import prove
from archspec.lowering.lower import LoweredModel
from tests.compiled import lowered_from, net

SPEC = net(
    """
    - {conv: {filters: 3, kernel: 3}, name: first}
    - {batch_norm, name: norm}
    - flatten
    - {dense: 2, name: last}
    """
)


@pytest.fixture(scope="module")
def lowered() -> LoweredModel:
    return lowered_from(SPEC)


@pytest.fixture(scope="module")
def built(lowered: LoweredModel) -> BuiltModel:
    return build(lowered)


def differences(lowered: LoweredModel, built: BuiltModel) -> list[str]:
    return [str(found) for found in prove(lowered, built).differences]


def test_a_true_prediction_is_proven_and_counted(lowered: LoweredModel, built: BuiltModel) -> None:
    found = prove(lowered, built)
    # 4 nodes; kernel and bias twice, and gamma, beta, mean, variance; 3·3·4·3 + 3, 4·3, 6·6·3·2 + 2.
    assert (found.values, found.weights, found.params) == (4, 8, 111 + 12 + 218)
    assert found.differences == ()


def test_a_false_shape_of_a_node_is_found(lowered: LoweredModel, built: BuiltModel) -> None:
    first, *others = lowered.values
    false = replace(lowered, values=(replace(first, shape=Shape((6, 6, 4))), *others))
    assert differences(false, built) == ["first: shape predicted (6, 6, 4), built (6, 6, 3)"]


def test_a_false_rank_of_a_node_is_found(lowered: LoweredModel, built: BuiltModel) -> None:
    first, *others = lowered.values
    false = replace(lowered, values=(replace(first, shape=Shape((6, 6))), *others))
    assert differences(false, built) == ["first: shape predicted (6, 6), built (6, 6, 3)"]


def test_a_false_shape_of_an_input_is_found(lowered: LoweredModel, built: BuiltModel) -> None:
    false = replace(lowered, inputs=(replace(lowered.inputs[0], shape=Shape((8, 9, 4))),))
    assert differences(false, built) == ["image: shape predicted (8, 9, 4), built (8, 8, 4)"]


def test_a_false_shape_of_a_weight_is_found(lowered: LoweredModel, built: BuiltModel) -> None:
    first, *others = lowered.weights
    false = replace(lowered, weights=(replace(first, shape=(3, 4, 3, 3)), *others))  # as many values
    assert differences(false, built) == ["first/kernel: shape predicted (3, 4, 3, 3), built (3, 3, 4, 3)"]


def test_a_weight_that_was_not_built_is_found(lowered: LoweredModel, built: BuiltModel) -> None:
    more = replace(lowered.weights[0], path="first/gate", variable="gate", shape=(5,))
    assert differences(replace(lowered, weights=(*lowered.weights, more)), built) == [
        "first/gate: weight predicted (5,), built none",
        "net: params predicted 346, built 341",
    ]


def test_a_weight_that_nobody_predicted_is_found(lowered: LoweredModel, built: BuiltModel) -> None:
    false = replace(lowered, weights=lowered.weights[:1] + lowered.weights[2:])
    assert differences(false, built) == [
        "first/bias: weight predicted none, built (3,)",
        "net: params predicted 338, built 341",
    ]


def test_a_false_trainability_is_found(lowered: LoweredModel, built: BuiltModel) -> None:
    place = next(place for place, one in enumerate(lowered.weights) if one.variable == "moving_mean")
    weights = list(lowered.weights)
    weights[place] = replace(weights[place], trainable=True)
    assert differences(replace(lowered, weights=tuple(weights)), built) == [
        "norm/moving_mean: trainable predicted True, built False"
    ]


def test_weights_that_stand_outside_every_layer_are_found(lowered: LoweredModel, built: BuiltModel) -> None:
    class Another:
        name = "net"

        def count_params(self) -> int:
            return 342

    assert differences(lowered, replace(built, model=Another())) == ["net: params predicted 341, built 342"]


def test_two_weights_of_one_name_are_both_seen() -> None:
    lowered = lowered_from(net("- {dense: 2, name: last}", inputs="{given: [3]}"))
    built = build(lowered)

    class Twice:
        weights = (*built.layers["last"].weights, built.layers["last"].weights[0])

    doubled = replace(built, layers={"last": Twice()})
    assert differences(lowered, doubled) == []  # the same variable again is no other weight
    other = build(lowered).layers["last"].weights[0]
    Twice.weights = (*built.layers["last"].weights, other)
    assert differences(lowered, replace(built, layers={"last": Twice()})) == [
        "last/kernel: weight predicted none, built (3, 2)"
    ]


def test_weights_of_layers_inside_a_layer_are_told_apart() -> None:
    lowered = lowered_from(net("- {attention: {heads: 2, head_width: 3}, name: mix}", inputs="{given: [5, 4]}"))
    built = build(lowered)
    assert differences(lowered, built) == []
    # Four kernels and four biases; the one of the output is 2·3 by 4, those before it 4 by 2·3.
    swapped = {"query/kernel": "attention_output/kernel", "attention_output/kernel": "query/kernel"}
    weights = tuple(replace(one, variable=swapped.get(one.variable, one.variable)) for one in lowered.weights)
    assert differences(replace(lowered, weights=weights), built) == [
        "mix/query/kernel: shape predicted (4, 2, 3), built (2, 3, 4)",
        "mix/attention_output/kernel: shape predicted (2, 3, 4), built (4, 2, 3)",
    ]


def test_a_layer_that_computes_something_else_is_found(lowered: LoweredModel) -> None:
    layers = list(lowered.layers)
    place = next(place for place, one in enumerate(layers) if one.name == "first")
    stride = KerasLayer("keras.layers.Conv2D", {**layers[place].layer.kwargs, "strides": (2, 2)})
    layers[place] = replace(layers[place], layer=stride)
    changed = replace(lowered, layers=tuple(layers))
    found = differences(changed, build(changed))
    assert found[0] == "first: shape predicted (6, 6, 3), built (3, 3, 3)"
    assert "last/kernel: shape predicted (108, 2), built (27, 2)" in found


def test_a_difference_fails_the_build(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    spec = tmp_path / "net.yaml"
    spec.write_text(SPEC)
    true = proof.prove

    def doubt(lowered: LoweredModel, built: BuiltModel) -> proof.Proof:
        return true(replace(lowered, weights=lowered.weights[1:]), built)

    monkeypatch.setattr(proof, "prove", doubt)
    with pytest.raises(AssertionError, match=r"first/kernel: weight predicted none, built \(3, 3, 4, 3\)"):
        archspec.build_model(spec)
