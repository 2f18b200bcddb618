"""What a plugin may be: each refusal with its code, words and place; and that naming one lasts for one compilation."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from archspec.compiler import Compilation, compile_spec
from archspec.diagnostics import Diagnostic, DiagnosticSink, SourceFile
from archspec.elaboration.settings import Settings
from archspec.ops import OWN, Vocabulary, find, words
from archspec.plugins.load import load_plugins
from tests.plugins.files import OP, SHUFFLE, USING, gem_pool, net, written


def loaded(*paths: Path | str) -> Vocabulary:
    """The vocabulary of plugins that are sound."""
    sink = DiagnosticSink()
    ops = load_plugins(paths, sink)
    assert sink.sorted() == ()
    return ops


def refusal(*paths: Path | str) -> Diagnostic:
    """The one finding about plugins."""
    sink = DiagnosticSink()
    load_plugins(paths, sink)
    (found,) = sink.sorted()
    return found


def using(text: str, ops: Vocabulary = OWN) -> Compilation:
    return compile_spec(SourceFile("net.yaml", text), Settings(ops=ops))


# The vocabulary


def test_a_word_is_known_to_the_compilation_that_names_it_and_to_no_other(tmp_path: Path) -> None:
    ops = loaded(gem_pool(tmp_path))
    assert using(USING, ops).diagnostics == ()
    for _ in range(2):  # right after one that named it, and again
        (found,) = using(USING).diagnostics
        assert found.code == "E0305"
        assert found.headline == "`gem_pool` is neither an op nor a block"
    (found,) = using(USING.replace("gem_pool", "wavelets")).diagnostics
    assert found.help is not None
    assert "an op of a plugin is there where `--plugin FILE.py` names it" in found.help
    assert find("gem_pool") is None
    assert "gem_pool" not in words()
    assert {"gem_pool", "conv"} <= ops.words()


def test_a_word_without_a_near_one_has_the_plugin_in_its_cure() -> None:
    (found,) = using(net("quite_another_thing")).diagnostics
    assert "`--plugin FILE.py`" in (found.help or "")


def test_a_plugins_word_is_suggested_for_a_misspelt_one(tmp_path: Path) -> None:
    (found,) = using(USING.replace("gem_pool", "gem_poool"), loaded(gem_pool(tmp_path))).diagnostics
    assert found.help == "did you mean `gem_pool`?"


USES = {
    "a block of the file": "blocks: {unit: {layers: [gem_pool]}}\nlayers: [unit]",
    "a field as a parameter's type": (
        "blocks: {unit: {parameters: {p: gem_pool.p}, layers: [gem_pool: $p]}}\nlayers: [unit: 2]"
    ),
    "a parameter of type block": (
        "blocks: {unit: {parameters: {pool: block}, layers: [use: $pool]}}\nlayers: [unit: gem_pool]"
    ),
    "defaults": "defaults: {gem_pool: {p: 2}}\nlayers: [gem_pool]",
    "a branch": "layers: [concat: {one: [gem_pool], other: [gem_pool: 1]}]",
}


@pytest.mark.parametrize("lines", USES.values(), ids=list(USES))
def test_a_plugins_word_stands_wherever_an_ops_may(lines: str, tmp_path: Path) -> None:
    text = f"archspec: 1\nname: net\ninputs: {{image: [4, 4, 2]}}\n{lines}\n"
    compilation = using(text, loaded(gem_pool(tmp_path)))
    assert compilation.diagnostics == ()
    assert "gem_pool" in {node.word for node in compilation.require_graph().nodes}
    assert {found.code for found in using(text).diagnostics} <= {"E0305", "E0506", "E0509"}
    assert using(text).errors >= 1


def test_a_files_own_block_stands_before_a_plugin(tmp_path: Path) -> None:
    # As it does before an op of archspec's: the file says what its words mean.
    text = "archspec: 1\nname: net\ninputs: {image: [4]}\nblocks: {gem_pool: {layers: [relu]}}\nlayers: [gem_pool]\n"
    nodes = using(text, loaded(gem_pool(tmp_path))).require_graph().nodes
    assert [node.word for node in nodes] == ["relu"]


def test_wrong_fields_are_refused_at_the_users_place(tmp_path: Path) -> None:
    (found,) = using(USING.replace("gem_pool: 2", "gem_pool: -2"), loaded(gem_pool(tmp_path))).diagnostics
    assert (found.code, found.position) == ("E0502", (6, 16))


def test_what_an_op_cannot_take_is_the_specs_mistake(tmp_path: Path) -> None:
    (found,) = using(net("flatten\n  - gem_pool"), loaded(gem_pool(tmp_path))).diagnostics
    assert (found.code, found.position) == ("E0401", (6, 5))


def test_one_file_named_twice_is_one_plugin_and_one_class(tmp_path: Path) -> None:
    path = gem_pool(tmp_path)
    ops = loaded(path, tmp_path / "." / "gem_pool.py")
    assert list(ops.plugins) == ["gem_pool"]
    assert loaded(path).find("gem_pool") is ops.find("gem_pool")


def test_a_file_that_was_edited_is_loaded_anew_and_what_was_compiled_before_keeps_its_op(tmp_path: Path) -> None:
    path = written(tmp_path, "own", OP)
    before = loaded(path)
    path.write_text(OP.replace("return inputs", "return tuple(Shape((*one.dims, 1)) for one in inputs)"))
    assert [str(node.shapes[0]) for node in using(net("own"), loaded(path)).require_graph().nodes] == ["(4, 4, 2, 1)"]
    assert [str(node.shapes[0]) for node in using(net("own"), before).require_graph().nodes] == ["(4, 4, 2)"]


def test_loading_leaves_nothing_beside_the_file(tmp_path: Path) -> None:
    loaded(gem_pool(tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["gem_pool.py"]


# Refusals


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    found = refusal(tmp_path / "none.py")
    assert (found.code, found.primary) == ("E1001", None)
    assert found.headline.endswith("none.py` cannot be read: no such file or directory")


def test_a_folder_a_text_and_bytes_are_no_python_file(tmp_path: Path) -> None:
    (tmp_path / "own.txt").touch()
    (tmp_path / "folder.py").mkdir()
    (tmp_path / "bytes.py").write_bytes(b"\xff\xfe")
    (tmp_path / "large.py").write_bytes(b"#" * (1 << 20) + b"\n")
    said = {"own.txt": "is not a Python file", "folder.py": "cannot be read: is a directory"}
    said |= {"bytes.py": "is not UTF-8 text", "large.py": "has more than 1,048,576 bytes"}
    for name, words_ in said.items():
        found = refusal(tmp_path / name)
        assert (found.code, found.headline.partition("` ")[2]) == ("E1001", words_)


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("gem-pool", "must be named after a word"),
        ("2d", "must be named after a word"),
        ("_own", "must be named after a word"),
        ("w" * 65, "must be named after a word"),
        ("repeat", "a word of the language"),
        ("parallel", "a word of the language"),
        ("in", "a word of the language"),
        ("conv", "an op of archspec"),
        ("relu", "an op of archspec"),
        ("conv_bn", "a standard block"),
    ],
)
def test_a_word_that_is_taken_or_none(word: str, said: str, tmp_path: Path) -> None:
    found = refusal(written(tmp_path, word, OP))
    assert found.code == "E1002"
    assert said in found.headline


def test_two_plugins_of_one_word(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    found = refusal(written(tmp_path, "own", OP), written(tmp_path / "other", "own", OP + "\n"))
    assert (found.code, "two plugins are called `own`" in found.headline) == ("E1002", True)


BROKEN = {
    "no Python": (OP.replace("class Own(Op):", "class Own(Op)"), "E1003", 10, "the plugin is not Python: expected ':'"),
    "an import that fails": (
        OP.replace("from typing", "import no_such_package\nfrom typing"),
        "E1003",
        3,
        "the plugin does not load: ModuleNotFoundError: No module named 'no_such_package'",
    ),
    "an exit": (OP + "\nraise SystemExit(3)\n", "E1003", 19, "the plugin does not load: SystemExit: 3"),
    "a field without a type": (
        OP.replace("    def infer", "    size = 3\n\n    def infer", 1),
        "E1003",
        10,
        "the plugin does not load: PydanticUserError: A non-annotated attribute was detected: `size = 3`",
    ),
    "no op": (OP.replace("(Op)", ""), "E1004", 1, "a plugin declares exactly one subclass of `Op`, got none"),
    "two ops": (
        OP + "\n\nclass Other(Own):\n    pass\n",
        "E1004",
        20,
        "a plugin declares exactly one subclass of `Op`, got `Own`, `Other`",
    ),
    "no to_keras": (OP.replace("to_keras", "to_torch"), "E1004", 10, "`Own` has no rule `to_keras`"),
    "no infer_shapes": (OP.replace("infer_shapes", "infer_shape"), "E1004", 10, "`Own` has no rule `infer_shapes`"),
    "no rule at all": (
        OP.replace("to_keras", "x").replace("infer_shapes", "y"),
        "E1004",
        10,
        "`Own` has no rule `infer_shapes` and `to_keras`",
    ),
    "a principal that is no field": (
        OP.replace("    def infer", '    principal: ClassVar[str | None] = "size"\n\n    def infer', 1),
        "E1004",
        10,
        "`principal` must be one of the fields, none, got `size`",
    ),
    "a type that pydantic does not know": (
        OP.replace("    def infer", '    size: "Sized"\n\n    def infer', 1),
        "E1004",
        10,
        "the fields of `Own`: name 'Sized' is not defined",
    ),
    "a default that no spec can write": (
        OP.replace("    def infer", "    size: Any = {}\n\n    def infer", 1),
        "E1004",
        10,
        "`Own`: a field's default must be a value of the language, got {}",
    ),
    "Keras when it loads": (
        OP.replace("from typing", "import keras.ops\nfrom typing"),
        "E1004",
        3,
        "a plugin may not import keras when it is loaded: `check` and `summary` do without it",
    ),
    "TensorFlow when it loads, in a condition": (
        OP.replace("from typing", "if True:\n    from tensorflow import math\nfrom typing"),
        "E1004",
        4,
        "a plugin may not import tensorflow when it is loaded: `check` and `summary` do without it",
    ),
}


@pytest.mark.parametrize(("text", "code", "line", "headline"), BROKEN.values(), ids=list(BROKEN))
def test_a_plugin_that_declares_no_whole_op(text: str, code: str, line: int, headline: str, tmp_path: Path) -> None:
    path = written(tmp_path, "own", text)
    before = set(sys.modules)
    found = refusal(path)
    assert (found.code, found.position[0]) == (code, line)
    assert found.headline.startswith(headline)
    assert found.primary is not None
    assert found.primary.span.source.name == str(path)
    assert set(sys.modules) == before


LAYER = """

@cache
def own_layer():
    import keras

    @keras.saving.register_keras_serializable("own")
    class Own(keras.layers.Layer):
        pass

    return Own
"""
CACHING = OP.replace("from typing", "from functools import cache\nfrom typing")


@pytest.mark.parametrize(
    ("layer", "said"),
    [
        (LAYER.replace("@cache\n", ""), "the layer's function `own_layer` is not cached"),
        (LAYER.replace("own_layer", "make_own"), "the name of a layer's function must end in `_layer`, got `make_own`"),
        (LAYER.replace('("own")', '("archspec")'), "`Own` is not registered under `own`"),
        (LAYER.replace('    @keras.saving.register_keras_serializable("own")\n', ""), "`Own` is not registered"),
        (LAYER.replace("        pass", "        class Inner:\n            pass"), "exactly one class, got 2"),
    ],
)
def test_a_layers_function_that_is_none(layer: str, said: str, tmp_path: Path) -> None:
    found = refusal(written(tmp_path, "own", CACHING + layer))
    assert found.code == "E1004"
    assert said in found.headline


def test_the_layers_function_from_which_these_differ_is_taken(tmp_path: Path) -> None:
    text = CACHING + LAYER + "\n\nif TYPE_CHECKING:\n    import keras\n"
    assert list(loaded(written(tmp_path, "own", text.replace("Any,", "TYPE_CHECKING,"))).plugins) == ["own"]


def test_every_plugins_mistake_is_reported_in_one_go(tmp_path: Path) -> None:
    sink = DiagnosticSink()
    load_plugins([tmp_path / "none.py", SHUFFLE, written(tmp_path, "relu", OP)], sink)
    assert [found.code for found in sink.sorted()] == ["E1001", "E1002"]


def test_a_plugin_that_cannot_be_taken_ends_the_compilation(tmp_path: Path) -> None:
    source = SourceFile("net.yaml", net("own"))
    compilation = compile_spec(source, plugins=[written(tmp_path, "own", OP.replace("to_keras", "x"))])
    assert [found.code for found in compilation.diagnostics] == ["E1004"]
    assert compilation.graph is None
