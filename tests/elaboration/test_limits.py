"""Bounds: a hostile spec ends in a diagnostic at its line, soon, and never in Python's own limits."""

from __future__ import annotations

import time

import pytest

from archspec.compiler import Compilation, check_variants, compile_spec
from archspec.diagnostics import SourceFile
from archspec.diagnostics.diagnostic import MOST_ERRORS
from archspec.elaboration.settings import Settings
from archspec.syntax.limits import MAX_NODES, MAX_VARIANTS
from tests.compiled import net

SECONDS = 60
"""Of the processor: no measurement, but an end to what would go on for minutes or for ever."""


def timed(text: str) -> Compilation:
    started = time.process_time()
    compilation = compile_spec(SourceFile("net.yaml", text))
    assert time.process_time() - started < SECONDS
    return compilation


def codes(layers: str, rest: str = "", inputs: str = "{vector: [8]}") -> list[str]:
    return [found.code for found in timed(net(layers, rest=rest, inputs=inputs)).diagnostics]


def nested(opening: str, inner: str, closing: str, depth: int) -> str:
    return opening * depth + inner + closing * depth


def test_a_chain_of_as_many_nodes_as_are_allowed_passes() -> None:
    graph = timed(net(f"- {{repeat: {MAX_NODES}, layers: [relu]}}")).require_graph()
    assert len(graph.nodes) == MAX_NODES


def test_a_chain_of_20000_written_lines_passes() -> None:
    assert len(timed(net("- relu\n" * MAX_NODES)).require_graph().nodes) == MAX_NODES


@pytest.mark.parametrize(
    ("layers", "code"),
    [
        ("- {repeat: 1000000000, layers: [relu]}", "E0802"),
        ("- {repeat: $(10 ** 30), layers: [relu]}", "E0802"),
        ("- {repeat: 20000, layers: [{repeat: 20000, layers: []}]}", "E0801"),
        ("- {repeat: 20000, layers: [{repeat: 20000, layers: [{relu, when: false}]}]}", "E0801"),
        ("- {repeat: 20000, layers: [{add: {x: {repeat: 20000, layers: []}}, name: j$index}]}", "E0801"),
        ("- {repeat: 20000, layers: [{repeat: 20000, layers: [relu]}]}", "E0803"),
        ("- {repeat: 20000, layers: [relu, relu]}", "E0803"),
        ("- {repeat: 20000, layers: [{relu, when: $(sum(range(10000)) > 0)}]}", "E0807"),
        ("- {repeat: 20000, layers: [{relu, when: $(len(range(9999) * range(9999)) > 0)}]}", "E0807"),
        ("- {repeat: 20000, layers: [cnov: 3]}", "E0305"),
        ("- {repeat: 20000, layers: [{relu, from: nowhere}]}", "E0301"),
        ("- {repeat: 20000, layers: [dense: {untis: 3}]}", "E0501"),
        ("- {repeat: 20000, layers: [dense: $n]}", "E0602"),
        ("- {repeat: 20000, layers: [{dense: 8, name: same}]}", "E0306"),
        ("- {repeat: 5000, layers: [{add: {x: [dense: 4], y: []}, name: j$index}]}", "E0412"),
        ("- dense: 1e299", "E0806"),
        ("- dense: 999999999999999999999999999999999999999999999e290", "E0502"),
        ("- dense: 1e99999999999999", "E0502"),
        ("- dropout: 0." + "1" * 5000, "E0502"),
    ],
)
def test_a_bomb_in_the_layers_is_one_mistake(layers: str, code: str) -> None:
    assert codes(layers) == [code]


def test_a_field_that_is_a_long_list_in_every_pass_ends_soon() -> None:
    assert codes("- {repeat: 20000, layers: [dense: {units: $(range(10000))}]}") == ["E0502", "E0807"]


@pytest.mark.parametrize("word", ["add", "concat", "parallel"])
def test_nested_joins_end_at_the_bound_and_not_in_pythons_stack(word: str) -> None:
    depth = 15  # of brackets; blocks multiply it
    blocks = "".join(
        f"  b{level}: {{layers: [{nested(f'{word}: {{x: [', f'b{level + 1}', ']}', depth)}]}}\n" for level in range(30)
    )
    assert codes("- b0", f"blocks:\n{blocks}  b30: {{layers: [relu]}}\n") == ["E0804"]


def test_blocks_nested_in_blocks_end_at_the_bound() -> None:
    blocks = "".join(f"  b{level}: {{layers: [b{level + 1}]}}\n" for level in range(5000))
    assert codes("- b0", f"blocks:\n{blocks}  b5000: {{layers: [relu]}}\n") == ["E0804"]


def test_layers_handed_on_and_on_end_at_the_bound() -> None:
    rest = "blocks: {grow: {parameters: {body: layers}, layers: [use: $body, use: $body]}}"
    assert codes("- " + nested("grow: {body: [", "relu", "]}", 16), rest) == ["E0801"]


def test_a_chain_of_definitions_is_followed_without_pythons_stack_or_ends_in_a_diagnostic() -> None:
    forwards = "let:\n  a0: 1\n" + "".join(f"  a{place}: $(a{place - 1} + 1)\n" for place in range(1, 5000))
    assert codes("- dense: $a4999", forwards) == []
    backwards = "let:\n" + "".join(f"  a{place}: $(a{place + 1} + 1)\n" for place in range(5000)) + "  a5000: 1\n"
    assert set(codes("- dense: $a0", backwards)) <= {"E0807"}


def test_an_expression_at_its_bound_inside_definitions_at_theirs_ends_in_a_diagnostic() -> None:
    long = "".join(f"  a{place}: $(a{place + 1}{' + 1' * 60})\n" for place in range(400)) + "  a400: 1\n"
    assert set(codes("- dense: $a0", f"let:\n{long}")) <= {"E0807"}


def test_a_bomb_of_doubling_lists_ends_at_the_bound() -> None:
    lines = "".join(f"  a{place}: [$a{place - 1}, $a{place - 1}]\n" for place in range(1, 40))
    assert set(codes("- dense: 3", f"let:\n  a0: [1, 1]\n{lines}")) <= {"E0807", "W0302"}


def test_a_file_with_a_mistake_on_every_line_ends_soon() -> None:
    found = timed(net("- cnov: 3\n" * 30_000)).diagnostics
    assert 0 < len(found) <= MOST_ERRORS
    found = timed("archspec: 1\n" + "".join(f"key{place}: 1\n" for place in range(50_000))).diagnostics
    assert 0 < len(found) <= MOST_ERRORS


def test_variants_have_a_bound() -> None:
    rows = "".join(f"  v{place}: {{width: {place + 1}}}\n" for place in range(MAX_VARIANTS + 1))
    text = "archspec: 1\nparameters: {width: {type: int, default: 4}}\nvariants:\n" + rows
    found = timed(text + "inputs: {vector: [8]}\nlayers: [dense: $width]\n").diagnostics
    assert [(one.code, one.position) for one in found] == [("E0805", (4 + MAX_VARIANTS, 3))]


def test_the_variants_of_a_large_network_are_checked_in_bounded_time() -> None:
    rows = "".join(f"  v{place}: {{width: {place + 1}}}\n" for place in range(MAX_VARIANTS))
    text = (
        "archspec: 1\nparameters: {width: {type: int, default: 4}}\nvariants:\n"
        + rows
        + "inputs: {vector: [8]}\nlayers: [{repeat: 20000, layers: [dense: $width]}]\n"
    )
    compilation = timed(text)
    started = time.process_time()
    assert [one.code for one in check_variants(compilation, Settings())] == ["W0801"]
    assert time.process_time() - started < SECONDS


def test_an_op_of_very_many_outputs_is_one_mistake() -> None:
    assert codes("- split: 1000000", inputs="{vector: [1000000]}") == ["E0806"]


@pytest.mark.parametrize("op", ["split: 1000000", "max_pool: 100000000", "pad: 1000000000", "reshape: [8, 1, 1, 1]"])
def test_an_op_with_a_huge_field_ends_soon(op: str) -> None:
    timed(net(f"- {op}", inputs="{image: [64, 64, 8]}"))


def test_a_mismatch_below_two_nodes_of_one_name_is_reported_and_not_walked_in_a_circle() -> None:
    layers = "- {dense: 8, name: a}\n- {dense: 8, name: a}\n- add: {main: [dense: 4], skip: []}"
    assert codes(layers) == ["E0306", "E0412"]
