"""Shared layers, LANGUAGE part two, section 8: one set of weights, parameters once, MACs at each use.

Parameter counts are those of the formulas: a dense layer holds inputs x units + units, a convolution
k x k x in x out + out; a MAC is counted for each weight (without the bias) and output position.
"""

from __future__ import annotations

import keras
import numpy as np
import pytest

from archspec.analysis.cost import totals
from archspec.compiler import compile_spec, lower_graph
from archspec.diagnostics import SourceFile
from archspec.emission.keras_source import emit
from archspec.ir.printer import print_graph
from archspec.ir.verify import broken_rules
from archspec.keras_backend.build import build
from archspec.keras_backend.proof import prove
from archspec.report.resolved import UnresolvableGraph
from archspec.report.summary import summary_json, summary_text
from archspec.resolving import resolve
from tests.compiled import compiled, graph_of, lowered_from, net

SIAMESE = net(
    """
    - {tower, from: left, name: a}
    - {tower, from: right, name: b}
    - {concat, from: [a, b]}
    - dense: 2
    """,
    inputs="{left: [20, 20, 3], right: [32, 32, 3]}",
    rest="""
    shared:
      tower:
        - {conv: {filters: 8, kernel: 3, stride: 2, padding: same}, name: conv}
        - batch_norm
        - add:
            main: [conv: {filters: 8, kernel: 3, padding: half}]
            shortcut: []
        - global_average_pool
    """,
)
CONV, NORM, INNER, HEAD = 3 * 3 * 3 * 8 + 8, 4 * 8, 3 * 3 * 8 * 8 + 8, 16 * 2 + 2

ATTENTION = net(
    """
    - repeat: 2
      layers:
        - attention: 4
        - conv: {filters: 32, kernel: 1}
    """,
    inputs="{image: [8, 8, 16]}",
    rest="""
    blocks:
      attention:
        parameters: {ratio: int}
        shared:
          mlp: [dense: {units: $(in.channels / ratio), activation: relu}, dense: $(ratio * in.channels)]
        layers:
          - multiply:
              all: []
              gate:
                - add: {mean: [global_average_pool, mlp], most: [global_max_pool, mlp]}
                - sigmoid
                - dense: $in.channels
                - reshape: [1, 1, $in.channels]
    """,
)


def test_parameters_are_counted_once_and_macs_at_each_use() -> None:
    graph = graph_of(SIAMESE)
    found = totals(graph)
    assert found.params == CONV + NORM + INNER + HEAD
    positions = 10 * 10 + 16 * 16
    assert found.macs == positions * (3 * 3 * 3 * 8 + 3 * 3 * 8 * 8) + 16 * 2
    assert broken_rules(graph) == ()


def test_each_use_has_its_own_paths_and_the_weights_stand_at_the_word() -> None:
    nodes = {node.path: node.definition for node in graph_of(SIAMESE).nodes if node.weights}
    assert nodes == {
        "a/conv": "tower/conv",
        "a/batch_norm_1": "tower/batch_norm_1",
        "a/main/conv_1": "tower/main/conv_1",
        "b/conv": "tower/conv",
        "b/batch_norm_1": "tower/batch_norm_1",
        "b/main/conv_1": "tower/main/conv_1",
        "dense_1": "dense_1",
    }


def test_the_built_model_is_proven_and_computes_both_uses_with_the_same_weights() -> None:
    lowered = lowered_from(SIAMESE)
    built = build(lowered)
    assert prove(lowered, built).differences == ()
    image = np.random.default_rng(1).normal(size=(2, 20, 20, 3)).astype("float32")
    shared = compiled(SIAMESE.replace("right: [32, 32, 3]", "right: [20, 20, 3]").replace("- dense: 2", "")).graph
    assert shared is not None
    model = build(lower_graph(shared)).model
    left, right = np.split(np.asarray(model({"left": image, "right": image})), 2, axis=-1)
    np.testing.assert_array_equal(left, right)
    assert np.ptp(left) > 0


def test_the_same_layers_as_a_block_do_not_share() -> None:
    graph = graph_of(SIAMESE.replace("shared:", "blocks:").replace("tower:\n", "tower:\n    layers:\n"))
    assert totals(graph).params == 2 * (CONV + NORM + INNER) + HEAD


def test_the_emitted_file_makes_each_shared_layer_once() -> None:
    source = emit(lowered_from(SIAMESE))
    space: dict[str, object] = {"__name__": "emitted"}
    exec(source, space)
    model = space["build_model"]()  # type: ignore[operator]
    assert source.count('name="tower.conv"') == 1
    assert model.count_params() == CONV + NORM + INNER + HEAD


def test_a_saved_model_keeps_its_weights_shared(tmp_path: object) -> None:
    model = build(lowered_from(SIAMESE)).model
    path = f"{tmp_path}/siamese.keras"
    model.save(path)
    loaded = keras.saving.load_model(path)
    assert loaded.count_params() == model.count_params() == CONV + NORM + INNER + HEAD


def test_in_a_block_each_use_of_the_block_has_a_set_of_its_own() -> None:
    graph = graph_of(ATTENTION)
    definitions = {node.definition for node in graph.nodes if node.word == "dense"}
    assert {path for path in definitions if "mlp" in path} == {
        f"attention_{use}/mlp/dense_{place}" for use in (1, 2) for place in (1, 2)
    }
    mlp = [inner * inner // 4 + inner // 4 + inner // 4 * 4 * inner + 4 * inner for inner in (16, 32)]
    excite = [4 * inner * inner + inner for inner in (16, 32)]
    assert totals(graph).params == sum(mlp) + sum(excite) + 16 * 32 + 32 + 32 * 32 + 32


def test_a_word_used_in_every_pass_of_a_loop_is_one_set() -> None:
    text = net(
        "- repeat: 3\n  name: level$index\n  layers: [head]", inputs="{x: [6]}", rest="shared: {head: [dense: 6]}"
    )
    graph = graph_of(text)
    assert [node.path for node in graph.nodes] == [f"level{index}/head_1/dense_1" for index in (1, 2, 3)]
    assert totals(graph).params == 6 * 6 + 6
    assert totals(graph).macs == 3 * 6 * 6


def test_shared_layers_use_other_shared_layers() -> None:
    rest = "shared: {inner: [dense: 6], outer: [inner, relu, inner, dense: 6]}"
    graph = graph_of(net("- outer\n- inner\n- {outer, name: last}", inputs="{x: [6]}", rest=rest))
    assert {node.definition for node in graph.nodes if node.weights} == {"inner/dense_1", "outer/dense_1"}
    assert totals(graph).params == 2 * (6 * 6 + 6)


def test_layers_given_to_a_block_keep_the_shared_layers_of_who_wrote_them() -> None:
    rest = """
    shared: {head: [dense: 6]}
    blocks: {twice: {parameters: {body: layers}, layers: [{use: $body}, relu, {use: $body}]}}
    """
    assert totals(graph_of(net("- twice: [head]\n- head", inputs="{x: [6]}", rest=rest))).params == 6 * 6 + 6


def test_a_block_parameter_may_name_shared_layers() -> None:
    rest = """
    shared: {head: [dense: 6]}
    blocks: {twice: {parameters: {unit: block}, layers: [{use: $unit}, {use: $unit}]}}
    """
    assert totals(graph_of(net("- twice: head", inputs="{x: [6]}", rest=rest))).params == 6 * 6 + 6


def test_the_body_reads_its_own_input() -> None:
    rest = "shared: {wide: [dense: $(2 * in.channels), {dense: $in.channels}, {concat, from: [in, dense]}]}"
    text = rest.replace("{dense: $in.channels}", "{dense: $in.channels, name: dense}")
    assert [node.shapes[0].channels for node in graph_of(net("- wide", inputs="{x: [6]}", rest=text)).nodes] == [
        12,
        6,
        12,
    ]


def test_weights_first_used_in_training_alone_are_counted_for_inference_too() -> None:
    text = net(
        """
        - {side: [head], name: extra, only: training}
        - relu
        - {head, name: main}
        """,
        inputs="{x: [6]}",
        rest="shared: {head: [dense: 3]}\noutputs: [main, extra]",
    )
    graph = graph_of(text)
    for part in (graph, graph.for_inference()):
        assert totals(part).params == 6 * 3 + 3
        lowered = lower_graph(part, training=True)
        assert prove(lowered, build(lowered)).differences == ()


def test_the_summary_shows_the_weights_at_their_first_use_and_adds_up() -> None:
    graph = graph_of(SIAMESE)
    table = {line.split()[0]: line for line in summary_text(graph).splitlines() if line[:2] in ("a/", "b/")}
    assert f" {INNER} " in table["a/main/conv_1"]
    assert " shared " in table["b/main/conv_1"]
    layers = summary_json(graph)["layers"]
    assert isinstance(layers, list)
    assert sum(layer["params"] for layer in layers) == totals(graph).params
    assert {layer.get("weights") for layer in layers if layer["path"] == "b/conv"} == {"tower/conv"}


def test_a_contract_may_speak_of_the_shared_layers() -> None:
    good = f"expect: {{nodes: {{tower: {{params: {CONV + NORM + INNER}}}, b: {{params: {CONV + NORM + INNER}}}}}}}"
    assert compiled(SIAMESE + good).diagnostics == ()
    assert [found.code for found in compiled(SIAMESE + good.replace("params: ", "params: 1")).diagnostics] == [
        "E0701"
    ] * 2


@pytest.mark.parametrize("text", [SIAMESE, ATTENTION], ids=["siamese", "attention"])
def test_the_resolved_form_shares_as_the_spec_does(text: str) -> None:
    compilation = compile_spec(SourceFile("net.yaml", text))
    again = graph_of(resolve(compilation))
    assert print_graph(again) == print_graph(compilation.require_graph())
    assert "(weights at " in print_graph(again)


def test_the_resolved_form_holds_nested_uses_and_several_inputs() -> None:
    rest = """
    shared:
      inner: [dense: 6]
      outer: [{add, from: [in/1, in/2], name: sum}, inner, {inner, from: in/2, name: again}, {add, from: [sum, again]}]
    """
    text = net(
        "- {outer, from: [x, y], name: a}\n- {outer, from: [y, a], name: b}", inputs="{x: [6], y: [6]}", rest=rest
    )
    compilation = compile_spec(SourceFile("net.yaml", text))
    assert print_graph(graph_of(resolve(compilation))) == print_graph(compilation.require_graph())


def test_uses_that_differ_in_more_than_their_input_have_no_resolved_form() -> None:
    rest = "shared: {head: [{relu, when: $(in.channels > 4)}, {dense: 6, name: fit, when: false}, global_average_pool]}"
    text = net(
        "- {head, from: x, name: a}\n- {head, from: y, name: b}\n- {concat, from: [a, b]}",
        inputs="{x: [4, 4, 3], y: [4, 4, 6]}",
        rest=rest,
    )
    with pytest.raises(UnresolvableGraph, match="differ between their uses"):
        resolve(compile_spec(SourceFile("net.yaml", text)))
