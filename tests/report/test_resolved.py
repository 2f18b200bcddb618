"""A resolved spec is itself a spec, and the same network: same paths, fields, shapes, outputs."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest

from archspec import zoo
from archspec.cli import main
from archspec.cli.status import WRONG_USAGE
from archspec.compiler import compile_spec
from archspec.diagnostics import DiagnosticSink, SourceFile
from archspec.ir.graph import Graph
from archspec.ir.printer import print_graph
from archspec.resolving import resolve
from tests.networks import compile_network, with_variants


def compiled(text: str) -> Graph:
    return compile_spec(SourceFile("net.yaml", text)).require_graph()


def resolved(text: str) -> str:
    return resolve(compile_spec(SourceFile("net.yaml", text)))


@pytest.mark.parametrize(("name", "variant"), list(with_variants()))
def test_the_resolved_form_of_a_spec_is_the_same_network(name: str, variant: str | None) -> None:
    compilation = compile_network(name, variant)
    assert print_graph(compiled(resolve(compilation))) == print_graph(compilation.require_graph())


def test_the_inputs_own_words_are_written() -> None:
    inputs = "{left: [height, 8, 3], right: [height, '?', 3], vector: ['?']}"
    joined = "{concat: {one: [{from: left}], other: [{from: right}]}, with: {axis: columns}}"
    layers = f"[{joined}, {{conv: {{filters: 4, kernel: 3}}}}]"
    text = f"archspec: 1\ninputs: {inputs}\nlayers: {layers}\n"
    again = resolved(text)
    assert 'inputs: {left: [height, 8, 3], right: [height, "?", 3], vector: ["?"]}' in again
    assert print_graph(compiled(again)) == print_graph(compiled(text))


def test_every_default_is_written() -> None:
    text = resolved("archspec: 1\ninputs: {x: [8, 8, 3]}\nlayers: [{conv: {filters: 4, kernel: 3}}]\n")
    fields = "filters: 4, kernel: 3, stride: 1, padding: valid, fill: zeros, dilation: 1, groups: 1, bias: true"
    assert f"- {{conv: {{{fields}, kernel_norm: none, activation: none}}, name: conv_1}}" in text


def test_each_value_has_its_origin_beside_it() -> None:
    text = resolved(
        """archspec: 1
inputs: {x: [8, 8, 3]}
defaults:
  conv: {padding: same}
  conv_bn: {padding: half}
layers:
  - conv: {filters: 4,
           kernel: 3}
  - {conv_bn: {filters: 4, kernel: 3}, name: unit}
  - global_average_pool
  - dense: 10
training:
  losses: {dense_1: {loss: cross_entropy_of_logits}}
  optimizer: {name: sgd, learning_rate: 0.1}
  epochs: 3
"""
    )
    comments = [line.partition("  # ")[2] for line in text.splitlines() if "  # " in line]
    assert comments[:5] == [
        "net.yaml:7; kernel: net.yaml:8; padding: net.yaml:4; by default: stride, fill, dilation, groups, bias, "
        "kernel_norm, activation",
        "<stdlib>/conv_bn.yaml:19, used at net.yaml:9; by default: fill, kernel_norm, activation",
        "<stdlib>/conv_bn.yaml:21, used at net.yaml:9; by default: center",
        "net.yaml:10; by default: keep_dims",
        "net.yaml:11; by default: bias, kernel_norm, activation",
    ]
    (optimizer,) = (line for line in text.splitlines() if line.startswith("  optimizer: "))
    assert "name" not in optimizer.partition("  # by default: ")[2]
    assert "  epochs: 3\n" in text
    assert "  precision: float32  # by default\n" in text


def test_a_file_s_odd_name_leaves_the_text_readable() -> None:
    source = SourceFile("odd\x07\n name.yaml", "archspec: 1\ninputs: {x: [8]}\nlayers: [relu]\n")
    assert "# odd?? name.yaml:3" in resolve(compile_spec(source))


def test_a_recipe_is_written_with_its_defaults_and_reads_back_equal() -> None:
    compilation = compile_spec(zoo.open_spec("lenet5", DiagnosticSink()))
    assert compile_spec(SourceFile("net.yaml", resolve(compilation))).recipe == compilation.recipe


HIDDEN = """
archspec: 1
inputs: {x: [4, 4, 2]}
blocks:
  unit:
    layers:
      - {relu, name: a}
      - concat:
          left: [{unit2: {}, name: inner}, {tanh, from: in}]
          right: [{sigmoid, name: a}, {add, from: [a, in]}]
  unit2:
    layers: [{relu, name: a}]
layers:
  - {relu, name: a}
  - {unit, name: u}
  - {split: 2, name: halves}
  - {concat, from: [halves/2, a], name: mixed}
outputs: [mixed, u]
"""


def test_values_that_inner_names_hide_several_outputs_and_shared_names_survive() -> None:
    assert print_graph(compiled(resolved(HIDDEN))) == print_graph(compiled(HIDDEN))


def test_the_first_of_several_values_is_told_from_all_of_them() -> None:
    layers = "[{split: 2, name: halves}, {relu, from: halves/1, name: a}, {concat, from: [halves/1, a], name: b}]"
    text = f"archspec: 1\ninputs: {{x: [4, 4, 2]}}\nlayers: {layers}\n"
    assert print_graph(compiled(resolved(text))) == print_graph(compiled(text))


NAMED_JOIN = """
archspec: 1
inputs: {x: [4, 4, 2]}
layers:
  - {relu, name: trunk}
  - add:
      main: [relu, {tanh, name: last}, {relu, name: beyond}, from: last]
      identity: []
      earlier: [from: x]
    name: sum
  - {side: [global_average_pool], name: head, only: training}
  - {max_pool: 2, name: end}
outputs: [end, head]
"""


def test_named_joins_with_identities_and_training_only_sides_survive() -> None:
    with_unused = NAMED_JOIN.replace(", {relu, name: beyond}, from: last", "")
    assert print_graph(compiled(resolved(with_unused))) == print_graph(compiled(with_unused))


IDLE = """archspec: 1
inputs: {x: [4, 4, 2]}
layers:
  - {relu, name: trunk}
  - add: {one: [{tanh, name: k}, from: trunk], two: [{relu, from: one/k}]}
    name: sum
"""


def test_a_network_without_an_expanded_form_is_said_to_have_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = tmp_path / "idle.yaml"
    spec.write_text(IDLE)
    try:
        assert main(["resolve", str(spec)]) == WRONG_USAGE
    finally:
        gc.enable()  # a command collects no cycles, and the suite should
    assert "this network has no expanded form: the branch `one` of `sum` gives nothing" in capsys.readouterr().err
