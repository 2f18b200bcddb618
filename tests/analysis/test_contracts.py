"""`expect:` against what comes out. All figures are counted by hand, beside the spec."""

from __future__ import annotations

import pytest

from archspec.compiler import compile_spec
from archspec.diagnostics import Diagnostic, Severity, SourceFile, Span
from archspec.elaboration.settings import Settings
from archspec.syntax import tree
from tests.compiled import compiled

# first: 3·3·4·2 + 2 = 74 parameters, 6·6·2·(3·3·4) = 2,592 MACs, 6·6·2·(3·3·4 + 1) = 2,664 connections.
# norm:  4·2 = 8 parameters, 4 of them trainable. last: 72·3 + 3 = 219, 216 MACs, 219 connections.
# head:  2·1 + 1 = 3, 2 MACs, 3 connections, in training alone.
SPEC = """\
archspec: 1
name: net
inputs: {image: [8, 8, 4]}
parameters: {width: {type: int, default: 3}}
blocks:
  body:
    layers:
      - {conv: {filters: 2, kernel: 3}, name: first}
      - {batch_norm, name: norm}
layers:
  - {body, name: trunk}
  - {side: [global_average_pool, {dense: 1, name: score}], name: head, only: training}
  - flatten
  - {dense: $width, name: last}
outputs: [last, head]
expect:
"""


def findings(expect: str) -> list[Diagnostic]:
    """What is reported of a contract, one entry of `expect`."""
    return list(compiled(f"{SPEC}  {expect}\n").diagnostics)


@pytest.mark.parametrize(
    "expect",
    [
        "params: 301",
        "trainable: 297",
        "non_trainable: 4",
        "macs: 2808",
        "connections: 2883",
        "depth: 2",
        "params: <= 301",
        "params: < 302",
        "params: 300 .. 302",
        "params: 300 +- 1%",
        "params: {inference: 301, training: 304}",
        "macs: {training: 2810}",
        "nodes: {trunk: {params: 82, trainable: 78, shape: [6, 6, 2], depth: 1}}",
        "nodes: {trunk/first: {macs: 2592, connections: 2664}, last: {params: 219}}",
        "nodes: {head: {params: 3, shape: [1]}}",
        "nodes: {head: {params: {training: 3}}}",
        "outputs: {last: [3], head: [1]}",
        "cite: {title: anything, at: [all]}",
        "nodes: {last: {params: 219, cite: table 1}}",
    ],
)
def test_a_true_contract_is_silent(expect: str) -> None:
    assert findings(expect) == []


@pytest.mark.parametrize(
    ("expect", "headline"),
    [
        ("params: 300", "`params` is 301, and the contract says `300`"),
        ("params: < 301", "`params` is 301, and the contract says `< 301`"),
        ("macs: 1 .. 2K", "`macs` is 2,808, and the contract says `1 .. 2K`"),
        ("params: {inference: 301, training: 301}", "`params` in training is 304, and the contract says `301`"),
        ("nodes: {trunk: {params: 83}}", "`trunk`: `params` is 82, and the contract says `83`"),
        ("nodes: {head: {params: 4}}", "`head`: `params` is 3, and the contract says `4`"),
        ("nodes: {trunk: {shape: [6, 6, 3]}}", "`trunk` has shape [6, 6, 2], and the contract says [6, 6, 3]"),
        ("nodes: {trunk: {shape: [6, 6]}}", "`trunk` has shape [6, 6, 2], and the contract says [6, 6]"),
        ("nodes: {trunk: {shape: [6, 6, ²]}}", "`trunk` has shape [6, 6, 2], and the contract says [6, 6, ²]"),
        ("outputs: {last: [4]}", "`last` has shape [3], and the contract says [4]"),
        ("outputs: {last: 4}", "`last` has shape [3], and the contract says [4]"),
    ],
)
def test_a_false_contract_shows_both_values(expect: str, headline: str) -> None:
    (found,) = findings(expect)
    assert (found.code, found.headline) == ("E0701", headline)
    assert found.position[0] == SPEC.count("\n") + 1


@pytest.mark.parametrize(
    ("expect", "headline", "help_"),
    [
        ("parms: 5", "a contract has no key `parms`", "did you mean `params`?"),
        ("params: {inferense: 5}", "a contract has no key `inferense`", "did you mean `inference`?"),
        ("nodes: {last: {parms: 5}}", "a contract has no key `parms`", "did you mean `params`?"),
        ("params: many", "`params` must be a figure, got `many`", "write a number, `<= 5M`, `5M .. 6M` or `60M +- 1%`"),
        ("params: [5]", "`params` must be a figure, got a list", "write a number, `<= 5M`, `5M .. 6M` or `60M +- 1%`"),
        ("params: {}", "`params` must be a figure, or one for `inference` and one for `training`", None),
        ("nodes: 5", "`nodes` must name nodes, each with its contracts, got `5`", None),
        ("nodes: {}", "`nodes` must name nodes, each with its contracts, got a mapping", None),
        ("nodes: {last: 219}", "`last` must name contracts, got `219`", None),
        ("nodes: {last: {shape: {}}}", "a shape must be a list of sizes, got a mapping", None),
        ("nodes: {last: {shape: [[3]]}}", "a shape must be a list of sizes, got a list", None),
        ("outputs: 5", "`outputs` must name outputs, each with its shape, got `5`", None),
        ("outputs: {last: []}", "a shape must be a list of sizes, got a list", None),
    ],
)
def test_a_contract_that_says_nothing_is_refused(expect: str, headline: str, help_: str | None) -> None:
    (found,) = findings(expect)
    assert (found.code, found.headline, found.help) == ("E0702", headline, help_)


@pytest.mark.parametrize(
    ("expect", "headline", "help_"),
    [
        ("nodes: {trunk/frist: {params: 5}}", "there is no node or block `trunk/frist`", "did you mean `trunk/first`?"),
        ("nodes: {tru: {params: 5}}", "there is no node or block `tru`", "did you mean `trunk`?"),
        ("outputs: {lost: [3]}", "there is no output `lost`", "there are `last`, `head`"),
    ],
)
def test_a_node_that_is_not_there_is_named(expect: str, headline: str, help_: str) -> None:
    (found,) = findings(expect)
    assert (found.code, found.headline, found.help) == ("E0703", headline, help_)


def test_the_place_is_the_contracts_value() -> None:
    (found,) = findings("params: 300")
    assert found.primary is not None
    assert (found.primary.span.column, found.primary.span.end_column) == (11, 14)


def test_several_are_reported_at_once() -> None:
    assert len(findings("nodes: {last: {params: 1, macs: 2, shape: [1]}, lost: {}}")) == 4


OPEN = """
archspec: 1
name: net
inputs: {image: [height, 8, 4]}
layers: [{conv: {filters: 2, kernel: 3}, name: first}]
"""


def test_a_figure_that_is_open_is_no_match() -> None:
    (found,) = compiled(f"{OPEN}expect: {{macs: 5}}").diagnostics
    assert found.headline == "`macs` is open while an input's size is, and the contract says `5`"
    assert found.help == "state the size with `--input`"


@pytest.mark.parametrize("shape", ["[height, 6, 2]", "['?', 6, 2]", "[height - 2, 6, 2]"])
def test_an_open_size_is_a_word_or_a_question_mark_or_its_formula(shape: str) -> None:
    assert compiled(f"{OPEN}expect: {{nodes: {{first: {{shape: {shape}}}}}}}").diagnostics == ()
    (found,) = compiled(f"{OPEN}expect: {{nodes: {{first: {{shape: [6, 6, 2]}}}}}}").diagnostics
    assert found.headline == "`first` has shape [height - 2, 6, 2], and the contract says [6, 6, 2]"


@pytest.mark.parametrize("shape", ["[height - 4, 6, 2]", "[height-2, 6, 2]", "[height - 2, width, 2]"])
def test_another_formula_is_no_match(shape: str) -> None:
    (found,) = compiled(f"{OPEN}expect: {{nodes: {{first: {{shape: {shape}}}}}}}").diagnostics
    assert found.headline == f"`first` has shape [height - 2, 6, 2], and the contract says {shape}"


def test_a_node_of_several_values_has_no_one_shape() -> None:
    text = "archspec: 1\nname: net\ninputs: {given: [4]}\nlayers: [{split: [1, 3], name: parts}]\n"
    (found,) = compiled(f"{text}expect: {{nodes: {{parts: {{shape: [1]}}}}}}").diagnostics
    assert found.headline == "`parts` has shape [1] and [3], and the contract says [1]"


def test_under_settings_from_outside_a_broken_contract_is_a_warning() -> None:
    width = tree.Scalar("4", False, Span(SourceFile("--set", "4"), 1, 1, 1, 2))
    source = SourceFile("spec.yaml", f"{SPEC}  params: 301\n")
    (found,) = compile_spec(source, Settings(parameters={"width": width})).diagnostics
    assert (found.code, found.severity) == ("E0701", Severity.WARNING)
    # 72·4 + 4 = 292 for the last layer.
    assert found.headline == "`params` is 374, and the contract says `301`"
