"""A rule that fails, or gives what no rule may, is the plugin's failure: its file and op are named, nothing passes."""

from __future__ import annotations

import traceback
from pathlib import Path
from typing import Any

import pytest

import archspec
from archspec.api import compile_spec
from archspec.compiler import lower_graph
from archspec.diagnostics import SourceFile
from archspec.emission.keras_source import emit
from archspec.ir.reach import Window
from archspec.plugins.failure import PluginError, failure_in
from tests.plugins.files import OP, net, written

SHAPES, LOWERING = "return inputs", 'return lower_to(KerasLayer("keras.layers.Rescaling", {"scale": 2.0}))'
WEIGHTS = "    def weights(self, inputs):\n        return {}\n\n    def to_keras"
COST = "    def cost(self, inputs, outputs):\n        return {}\n\n    def to_keras"
DENSE = 'KerasLayer("keras.layers.Dense", {"units": 2, "use_bias": False})'
KERNEL = '(Weight("kernel", (2, 2)),)'


def op(*, shapes: str = SHAPES, lowering: str = LOWERING, weights: str | None = None, cost: str | None = None) -> str:
    """The small plugin with one rule or several in another form."""
    text = OP.replace(SHAPES, shapes).replace(LOWERING, lowering)
    for rule, given in ((WEIGHTS, weights), (COST, cost)):
        if given is not None:
            text = text.replace("    def to_keras", rule.format(given))
    return text


def lowered(text: str, folder: Path) -> Any:
    path = written(folder, "own", text)
    compilation = compile_spec(SourceFile("net.yaml", net("own")), plugins=[path])
    return lower_graph(compilation.require_graph())


def failure(text: str, folder: Path) -> str:
    """What the plugin is said to have done, its file left out."""
    with pytest.raises(PluginError) as caught:
        lowered(text, folder)
    said = str(caught.value)
    assert said.startswith(f"the plugin `{folder / 'own.py'}`: ")
    return said.partition("`: ")[2]


def test_the_small_plugin_from_which_these_differ_is_sound(tmp_path: Path) -> None:
    assert len(lowered(OP, tmp_path).layers) == 1
    kernel = op(weights=KERNEL, lowering=f'return lower_to({DENSE}, weights={{"kernel": "kernel"}})', cost="Cost(8)")
    assert len(lowered(kernel, tmp_path).weights) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (op(shapes="return [][0]"), "`infer_shapes` of `own` raised IndexError: list index out of range"),
        (op(weights="1 / 0"), "`weights` of `own` raised ZeroDivisionError: division by zero"),
        (op(cost="1 / 0"), "`cost` of `own` raised ZeroDivisionError: division by zero"),
        (op(lowering="raise ShapeError('no')"), "`to_keras` of `own` raised ShapeError: no"),
        (op(shapes="pass"), "`infer_shapes` of `own` must give a tuple of `Shape`s, one for each output, got `None`"),
        (
            op(shapes="return ()"),
            "`infer_shapes` of `own` must give a tuple of `Shape`s, one for each output, got `()`",
        ),
        (op(shapes="return inputs[0]"), "`infer_shapes` of `own` must give a tuple of `Shape`s"),
        (op(shapes="return (Shape((0, 2)),)"), "`infer_shapes` of `own` must give sizes that are whole numbers of at"),
        (op(shapes="return (Shape((1.5,)),)"), "`infer_shapes` of `own` must give sizes that are whole numbers of at"),
        (op(weights="[]"), "`weights` of `own` must give a tuple of `Weight`s, got `[]`"),
        (op(weights='(Weight("k", (2.0,)),)'), "`weights` of `own` must give shapes of whole numbers of at least 1"),
        (op(weights='(Weight("k", (2,)),) * 2'), "`weights` of `own` must give each weight a name of its own, got `k`"),
        (op(cost="8"), "`cost` of `own` must give a `Cost`, got `8`"),
        (op(cost="Cost(1.5)"), "`cost` of `own` must count in whole numbers of at least 0, or `None` where open"),
        (op(lowering="pass"), "`to_keras` of `own` must give a `Lowering`, got `None`"),
        (
            op(lowering='return lower_to(KerasLayer("torch.nn.Relu"))'),
            "`to_keras` of `own` must name layers as `keras.",
        ),
        (
            op(lowering='return lower_to(KerasLayer("os:system"))'),
            '`to_keras` of `own` must name a layer of its own as f"{__name__}:…_layer", got `os:system`',
        ),
        (
            op(lowering='return lower_to(KerasLayer("keras.layers.Rescaling", {"scale": [2.0]}))'),
            "`to_keras` of `own` must give arguments that are numbers, words, `None` and tuples of these, got `[2.0]`",
        ),
        (
            op(lowering=f"{LOWERING}._replace(layers={{}})"),
            "`to_keras` of `own` must define each layer that it applies",
        ),
        (op(lowering="return lower_to(KerasLayer('keras.layers.Add'), inputs=2)"), "must apply layers to inputs and"),
        (op(lowering=f'{LOWERING}._replace(outputs=("x",))'), "`to_keras` of `own` must name results as outputs"),
        (op(lowering=f'{LOWERING}._replace(outputs=("out", "out"))'), "`to_keras` of `own` must name 1 outputs, got 2"),
    ],
)
def test_what_no_rule_may_give_is_the_plugins_failure(text: str, said: str, tmp_path: Path) -> None:
    assert said in failure(text, tmp_path)


def test_variables_that_are_not_the_weights_are_the_plugins_failure(tmp_path: Path) -> None:
    unmapped = op(weights=KERNEL, lowering=f"return lower_to({DENSE})")
    assert "must say which variable of Keras the weight `kernel` is" in failure(unmapped, tmp_path)
    surplus = op(lowering=f'return lower_to({DENSE}, weights={{"kernel": "kernel"}})')
    assert "must map weights that `weights` declares, got `kernel`" in failure(surplus, tmp_path)
    mapped = f'lower_to({DENSE})._replace(variables={{"kernel": Variable("inner", "kernel")}})'
    lost = op(weights=KERNEL, lowering=f"return {mapped}")
    assert "must map weights to layers that it defines, got `inner`" in failure(lost, tmp_path)


BUILT = {
    "a layer with weights that nobody declared": (
        op(lowering=f"return lower_to({DENSE})"),
        "own_1/kernel: weight predicted none, built (2, 2)",
    ),
    "a weight of another shape": (
        op(
            weights='(Weight("kernel", (2, 3)),)',
            lowering=f'return lower_to({DENSE}, weights={{"kernel": "kernel"}})',
        ),
        "own_1/kernel: shape predicted (2, 3), built (2, 2)",
    ),
    "a weight that Keras has not": (
        op(weights='(Weight("bias", (2,)),)', lowering='return lower_to(KerasLayer("keras.layers.Rescaling", '
           '{"scale": 2.0}), weights={"bias": "bias"})'),
        "own_1/bias: weight predicted (2), built none",
    ),
    "a shape that Keras does not give": (
        op(shapes="return (Shape((4, 4, 3)),)"),
        "own_1: shape predicted (4, 4, 3), built (4, 4, 2)",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "difference"), BUILT.values(), ids=list(BUILT))
def test_rules_that_do_not_agree_with_keras_end_the_build(text: str, difference: str, tmp_path: Path) -> None:
    (tmp_path / "net.yaml").write_text(net("own"))
    with pytest.raises(PluginError) as caught:
        archspec.build_model(tmp_path / "net.yaml", plugins=[written(tmp_path, "own", text)])
    assert "the rules of `own` do not agree with the layers that Keras makes: " in str(caught.value)
    assert difference.replace("(2)", "(2,)") in str(caught.value)


MEAN = """

@cache
def own_layer():
    import keras

    @keras.saving.register_keras_serializable("own")
    class Mean(keras.layers.Layer):
        def call(self, inputs):
            return keras.ops.mean(inputs, axis=1)

        def compute_output_shape(self, input_shape):
            return input_shape

    return Mean
"""
START = """        def __init__(self, start, **kwargs):
            super().__init__(**kwargs)

        def call"""
OWN_LAYER = 'return lower_to(KerasLayer(f"{__name__}:own_layer", {}))'


def layered(layer: str, **rules: str) -> str:
    """The small plugin with a layer of its own."""
    return op(lowering=OWN_LAYER, **rules).replace("from typing", "from functools import cache\nfrom typing") + layer


def test_a_layer_whose_call_does_not_do_what_it_says_ends_the_build(tmp_path: Path) -> None:
    (tmp_path / "net.yaml").write_text(net("own"))
    # The mean over the first of (4, 4, 2), for a batch of two.
    with pytest.raises(PluginError, match=r"own_1: shape of a call predicted \(2, 4, 4, 2\), built \(2, 4, 2\)"):
        archspec.build_model(tmp_path / "net.yaml", plugins=[written(tmp_path, "own", layered(MEAN))])
    kept = layered(MEAN.replace("axis=1)", "axis=1, keepdims=True) + 0 * inputs"))
    archspec.build_model(tmp_path / "net.yaml", plugins=[written(tmp_path, "own", kept)])


@pytest.mark.parametrize(
    ("layer", "said"),
    [
        (MEAN.replace("keras.ops.mean(inputs, axis=1)", "keras.ops.none(inputs)"), "raised AttributeError"),
        (MEAN.replace("        def call", START), "missing 1 required positional argument: 'start'"),
    ],
    ids=["a call that fails", "an argument that nobody gives"],
)  # fmt: skip
def test_a_layer_that_cannot_be_made_or_called_is_the_plugins_failure(layer: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "net.yaml").write_text(net("own"))
    with pytest.raises(PluginError) as caught:
        archspec.build_model(tmp_path / "net.yaml", plugins=[written(tmp_path, "own", layered(layer))])
    assert str(caught.value).startswith(
        f"the plugin `{tmp_path / 'own.py'}`: the layer `own_1`, of `own_layer`, raised"
    )
    assert said in str(caught.value)


def test_a_failure_keeps_its_traceback_and_says_its_line(tmp_path: Path) -> None:
    with pytest.raises(PluginError) as caught:
        lowered(op(shapes="return [][0]"), tmp_path)
    assert isinstance(caught.value.__cause__, IndexError)
    (frame,) = [one for one in traceback.extract_tb(caught.value.__cause__.__traceback__) if "own.py" in one.filename]
    assert frame.lineno == OP.splitlines().index(f"        {SHAPES}") + 1
    place = f"({tmp_path / 'own.py'}, line {frame.lineno}, in infer_shapes)"
    assert (failure_in(caught.value) or "").endswith(place)


def test_an_error_that_no_plugin_is_in_is_none_of_theirs() -> None:
    with pytest.raises(IndexError) as caught:
        _ = [][0]
    assert failure_in(caught.value) is None


def test_a_validator_that_fails_is_the_plugins_failure_and_one_that_refuses_the_users_mistake(tmp_path: Path) -> None:
    text = OP.replace("from typing", "from pydantic import field_validator\nfrom typing").replace(
        "    def infer",
        '    size: int = 1\n\n    @field_validator("size")\n    def check(cls, size):\n        BODY\n\n    def infer',
        1,
    )
    sources = [SourceFile("net.yaml", net("own: {size: 2}"))]
    plugin = written(tmp_path, "own", text.replace("BODY", "raise KeyError(size)"))
    with pytest.raises(PluginError, match="a validator of `own` raised KeyError: 2"):
        compile_spec(sources[0], plugins=[plugin])
    plugin = written(tmp_path, "own", text.replace("BODY", 'raise ValueError("must be odd")'))
    (found,) = compile_spec(sources[0], plugins=[plugin]).diagnostics
    assert (found.code, found.headline) == ("E0502", "`own` must be odd")


LAYER = """

@cache
def {word}_layer():
    import keras

    @keras.saving.register_keras_serializable("{word}")
    class Same(keras.layers.Layer):
        pass

    return Same
"""


def test_two_plugins_whose_layers_have_one_name_are_not_printed_into_one_file(tmp_path: Path) -> None:
    paths = []
    for word in ("own", "other"):
        text = op(lowering=f'return lower_to(KerasLayer(f"{{__name__}}:{word}_layer"))')
        text = text.replace("from typing", "from functools import cache\nfrom typing") + LAYER.format(word=word)
        paths.append(written(tmp_path, word, text))
    graph = compile_spec(SourceFile("net.yaml", net("own\n  - other")), plugins=paths).require_graph()
    with pytest.raises(PluginError, match=r"the class of `own_layer` is called `Same`, like that of `other_layer`"):
        emit(lower_graph(graph))


RULES = {
    "reach": ("inputs", "return {}"),
    "footprint": ("inputs, outputs", "return {}"),
    "derivation": ("inputs, outputs", "return {}"),
}


def node_of(rule: str, given: str, folder: Path, imports: str = "") -> Any:
    """The plugin's node, with one of the rules that facts come from in this form."""
    parameters, body = RULES[rule]
    text = OP.replace("from archspec.ir.shape", f"{imports}\nfrom archspec.ir.shape").replace(
        "    def to_keras", f"    def {rule}(self, {parameters}):\n        {body.format(given)}\n\n    def to_keras"
    )
    path = written(folder, "own", text)
    return compile_spec(SourceFile("net.yaml", net("own")), plugins=[path]).require_graph().nodes[0]


@pytest.mark.parametrize(
    ("rule", "given", "said"),
    [
        ("reach", "1 / 0", "`reach` of `own` raised ZeroDivisionError: division by zero"),
        ("reach", "(None,)", "must give `None`, or one `Window` or `None` for each of 2 spatial axes, got `(None,)`"),
        ("reach", "(1, 1)", "must give windows with an `extent` and a `step` of at least 1, got `1`"),
        ("footprint", "1", "`footprint` of `own` must give a `Footprint`, got `1`"),
        ("footprint", "Footprint(between=-1)", "must count in whole numbers of at least 0"),
        ("derivation", "'height'", "`derivation` of `own` must give a tuple of texts, got `'height'`"),
    ],
)
def test_rules_that_facts_come_from_are_watched(rule: str, given: str, said: str, tmp_path: Path) -> None:
    node = node_of(rule, given, tmp_path, "from archspec.ir.footprint import Footprint")
    arguments = (node.input_shapes,) if rule == "reach" else (node.input_shapes, node.shapes)
    with pytest.raises(PluginError) as caught:
        getattr(node.op, rule)(*arguments)
    assert said in str(caught.value)


def test_rules_that_facts_come_from_may_be_there_or_not(tmp_path: Path) -> None:
    imports = "from archspec.ir.reach import Window, pointwise"
    node = node_of("reach", "pointwise(inputs[0])", tmp_path, imports)
    assert node.op.reach(node.input_shapes) == (Window(1, 1, 0),) * 2
    assert node.op.derivation(node.input_shapes, node.shapes) == ()
    without = compile_spec(SourceFile("net.yaml", net("own")), plugins=[written(tmp_path, "own", OP)]).require_graph()
    assert without.nodes[0].op.reach(node.input_shapes) is None
