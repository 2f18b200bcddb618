"""Parameters, `let`, variants, settings from outside, and defaults."""

from __future__ import annotations

import textwrap

import pytest

from archspec.compiler import Compilation, check_variants, compile_spec
from archspec.diagnostics import DiagnosticSink, SourceFile
from archspec.elaboration.settings import Settings, read_setting, read_shape
from archspec.ir.shape import Dim
from tests.compiled import compiled, graph_of, net


def width(text: str, settings: Settings | None = None) -> Dim:
    """The channels of the last node."""
    return compile(text, settings).require_graph().nodes[-1].shapes[0].channels


def compile(text: str, settings: Settings | None = None) -> Compilation:  # noqa: A001 - of a spec
    return compile_spec(SourceFile("net.yaml", textwrap.dedent(text)), settings)


def codes(text: str, settings: Settings | None = None) -> list[str]:
    return [found.code for found in compile(text, settings).diagnostics]


def spec(head: str, layers: str = "[dense: $width]") -> str:
    return f"archspec: 1\n{textwrap.dedent(head).strip()}\ninputs: {{vector: [8]}}\nlayers: {layers}\n"


def setting(text: str) -> Settings:
    sink = DiagnosticSink()
    read = read_setting("--set", text, sink)
    assert read is not None, sink.sorted()
    return Settings(parameters=dict([read]))


PLAIN = spec("parameters: {width: {type: int, default: 4, min: 1}}")


def test_a_parameter_has_its_default_or_what_is_set() -> None:
    assert width(PLAIN) == 4
    assert width(PLAIN, setting("width=16")) == 16


@pytest.mark.parametrize(("text", "code"), [("width=0", "E0502"), ("width=wide", "E0502"), ("widht=3", "E0221")])
def test_a_wrong_setting_is_shown_in_the_option(text: str, code: str) -> None:
    (found,) = compile(PLAIN, setting(text)).diagnostics
    assert found.code == code
    assert found.primary is not None
    assert found.primary.span.source.name == "--set"
    assert found.primary.span.source.line(1) == text


@pytest.mark.parametrize("text", ["width", "=3", "width=", ""])
def test_a_setting_is_a_name_and_a_value(text: str) -> None:
    sink = DiagnosticSink()
    assert read_setting("--set", text, sink) is None
    assert [found.code for found in sink.sorted()] == ["E0219"]


def test_a_setting_may_be_a_list_or_a_block() -> None:
    lists = spec("parameters: {widths: {type: ints, default: [4]}}", "[{for: {w: $widths}, layers: [dense: $w]}]")
    assert width(lists, setting("widths=[3, 5, 7]")) == 7
    block = spec(
        "parameters: {unit: {type: block, default: relu}}\nblocks: {small: {layers: [dense: 3]}}", "[use: $unit, small]"
    )
    assert len(compile(block, setting("unit=small")).require_graph().nodes) == 2


def test_a_parameter_without_a_default_must_be_set() -> None:
    bare = spec("parameters: {width: int}")
    assert codes(bare) == ["E0505"]
    assert width(bare, setting("width=5")) == 5


def test_an_inputs_shape_is_replaced_or_opened() -> None:
    text = "archspec: 1\ninputs: {image: [8, 8, 3]}\nlayers: [relu]\n"
    for option, shape in (("image=16x4x3", "(16, 4, 3)"), ("image=?x?x3", "(?, ?, 3)"), ("image=7", "(7)")):
        read = read_shape("--input", option, DiagnosticSink())
        assert read is not None
        assert str(compile(text, Settings(inputs=dict([read]))).require_graph().inputs[0].shape) == shape


def test_a_word_on_the_command_line_keeps_its_letters() -> None:
    sink = DiagnosticSink()
    shape = read_shape("--input", "a=HeightX?xwidthX3", sink)
    assert shape is not None
    text = "archspec: 1\ninputs: {a: [4], b: [Height]}\nlayers: [{relu, from: a}]\n"
    inputs = compile_spec(SourceFile("spec.yaml", text), Settings(inputs=dict([shape]))).require_graph().inputs
    assert [str(given.shape) for given in inputs] == ["(Height, ?, width, 3)", "(Height)"]
    assert inputs[0].shape.dims[0] == inputs[1].shape.dims[0]


def test_a_shape_may_hold_parameters_and_open_words() -> None:
    text = "archspec: 1\nparameters: {size: {type: int, default: 9}}\ninputs: {a: [$size, width, 3]}\nlayers: [relu]\n"
    assert str(compile(text).require_graph().inputs[0].shape) == "(9, width, 3)"
    assert str(compile(text, setting("size=5")).require_graph().inputs[0].shape) == "(5, width, 3)"


def test_let_is_order_free_and_cannot_be_set() -> None:
    text = spec("let: {a: $(b + 1), b: $(c * 2), c: 3}", "[dense: $a]")
    assert width(text) == 7
    assert codes(text, setting("a=3")) == ["E0221"]


def test_a_default_may_read_other_parameters_and_lets() -> None:
    text = spec("parameters: {width: {type: int, default: $(2 * base)}, base: {type: int, default: 3}}")
    assert width(text) == 6
    assert width(text, setting("base=5")) == 10


@pytest.mark.parametrize(
    ("head", "cycle"),
    [
        ("let: {width: $width}", "width -> width"),
        ("let: {width: $a, a: $(b + 1), b: $width}", "width -> a -> b -> width"),
        ("parameters: {width: {type: int, default: $a}}\nlet: {a: $width}", "width -> a -> width"),
    ],
)
def test_a_definition_by_itself_is_an_error_that_shows_the_cycle(head: str, cycle: str) -> None:
    (found,) = compile(spec(head)).diagnostics
    assert found.code == "E0603"
    assert found.headline.endswith(cycle)


def test_a_mistake_in_a_let_that_nothing_needs_is_still_reported() -> None:
    assert "E0602" in codes(
        spec("let: {width: 3, other: $(1 / 0), more: $other}", "[dense: $width, dropout: $(1 / more)]")
    )


VARIANTS = """
archspec: 1
parameters: {width: {type: int, default: 4}, deep: {type: bool, default: false}}
variants:
  small: {width: 2, expect: {params: 18}}
  deep: {deep: true, expect: {params: 36}}
  plain: {deep: true}
inputs: {vector: [8]}
layers: [dense: $width, {dense: 3, when: $deep}]
expect: {params: 36}
"""


def test_a_variant_sets_parameters_and_brings_its_own_contract() -> None:
    assert codes(VARIANTS) == []
    assert codes(VARIANTS, Settings(variant="small")) == []
    assert codes(VARIANTS, Settings(variant="plain")) == []
    # By hand: 8 * 4 + 4 = 36, and 4 * 3 + 3 = 15 more.
    assert codes(VARIANTS, Settings(variant="deep")) == ["E0701"]


def test_check_elaborates_every_variant_and_says_which_is_wrong() -> None:
    (found,) = check_variants(compile(VARIANTS), Settings())
    assert found.code == "E0701"
    assert found.notes == ("in the variant `deep`",)


def test_a_setting_stands_before_the_variant() -> None:
    chosen = Settings(variant="small", parameters=setting("width=9").parameters)
    assert width(VARIANTS, chosen) == 9


def test_a_contract_broken_by_a_setting_is_a_warning() -> None:
    (found,) = compile(VARIANTS, setting("width=5")).diagnostics
    assert (found.code, found.severity.value) == ("E0701", "warning")


def test_an_unknown_variant_is_refused_with_the_nearest() -> None:
    (found,) = compile(VARIANTS, Settings(variant="smal")).diagnostics
    assert (found.code, found.help) == ("E0220", "did you mean `small`?")


# Defaults


def test_a_default_holds_for_uses_written_in_the_file() -> None:
    made = graph_of(
        net("- conv: 4\n- conv: {filters: 5, kernel: 3}", rest="defaults: {conv: {kernel: 1, bias: false}}")
    )
    assert [node.op.model_dump()["kernel"] for node in made.nodes] == [(1,), (3,)]
    assert [[weight.name for weight in node.weights] for node in made.nodes] == [["kernel"], ["kernel"]]


def test_a_default_reaches_blocks_of_the_file_and_not_those_of_the_library() -> None:
    rest = "defaults: {conv: {bias: false, padding: same}}\nblocks: {unit: {layers: [conv: {filters: 4, kernel: 3}]}}"
    made = graph_of(net("- unit\n- conv_relu: {filters: 4, kernel: 3}", rest=rest))
    assert [len(node.weights) for node in made.nodes if node.word == "conv"] == [1, 2]


def test_a_default_for_a_standard_block_sets_its_parameter() -> None:
    made = graph_of(net("- conv_bn: {filters: 4, kernel: 1}", rest="defaults: {conv_bn: {epsilon: 0.5}}"))
    (norm,) = [node for node in made.nodes if node.word == "batch_norm"]
    assert norm.op.model_dump()["epsilon"] == 0.5


def test_a_default_reaches_layers_given_as_an_argument() -> None:
    rest = """
    defaults: {dense: {units: 3}}
    blocks: {twice: {parameters: {body: layers}, layers: [use: $body, use: $body]}}
    """
    made = graph_of(net("- twice: {body: [dense]}", rest=rest, inputs="{v: [8]}"))
    assert [node.shapes[0].channels for node in made.nodes] == [3, 3]


@pytest.mark.parametrize(
    ("default", "code"),
    [
        ("conv: {colour: red}", "E0501"),
        ("add: {axis: rows}", "E0509"),
        ("dense: {units: 3}", "E0509"),
        ("covn: {bias: false}", "E0509"),
        ("conv: {bias: perhaps}", "E0502"),
        ("conv: 3", "E0203"),
    ],
)
def test_a_default_without_effect_or_with_a_mistake_is_an_error(default: str, code: str) -> None:
    found = compiled(net("- conv: {filters: 4, kernel: 1}", rest=f"defaults: {{{default}}}")).diagnostics
    assert [(one.code, one.position[0]) for one in found] == [(code, 4)]


def test_numbers_and_words_mean_what_they_look_like() -> None:
    # YAML 1.2's core table by the field's type; 1.1 would make false, 15, 750 and a word of these.
    for text, expected in (("017", 17), ("0o17", 15), ("0x10", 16), ("1e1", 10), ("+5", 5)):
        assert width(spec("let: {width: " + text + "}")) == expected
    for text in ("no", "12:30", "1_000", "0b1", "'4'"):
        assert codes(spec("let: {width: " + text + "}")) == ["E0502"]
