"""`format_spec`: each rule on a small text, and on any text the promise that nothing but white space changes."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from archspec import zoo
from archspec.compiler import compile_spec
from archspec.diagnostics import SourceFile, SpecError
from archspec.elaboration.modules import FOLDER
from archspec.report.summary import summary_json
from archspec.syntax import formatter, lexemes
from archspec.syntax.formatter import FormattingError, format_spec
from archspec.syntax.layout import lay_out
from tests.networks import NETWORKS
from tests.pages import PAGES, specs_in
from tests.strategies import Spec, specs
from tests.syntax.layout_cases import ALL_OF_YAML, FORMATTED, RULES
from tests.syntax.layouts import comments, edited, reindented, respaced, said

SHIPPED = [NETWORKS[name] for name in zoo.names()]
STANDARD = sorted(FOLDER.glob("*.yaml"))
TEXTS = {
    **{path.relative_to(path.parents[1]).as_posix(): path.read_text(encoding="utf-8") for path in SHIPPED + STANDARD},
    **{f"{page.name} {place}": text for page in PAGES for place, text in enumerate(specs_in(page), start=1)},
}


def formatted(text: str) -> str:
    """A text formatted."""
    return format_spec(SourceFile("spec.yaml", text))


@pytest.fixture(params=[yaml.SafeLoader, getattr(yaml, "CSafeLoader", yaml.SafeLoader)], ids=["Python", "libyaml"])
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both of PyYAML's scanners."""
    monkeypatch.setattr(lexemes, "LOADER", request.param)


@pytest.mark.parametrize("rule", RULES)
def test_each_rule(rule: str, parser: None) -> None:
    before, after = RULES[rule]
    assert formatted(before) == after
    assert formatted(after) == after


def test_all_rules_together(parser: None) -> None:
    assert formatted(ALL_OF_YAML) == FORMATTED
    assert said(FORMATTED) == said(ALL_OF_YAML)
    assert formatted(FORMATTED) == FORMATTED


@pytest.mark.parametrize("path", SHIPPED + STANDARD, ids=lambda path: path.stem)
def test_what_is_shipped_is_formatted(path: Path) -> None:
    text = path.read_bytes().decode()
    assert formatted(text) == text


@pytest.mark.parametrize("name", [name for name in TEXTS if ".md " in name])
def test_the_specs_on_the_pages_are_formatted(name: str) -> None:
    assert formatted(TEXTS[name]) == TEXTS[name]


REFUSED = [
    ("a: {b: 1\n", "E0105"), ("a:\n\tb: 1\n", "E0103"), ("a: 1\na: 2\n", "E0111"), ("a: 1\n---\nb: 1\n", "E0107"),
    ("a: !b c\n", "E0108"), ("%YAML 1.2\n---\na: 1\n", "E0108"), ("# nothing\n", "E0104"), ("- a\n", "E0201"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "code"), REFUSED)
def test_what_cannot_be_read_is_refused(text: str, code: str) -> None:
    with pytest.raises(SpecError) as refused:
        formatted(text)
    assert code in [found.code for found in refused.value.diagnostics]


def test_a_text_that_would_grow_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formatter, "MAX_BYTES", 18)
    assert formatted("a: [1,2,3,4]\n") == "a: [1, 2, 3, 4]\n"
    with pytest.raises(SpecError, match=r"E0101.* may have 18 bytes, and formatted this one has 19"):
        formatted("a: [1,2,3,4,5]\n")


@pytest.mark.parametrize(
    "wrong",
    [
        lambda text: text.replace("1", "2"),
        lambda text: text.replace("'", '"').replace('"x"', "x"),
        lambda text: text.replace("# c", ""),
        lambda text: text + "d: 1\n",
        lambda text: text + "{",
    ],
)
def test_a_mistake_of_the_layout_is_noticed(wrong: Callable[[str], str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formatter, "lay_out", lambda found: wrong(lay_out(found)))
    with pytest.raises(FormattingError):
        formatted("a: 1 # c\nb: 'x'\n")


@settings(max_examples=150, deadline=None)
@given(name=st.sampled_from(sorted(TEXTS)), random=st.randoms(use_true_random=False))
def test_any_indentation_is_undone(name: str, random: Random) -> None:
    text = TEXTS[name]
    other = reindented(text, random)
    assert said(other) == said(text), "the test's own change is sound"
    # Comments that meet in one column by chance stay in one.
    assert re.sub(" +#", " #", formatted(other)) == re.sub(" +#", " #", text)


@settings(max_examples=150, deadline=None)
@given(name=st.sampled_from(sorted(TEXTS)), random=st.randoms(use_true_random=False))
def test_any_white_space_leaves_the_meaning_alone(name: str, random: Random) -> None:
    text = TEXTS[name]
    other = respaced(reindented(text, random), random)
    assert said(other) == said(text), "the test's own change is sound"
    after = formatted(other)
    assert said(after) == said(text)
    assert comments(after) == comments(text)
    assert formatted(after) == after
    lines = after.split("\n")
    assert lines[-1] == ""
    assert lines[0] and lines[-2] and "\n\n\n" not in after
    assert all(line == line.rstrip() for line in lines)


@settings(max_examples=60, deadline=None)
@given(spec=specs(), indent=st.integers(2, 6), width=st.integers(20, 120), flow=st.sampled_from((None, False, True)))
def test_what_yaml_writes_keeps_its_meaning(spec: Spec, indent: int, width: int, flow: bool | None) -> None:
    text = yaml.safe_dump(spec.document, sort_keys=False, default_flow_style=flow, width=width, indent=indent)
    after = formatted(text)
    assert said(after) == said(text)
    assert formatted(after) == after


@settings(max_examples=400, deadline=None)
@given(name=st.sampled_from(["all", *sorted(TEXTS)]), random=st.randoms(use_true_random=False))
def test_whatever_can_be_read_can_be_formatted(name: str, random: Random) -> None:
    text = edited(TEXTS.get(name, ALL_OF_YAML), random) + "\n"
    try:
        after = formatted(text)
    except SpecError:
        return
    assert said(after) == said(text)
    assert formatted(after) == after


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_the_summary_stays(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    after = formatted(respaced(reindented(text, Random(3)), Random(3)))
    summaries = [summary_json(compile_spec(SourceFile("spec.yaml", one)).require_graph()) for one in (text, after)]
    assert summaries[0] == summaries[1]


def test_the_texts_are_many() -> None:
    assert len(TEXTS) >= 30
