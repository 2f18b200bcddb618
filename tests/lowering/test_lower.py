"""Names and order of the Keras calls; what each op's own rule makes is tested with the op."""

from __future__ import annotations

from archspec.ir.keras_call import Application, KerasLayer, Lowering, Variable, lower_to
from archspec.ir.shape import Shape
from archspec.lowering.lower import (
    LayerCall,
    LayerDefinition,
    NamedValue,
    PredictedValue,
    PredictedWeight,
    keras_name,
    lower_node,
)
from tests.compiled import lowered_from, net


def test_a_path_is_a_keras_name_with_dots() -> None:
    assert keras_name("stage2/unit1/conv") == "stage2.unit1.conv"


def test_layers_are_named_after_their_nodes() -> None:
    lowered = lowered_from(net("- {conv_bn: {filters: 2, kernel: 3}, name: unit}"))
    assert [one.name for one in lowered.layers] == ["unit.conv", "unit.bn"]
    assert lowered.calls == (
        LayerCall("unit.conv", ("image",), ("unit.conv",), None),
        LayerCall("unit.bn", ("unit.conv",), ("unit.bn",), None),
    )


def test_a_node_of_several_layers_names_the_others_below_itself() -> None:
    # A strided 3x3 with a row on each side is no `same` of Keras, so the border is a layer of its own.
    lowered = lowered_from(net("- {conv: {filters: 2, kernel: 3, stride: 2, padding: half}, name: first}"))
    assert [one.name for one in lowered.layers] == ["first.pad", "first"]
    assert [call.inputs for call in lowered.calls] == [("image",), ("first.pad",)]


def test_several_results_have_their_places() -> None:
    lowered = lowered_from(net("- {split: 2, name: half}\n- add"))
    assert lowered.calls[0].results == ("half:1", "half:2")
    assert lowered.calls[1].inputs == ("half:1", "half:2")
    assert [value.value for value in lowered.values] == ["half:1", "half:2", "add_1"]


def test_every_fact_for_the_proof_is_predicted() -> None:
    lowered = lowered_from(net("- {dense: 2, name: last}\n- batch_norm", inputs="{given: [3]}"))
    assert lowered.inputs == (PredictedValue("given", "given", Shape((3,))),)
    assert lowered.values[0] == PredictedValue("last", "last", Shape((2,)))
    assert lowered.weights[0] == PredictedWeight("last/kernel", "last", "kernel", (3, 2), True)
    assert [one.variable for one in lowered.weights if not one.trainable] == ["moving_mean", "moving_variance"]


def test_outputs_keep_their_names_and_order() -> None:
    text = net("- {dense: 2, name: one}\n- {dense: 3, name: two}", rest="outputs: [two, one]")
    assert lowered_from(text).outputs == (NamedValue("two", "two"), NamedValue("one", "one"))


def test_a_layer_may_be_applied_more_than_once() -> None:
    dense = KerasLayer("keras.layers.Dense", {"units": 2})
    lowering = Lowering(
        layers={"": dense, "join": KerasLayer("keras.layers.Add")},
        applications=(
            Application("", ("in/1",), ("a",)),
            Application("", ("in/2",), ("b",), training=True),
            Application("join", ("a", "b"), ("sum",)),
        ),
        outputs=("sum",),
    )
    lowered = lower_node("net.twins", lowering, ["left", "right"])
    assert lowered.layers == (
        LayerDefinition("net.twins", dense),
        LayerDefinition("net.twins.join", KerasLayer("keras.layers.Add")),
    )
    # Results are called after their layer, so those of two applications of one layer must not be taken for each other.
    assert lowered.calls == (
        LayerCall("net.twins", ("left",), ("net.twins",), None),
        LayerCall("net.twins", ("right",), ("net.twins#2",), True),
        LayerCall("net.twins.join", ("net.twins", "net.twins#2"), ("net.twins.join",), None),
    )


def test_the_usual_lowering_is_a_chain() -> None:
    before, after = KerasLayer("keras.layers.ZeroPadding1D"), KerasLayer("keras.layers.ReLU")
    layer = KerasLayer("keras.layers.Conv1D")
    lowering = lower_to(layer, weights={"kernel": "kernel"}, before={"pad": before}, after={"act": after})
    assert [(one.layer, one.inputs, one.results) for one in lowering.applications] == [
        ("pad", ("in/1",), ("pad",)),
        ("", ("pad",), ("out",)),
        ("act", ("out",), ("act",)),
    ]
    assert lowering.outputs == ("act",)
    assert lowering.variables == {"kernel": Variable("", "kernel")}


def test_the_longest_chain_counts_calls_one_after_another() -> None:
    # pad and convolution; then the longer of two branches, 2 and 0 calls; then the join: 2 + 2 + 1.
    layers = """
    - conv: {filters: 2, kernel: 3, stride: 2, padding: half}
    - add: {main: [relu, tanh], skip: []}
    """
    assert lowered_from(net(layers)).longest_chain == 5
    assert lowered_from(net("- {repeat: 0, layers: [relu]}")).longest_chain == 0
