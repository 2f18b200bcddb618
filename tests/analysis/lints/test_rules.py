"""The rules as a whole: found by name, each with its entry; what they say of published networks; what they edit."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from archspec.analysis import lints
from archspec.analysis.lints import find_lints, rules
from archspec.diagnostics import Diagnostic, SourceFile
from archspec.diagnostics.codes import CODES
from archspec.diagnostics.fixes import apply, choose
from archspec.elaboration.settings import Settings
from archspec.linting import lint
from archspec.ops import find, words
from tests.compiled import compiled, graph_of
from tests.networks import WRITTEN_OUT, compile_network

ASKED = {
    "vgg16": {"L1304"},  # 103 of 138 million parameters in fc6: arXiv:1312.4400 names such layers
    "vgg": {"L1304"},
    "torchvision/vgg": {"L1304"},
    "alexnet": {"L1304"},
    "torchvision/alexnet": {"L1304"},
    "nin": {"L1202"},  # 224 - 11 is no multiple of 4
    "resnet": {"L1201"},
    "torchvision/squeezenet": {"L1202"},  # 224 - 3 is odd, and the stride 2
    "language/vgg": {"L1304"},
    # Of these lessons what is asked is the subject.
    "lessons/classifier": {"L1304"},
    "lessons/linear_layers": {"L1102"},
    "lessons/overlapping_pooling": {"L1202"},
    "lessons/shortcut": {"L1301"},
    "resnet50": {"L1201"},  # 1x1 of stride 2 on both ways through a unit: arXiv:1812.01187, section 4.2
    "language/resnet": {"L1201"},
    "keras/nasnetmobile": {"L1202"},
    "keras/resnet101": {"L1101", "L1201"},
    "keras/resnet152": {"L1101", "L1201"},
    "keras/vgg16": {"L1304"},
    "keras/vgg19": {"L1304"},
    "keras/resnet50": {"L1101", "L1201"},  # Keras' form has biases before its batch normalizations
    "language/crnn": {"L1101"},  # the paper's convolutions have biases before its batch normalizations
    "language/nasnet": {"L1202"},  # likewise the stem of the mobile variant
}
"""What an author of each published network would be asked, with the reason; of the others nothing."""


def edited(text: str) -> str:
    """A text after the edits that lints offer."""
    source = SourceFile("net.yaml", text)
    found = find_lints(graph_of(text), None, lambda _: True)
    return apply(source, [one.fix for one in choose(found)])


@pytest.mark.parametrize("name", WRITTEN_OUT)
def test_of_a_published_network_is_asked_what_its_author_would_expect(name: str) -> None:
    compilation = compile_network(name)
    found = lint(compilation, Settings(), lambda _: True).found
    assert {one.code for one in found} == ASKED.get(name, set()), [one.headline for one in found]


def test_every_file_is_a_rule_with_a_code_of_its_own_and_an_entry() -> None:
    folder = Path(lints.__file__).parent
    files = [path.stem for path in folder.glob("*.py") if not path.stem.startswith("_")]
    codes = [rule.CODE for rule in rules()]
    assert len(codes) == len(files) >= 14
    assert len(set(codes)) == len(codes)
    assert set(codes) == {code for code in CODES if re.match("L1[123]", code)}


def test_rules_that_are_not_chosen_do_not_run() -> None:
    graph = graph_of("archspec: 1\ninputs: {image: [13, 13, 3]}\nlayers: [max_pool: 2]\n")
    assert [one.code for one in find_lints(graph, None, lambda _: True)] == ["L1202"]
    assert find_lints(graph, None, lambda code: code != "L1202") == ()


@pytest.mark.parametrize("word", sorted(words()))
def test_an_ops_example_can_be_linted(word: str) -> None:
    op = find(word)
    assert op is not None
    compilation = compiled(op.example)
    assert isinstance(lint(compilation, Settings(), lambda _: True).found, tuple)


SHARED = """\
archspec: 1
inputs: {image: [32, 32, 3]}
defaults: {conv: {bias: true, kernel: 3}}
layers:
  - conv: 8
  - batch_norm
  - relu
  - conv: 8
  - {LAST}
"""


def test_a_field_that_many_lines_read_is_edited_only_where_all_of_them_want_it() -> None:
    assert edited(SHARED.replace("{LAST}", "relu")) == SHARED.replace("{LAST}", "relu")
    text = SHARED.replace("{LAST}", "batch_norm")
    assert edited(text) == text.replace("bias: true", "bias: false")


@pytest.mark.parametrize("bias", ["$biased", "$(1 > 0)"])
def test_a_field_that_is_computed_is_not_edited(bias: str) -> None:
    text = f"""\
archspec: 1
let: {{biased: true}}
inputs: {{image: [32, 32, 3]}}
layers:
  - conv: {{filters: 8, kernel: 3, bias: {bias}}}
  - batch_norm
  - relu
"""
    assert edited(text) == text


def test_the_place_inside_a_standard_block_is_the_users_line_and_that_of_a_block_of_their_own_its_line() -> None:
    text = """\
archspec: 1
inputs: {image: [32, 32, 3]}
blocks:
  unit:
    layers:
      - conv_bn_relu: {filters: 8, kernel: 3, bias: true}
layers:
  - unit
  - unit
"""
    (found,) = find_lints(graph_of(text), None, lambda _: True)
    assert _place(found) == (6, "in this block")
    assert [(label.span.line, label.text) for label in found.labels] == [(8, "used here")]
    assert "the line is <stdlib>/conv_bn_relu.yaml:18:9" in found.notes
    assert "another node of this line: `unit_2/conv_bn_relu_1/conv`" in found.notes


def _place(found: Diagnostic) -> tuple[int, str]:
    assert found.primary is not None
    return found.primary.span.line, found.primary.text
