"""What `archspec prove` holds a plugin's op to: each thing that can be wrong with one, alone, and that ours hold."""

from __future__ import annotations

from pathlib import Path

import pytest

import archspec
from archspec.op_proof import op_problems
from archspec.ops import OWN, words
from tests.plugins.files import OP, gem_pool, written

SECTIONS = "Shape:   same.\nWeights: none.\nCost:    none.\nErrors:  none.\nSource:  this test.\n"
EXAMPLE = '''    """An op of the tests."""

    example: ClassVar[str] = """
        archspec: 1
        inputs: {image: [4]}
        layers: [own]
    """
'''
WHOLE = OP.replace('input."""', f'input.\n\n{SECTIONS}"""').replace('    """An op of the tests."""\n', EXAMPLE)


def problems(text: str, folder: Path) -> tuple[str, ...]:
    return archspec.prove_plugin(written(folder, "own", text))


def test_the_plugin_from_which_these_differ_is_proven(tmp_path: Path) -> None:
    assert problems(WHOLE, tmp_path) == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (WHOLE.replace("Cost:    none.\n", ""), "the file's docstring lacks `Cost:`"),
        (WHOLE.replace("Shape:   same.\n", "").replace("none.\nErr", "none.\nShape: same.\nErr"), "stand in the order"),
        (WHOLE.replace('    """An op of the tests."""\n', ""), "the class has no docstring"),
        (WHOLE.replace("    def infer", "    size: int = 1\n\n    def infer", 1), "`size` has no description"),
        (WHOLE.replace("example:", "sample:"), "`example` is missing"),
        (WHOLE.replace("[own]", "[relu]"), "the example does not use `own`"),
        (WHOLE.replace("[own]", "[own: 2]"), "the example: [E0504]"),
        (WHOLE.replace("return inputs", "return (Shape((5,)),)"), "do not agree with the layers that Keras makes"),
        (WHOLE.replace("return inputs", "return 1 / 0"), "`infer_shapes` of `own` raised ZeroDivisionError"),
        (WHOLE.replace("2.0}", "float('inf')}"), "the model gives values that are no numbers"),
    ],
)  # fmt: skip
def test_each_thing_that_is_wrong_is_said(text: str, said: str, tmp_path: Path) -> None:
    (found,) = problems(text, tmp_path)
    assert said in found


def test_a_required_field_needs_one_that_may_stand_alone(tmp_path: Path) -> None:
    text = WHOLE.replace("from archspec.ir.keras", "from pydantic import Field\nfrom archspec.ir.keras").replace(
        "    def infer", '    size: int = Field(description="a size")\n\n    def infer', 1
    )
    assert problems(text.replace("[own]", "[own: {size: 1}]"), tmp_path) == (
        "`size` is required and there is no `principal` field, which may stand alone",
    )


LAYERS = {
    "a layer that reads its module's names": (
        ("return keras.ops.cast(keras.ops.power(means, 1 / p)", "return keras.ops.cast(MEAN(means, 1 / p)"),
        ("\n\nclass GemPool(Op)", "\n\ndef MEAN(values, power):\n    return values**power\n\n\nclass GemPool(Op)"),
        "the model cannot be emitted and run: NameError",
    ),
    "a configuration that lacks an argument": (
        (', "epsilon": self.epsilon}\n\n', "}\n\n"),
        ("\n", "\n"),
        "the model cannot be saved and opened again: TypeError",
    ),
    "a configuration that says something else": (
        ('"p": self.first_p, "epsilon": self.epsilon}', '"p": self.first_p, "epsilon": 2.0}'),
        ("\n", "\n"),
        "the model gives other values when saved and opened again",
    ),
    "a weight that nothing reads": (
        ("p = keras.ops.cast(self.p,", "p = keras.ops.cast(self.first_p,"),
        ("\n", "\n"),
        "training cannot reach the weight `gem_pool_1/p`",
    ),
    "a layer that gives another shape than it says": (
        ("return (input_shape[0], input_shape[-1])", "return input_shape"),
        ("return (Shape((given.channels,)),)", "return inputs"),
        "gem_pool_1: shape of a call predicted (2, 26, 26, 8), built (2, 8)",
    ),
    "a layer that cannot be made": (
        ("p: float, epsilon: float, **", "p: float, epsilon: float, start: int, **"),
        ("\n", "\n"),
        "the layer `gem_pool_1`, of `gem_pool_layer`, raised TypeError",
    ),
    "a layer that fails": (
        ("positions = tuple(", "positions = [][0]("),
        ("\n", "\n"),
        "IndexError",
    ),
}


@pytest.mark.parametrize(("one", "other", "said"), LAYERS.values(), ids=list(LAYERS))
def test_a_layer_that_does_not_hold_is_found_out(
    one: tuple[str, str], other: tuple[str, str], said: str, tmp_path: Path
) -> None:
    path = gem_pool(tmp_path)
    text = path.read_text().replace(*one, 1).replace(*other, 1)
    assert text != path.read_text()
    path.write_text(text)
    (found,) = archspec.prove_plugin(path)
    assert said in found


def test_a_layer_that_gives_another_shape_than_it_says_is_found_out_where_sizes_are_open(tmp_path: Path) -> None:
    path = gem_pool(tmp_path)
    text = path.read_text().replace("return (input_shape[0], input_shape[-1])", "return input_shape")
    text = text.replace("return (Shape((given.channels,)),)", "return inputs")
    path.write_text(text.replace("[28, 28, 3]", "[height, width, 3]").replace("          - dense: 10\n", ""))
    # A mean over all positions leaves the 8 channels of the convolution.
    (found,) = archspec.prove_plugin(path)
    assert found.endswith("has the shape (8), and (?, ?, 8) is predicted")


@pytest.mark.parametrize("word", sorted(words()))
def test_archspecs_own_ops_hold(word: str) -> None:
    assert op_problems(word, OWN) == ()
