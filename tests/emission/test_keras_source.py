"""The emitted file as text: deterministic, formatted, and nothing from a spec in it but literals and identifiers."""

from __future__ import annotations

import ast
import json
import sys
from dataclasses import replace

import keras
import pytest

import archspec
from archspec import zoo
from archspec.emission.keras_source import emit
from archspec.ir.keras_call import KerasLayer
from archspec.ir.shape import Shape
from archspec.lowering.lower import LayerCall, LayerDefinition, LoweredModel, NamedValue, PredictedValue
from tests.compiled import compiled, lowered_from, net
from tests.emission.ruff import formatted, mistakes
from tests.emission.running import run_source


@pytest.mark.parametrize("name", zoo.names())
def test_the_text_is_the_same_each_time(name: str) -> None:
    assert archspec.emit(name) == archspec.emit(name)


@pytest.mark.parametrize("name", zoo.names())
def test_the_text_is_formatted(name: str) -> None:
    text = archspec.emit(name, training=True)
    assert formatted(text) == text


def test_the_text_uses_what_it_imports_and_defines() -> None:
    assert mistakes(archspec.emit("lenet5")) == []
    assert mistakes("import os") != []


def test_only_what_is_needed_is_imported() -> None:
    text = emit(lowered_from(net("- relu")))
    assert "typing" not in text
    imports = [
        node for node in ast.walk(ast.parse(archspec.emit("lenet5"))) if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert [ast.unparse(node) for node in imports] == ["from typing import Any", "import keras"]


def test_a_layer_that_keras_lacks_comes_along_once() -> None:
    assert archspec.emit("lenet5").count("class ScaledTanh(keras.layers.Layer)") == 1


def test_an_arm_of_python_in_names_and_titles_stays_text() -> None:
    # A spec's own names cannot hold such text (E0205); a file's name in `origin` can.
    hostile = '"""\nimport os\nos.abort()\n\\" # \udc80'
    lowered = replace(lowered_from(net("- {relu, name: act}")), name=hostile)
    tree = ast.parse(emit(lowered, origin=f", made from {hostile}").encode())
    kinds = [type(node) for node in tree.body]
    assert kinds == [ast.Expr, ast.Import, ast.FunctionDef, ast.If]
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id == "os"]
    assert hostile in [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]


@pytest.mark.parametrize("name", ["net'); import os; ('", 'a"b', "a\\nb", "a\nb"])
def test_a_spec_cannot_have_a_name_that_is_code(name: str) -> None:
    text = net("- relu").replace("name: net", f"name: {json.dumps(name)}")
    assert [found.code for found in compiled(text).diagnostics] == ["E0205"]


def test_reserved_words_and_odd_names_become_identifiers() -> None:
    spec = net(
        """
        - {relu, name: class}
        - {relu, name: keras}
        - {relu, name: build_model}
        - {relu, name: a-b}
        - {relu, name: a_b}
        - {scaled_tanh, name: ScaledTanh}
        - {relu, name: float}
        - {batch_norm: {epsilon: 1.0e+30}, name: print}
        """,
        inputs="{None: [4]}",
    )
    model = run_source(emit(lowered_from(spec)))
    assert [layer.name for layer in model.layers] == [
        "None", "class", "keras", "build_model", "a-b", "a_b", "ScaledTanh", "float", "print",
    ]  # fmt: skip


def test_a_layer_applied_twice_is_made_once() -> None:
    dense = KerasLayer("keras.layers.Dense", {"units": 4})
    lowered = LoweredModel(
        name="twice",
        inputs=(PredictedValue("left", "left", Shape((4,))), PredictedValue("right", "right", Shape((4,)))),
        layers=(LayerDefinition("dense", dense),),
        calls=(LayerCall("dense", ("left",), ("one",), None), LayerCall("dense", ("right",), ("two",), True)),
        outputs=(NamedValue("one", "one"), NamedValue("two", "two")),
        values=(),
        weights=(),
    )
    source = emit(lowered)
    assert source.count("keras.layers.Dense(") == 1
    assert "two = dense_layer(right, training=True)" in source
    model = run_source(source)
    assert model.count_params() == 4 * 4 + 4
    assert set(model.output) == {"one", "two"}


def test_channels_first_is_refused_and_not_computed() -> None:
    source = emit(lowered_from(net("- max_pool: 2")))
    keras.config.set_image_data_format("channels_first")
    try:
        with pytest.raises(ValueError, match="channels-last"):
            run_source(source)
    finally:
        keras.config.set_image_data_format("channels_last")


def test_the_file_shows_its_summary_when_run() -> None:
    assert emit(lowered_from(net("- relu"))).endswith('\n\nif __name__ == "__main__":\n    build_model().summary()\n')


def test_a_chain_beyond_pythons_limit_makes_room_for_itself() -> None:
    before = sys.getrecursionlimit()
    text = emit(lowered_from(net("- repeat: 1100\n  layers: [relu]", inputs="{given: [3]}")))
    assert before < 1100
    assert (formatted(text), mistakes(text)) == (text, [])
    try:
        assert len(run_source(text).layers) == 1101
    finally:
        sys.setrecursionlimit(before)


def test_a_usual_network_leaves_pythons_limit_alone() -> None:
    assert "sys" not in archspec.emit("resnet50")
