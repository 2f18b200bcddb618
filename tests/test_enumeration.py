"""Search spaces from end to end: every member's figures are those of a compilation of its own."""

from __future__ import annotations

import random
from collections.abc import Mapping
from pathlib import Path

import pytest

from archspec.analysis.cost import totals
from archspec.analysis.figures import FIGURES
from archspec.api import members
from archspec.compiler import compile_spec
from archspec.diagnostics import DiagnosticSink, SourceFile, SpecError
from archspec.elaboration.search import as_range
from archspec.elaboration.settings import Settings, read_setting
from archspec.enumeration import Enumeration, Member, Refused
from archspec.report.figures import plain
from archspec.syntax.tree import Tree
from tests.networks import NETWORKS
from tests.search_spaces import SPACES

NETWORK_SPACES: Mapping[str, tuple[str, ...]] = {
    "resnet50": ("classes=[2, 10, 1000]",),
    "vgg16": ("classes=[2, 10]",),
    "keras/resnet50": ("classes=[3, 10]",),
    "language/resnet": ("unit=[basic, bottleneck]", "depths=[[1, 1, 1, 1], [3, 4, 6, 3], [2, 1]]", "classes=[10]"),
    "language/mobilenet_v3": ("last=[512, 1024]", "classes=[10, 100]"),
    "language/nasnet": ("filters=[44, 168, 45]", "stem=[32]", "cells=[1, 2]", "older=[prev, cur]"),
    "language/vgg": ("depths=[[1, 1, 2, 2, 2], [2, 2]]",),
}
"""Spaces, as a command line gives them, over whole networks of the project."""


def settings_of(texts: tuple[str, ...]) -> dict[str, Tree]:
    read = [read_setting("--search", text, DiagnosticSink()) for text in texts]
    return {name: as_range(node) for name, node in filter(None, read)}


def test_each_member_of_a_space_has_the_figures_of_its_own_compilation() -> None:
    legal = illegal = 0
    for name, text in SPACES.items():
        source = SourceFile(f"{name}.yaml", text)
        legal, illegal = (a + b for a, b in zip((legal, illegal), hold_all(source, Settings(), {}), strict=True))
    # The products of the spaces' sizes. Of "members that are not legal" four are not: those whose kernel exceeds the
    # image, and those whose width is not that of the identity beside it.
    assert legal + illegal == 18 + 4 + 2 + 6 + 3 + 9 + 9 + 4 + 3 + 6 + 6 + 4 + 6
    assert illegal >= 4


@pytest.mark.parametrize("name", NETWORK_SPACES)
def test_each_member_of_a_network_has_the_figures_of_its_own_compilation(name: str) -> None:
    source = SourceFile(str(NETWORKS[name]), NETWORKS[name].read_text(encoding="utf-8"))
    legal, _ = hold_all(source, Settings(), settings_of(NETWORK_SPACES[name]))
    assert legal > 0


def hold_all(source: SourceFile, settings: Settings, search: Mapping[str, Tree], most: int = 60) -> tuple[int, int]:
    """Hold the members of a space, or a choice of them, against compilations; how many are legal, and how many not."""
    enumeration = Enumeration(source, settings, search=search)
    found = list(enumeration.steps())
    legal = sum(isinstance(one, Member) for one in found)
    assert len(found) == enumeration.size == enumeration.tried
    for one in random.Random(source.name).sample(found, min(most, len(found))):
        given = [read_setting("--set", f"{name}={value}", DiagnosticSink()) for name, value in one.written.items()]
        alone = compile_spec(source, Settings(settings.variant, {**settings.parameters, **dict(filter(None, given))}))
        assert (alone.graph is not None) == isinstance(one, Member), one
        if isinstance(one, Member):
            expected = totals(alone.require_graph().for_inference())
            assert one.figures == {figure: plain(FIGURES[figure](expected)) for figure in FIGURES}
        elif one.diagnostics:
            assert [found.headline for found in one.diagnostics] == [found.headline for found in alone.diagnostics]
    return legal, enumeration.illegal


PARENT = """
archspec: 1
parameters: {width: {type: int, default: 4}, rate: {type: number, default: 0.5}}
inputs: {image: [8, 8, 4]}
blocks: {unit: blocks.yaml, own: {parameters: {width: int}, layers: [conv: {filters: $width, kernel: 1}, relu]}}
defaults: {own: {width: $width}}
layers:
  - {unit: $width, name: first}
  - {unit: $width, name: second}
  - {own, name: third}
  - {own, name: fourth}
  - {dropout: $rate, name: drop}
"""
BLOCKS = """
archspec: 1
parameters: {kernel: {type: int, default: 3}}
defaults: {conv: {kernel: $kernel, padding: same}}
blocks:
  unit: {parameters: {width: int}, layers: [{conv: {filters: $width}, name: conv}, {relu, name: act}]}
"""
CHILD = """
archspec: 1
parameters:
  width: {type: int, default: 4, search: [4, 5, 6]}
  wide: {type: int, default: 8, search: [8, 9]}
extends:
  spec: parent.yaml
  with: {width: $width}
  patch:
    - {set: second/conv, with: {filters: $wide}}
    - {insert_after: third, layers: [{conv: {filters: $wide, kernel: 1}, name: more}]}
"""


def test_files_that_extend_and_take_blocks_of_others(tmp_path: Path) -> None:
    for name, text in {"parent": PARENT, "blocks": BLOCKS, "child": CHILD}.items():
        (tmp_path / f"{name}.yaml").write_text(text)
    legal, illegal = hold_all(SourceFile(str(tmp_path / "child.yaml"), CHILD), Settings(), {})
    assert (legal, illegal) == (6, 0)
    # By hand, for width 4 and wide 8: units of 3·3·4·4 + 4 and 3·3·4·8 + 8, `own` of 8·4 + 4, the inserted layer of
    # 4·8 + 8, `own` of 8·4 + 4.
    first = next(iter(members(tmp_path / "child.yaml")))
    assert first.figures["params"] == (144 + 4) + (288 + 8) + 36 + 40 + 36


PLAIN = """
archspec: 1
parameters:
  width: {type: int, default: 4, min: 1, search: {from: 2, to: 6, step: 2}}
  act: {type: word, default: relu, search: [relu, tanh]}
inputs: {vector: [3]}
layers: [dense: {units: $width, activation: $act}]
"""


def found(text: str = PLAIN, **given: object) -> list[Member]:
    return list(Enumeration(SourceFile("net.yaml", text), **given))  # type: ignore[arg-type]


def test_members_are_the_product_in_the_order_declared() -> None:
    assert [one.parameters for one in found()] == [
        {"width": width, "act": act} for width in (2, 4, 6) for act in ("relu", "tanh")
    ]
    # 3 inputs and a bias to each unit.
    assert [one.figures["params"] for one in found()] == [8, 8, 16, 16, 24, 24]
    assert {one.figures["macs"] for one in found(where="width == 6")} == {18}


@pytest.mark.parametrize(
    ("where", "widths"),
    [
        ("params <= 16", [2, 2, 4, 4]),
        ("params <= 0.016K and act == 'tanh'", [2, 4]),
        ("width > 2 and macs < 18", [4, 4]),
        ("not (depth == 1)", []),
        ("max(params, 20) == params", [6, 6]),
        ("params >= 1_6", [4, 4, 6, 6]),
    ],
)
def test_a_condition_is_on_figures_and_parameters(where: str, widths: list[int]) -> None:
    assert [one.parameters["width"] for one in found(where=where)] == widths


@pytest.mark.parametrize(
    ("where", "code", "column"),
    [
        ("parms < 5M", "E0602", 1),
        ("params < 5M and wdith > 3", "E0602", 17),
        ("params <", "E0601", 9),
        ("params + 1", "E0604", 1),
        ("params < 5X", "E0601", 11),
        ("width / (width - width) > 1", "E0602", 1),
        ("vector.channels > 1", "E0602", 1),
        ("act < 3", "E0602", 1),
    ],
)
def test_a_condition_that_is_none_is_shown_at_its_place(where: str, code: str, column: int) -> None:
    with pytest.raises(SpecError) as caught:
        found(where=where)
    (first, *_) = caught.value.diagnostics
    assert (first.code, first.position) == (code, (1, column))


def test_a_condition_on_what_is_open_says_so() -> None:
    text = PLAIN.replace("[3]", "[height, width_, 3]").replace(
        "dense: {units: $width,", "conv: {filters: $width, kernel: 1,"
    )
    assert [one.figures["macs"] for one in found(text, where="params == 8")] == ["6*height*width_", "6*height*width_"]
    with pytest.raises(SpecError) as caught:
        found(text, where="macs < 3M")
    assert caught.value.diagnostics[0].help == "state the size with `--input`"


def test_only_what_a_condition_asks_for_is_elaborated() -> None:
    text = PLAIN.replace("layers: [", "layers: [max_pool: 9, ")  # no member is legal
    enumeration = Enumeration(SourceFile("net.yaml", text), where="width == 2 and params < 5M")
    assert list(enumeration) == []
    assert (enumeration.tried, enumeration.illegal) == (6, 2)


def test_members_that_are_not_legal_are_counted_and_the_first_told() -> None:
    text = PLAIN.replace("act: {", "times: {type: int, default: 1, search: {from: 1, to: 10}}\n  act: {")
    text = text.replace("layers: [", "layers: [{dense: 2, when: $(times > 2)}, {flatten: 1, when: $(times < 9)}, ")
    refused = [one for one in Enumeration(SourceFile("net.yaml", text)).steps() if isinstance(one, Refused)]
    assert len(refused) == 3 * 8 * 2
    assert [bool(one.diagnostics) for one in refused] == [True] * 5 + [False] * 43


def test_what_is_set_is_not_searched_and_something_must_be() -> None:
    source = SourceFile("net.yaml", PLAIN)
    given = settings_of(("width=4",))
    assert [one.parameters for one in Enumeration(source, Settings(parameters=given))] == [
        {"act": "relu"},
        {"act": "tanh"},
    ]
    with pytest.raises(SpecError, match="E0227"):
        Enumeration(source, Settings(parameters=settings_of(("width=4", "act=relu"))))
    with pytest.raises(SpecError, match="E0219"):
        Enumeration(source, Settings(parameters=given), search=settings_of(("width=1..2",)))
    with pytest.raises(SpecError, match="E0221"):
        Enumeration(source, Settings(parameters=settings_of(("wdith=4",))))
    with pytest.raises(SpecError, match="E0220"):
        Enumeration(source, Settings("wide"))


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("width=1..3", [1, 2, 3]),
        ("width=2..9/3", [2, 5, 8]),
        ("width=[7]", [7]),
        ("width={from: 1, to: 5, step: 4}", [1, 5]),
    ],
)
def test_a_space_from_outside_stands_for_the_files_own(text: str, values: list[int]) -> None:
    found_ = found(search=settings_of((text,)), where="act == 'relu'")
    assert [one.parameters["width"] for one in found_] == values


def test_a_range_of_fractions_is_exact() -> None:
    text = "archspec: 1\nparameters: {rate: {type: number, default: 0, search: {from: 0.1, to: 0.4, step: 0.1}}}\n"
    text += "inputs: {x: [3]}\nlayers: [dropout: $rate]\n"
    assert [one.parameters["rate"] for one in found(text)] == [0.1, 0.2, 0.3, 0.4]
    assert [one.written["rate"] for one in found(text)] == ["0.1", "0.2", "0.3", "0.4"]


def test_a_space_without_end_is_begun_at_once() -> None:
    wide = "".join(f"  p{number}: {{type: int, default: 1, search: {{from: 1, to: 10000}}}}\n" for number in range(9))
    text = PLAIN.replace("parameters:\n", f"parameters:\n{wide}")
    enumeration = Enumeration(SourceFile("net.yaml", text))
    assert enumeration.size == 10**36 * 6
    assert next(iter(enumeration)).parameters["act"] == "relu"


def test_from_python(tmp_path: Path) -> None:
    path = tmp_path / "net.yaml"
    path.write_text(PLAIN)
    assert len(list(members(path, where="params < 20"))) == 4
    assert [one.parameters for one in members(path, search={"width": range(1, 3)}, act="tanh")] == [
        {"width": 1},
        {"width": 2},
    ]
    assert len(list(members(path, search={"width": "2..8/2"}))) == 8
