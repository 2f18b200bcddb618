"""Documentation runs: docstrings' examples, every op's example, and the specs in README and docs."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import shlex
import textwrap
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

import archspec
from archspec.cli import main
from archspec.cli.status import OK
from archspec.ops import find, words
from tests.compiled import compiled
from tests.pages import CONSOLE, PAGES, specs_in, write_specs
from tests.plugins.files import gem_pool


def modules() -> Iterator[ModuleType]:
    """Every module of the package, but those that run when they are loaded."""
    for found in pkgutil.walk_packages(archspec.__path__, "archspec."):
        if not found.name.endswith("__main__"):
            yield importlib.import_module(found.name)


def test_examples_in_docstrings_run() -> None:
    finder, runner = doctest.DocTestFinder(exclude_empty=True), doctest.DocTestRunner()
    failures: list[str] = []
    for module in modules():
        for test in finder.find(module, module.__name__):
            runner.run(test, out=failures.append)
    assert not failures, "".join(failures)
    assert runner.tries >= 20, f"{runner.tries} examples were found"


def test_a_false_example_is_caught() -> None:
    runner = doctest.DocTestRunner()
    test = doctest.DocTestParser().get_doctest(">>> 1 + 1\n3\n", {}, "false", None, None)
    assert runner.run(test, out=lambda _: None).failed == 1


@pytest.mark.parametrize("word", sorted(words()))
def test_every_ops_example_is_a_sound_spec_that_uses_it(word: str) -> None:
    op = find(word)
    assert op is not None
    compilation = compiled(textwrap.dedent(op.example))
    assert compilation.diagnostics == ()
    assert word in {node.word for node in compilation.require_graph().nodes}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_specs_on_a_page_are_sound(page: Path) -> None:
    for text in specs_in(page):
        assert compiled(text).diagnostics == (), text


def test_the_commands_on_a_page_print_what_it_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    found = 0
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        write_specs(text, tmp_path)
        for arguments, output in CONSOLE.findall(text):
            assert main(shlex.split(arguments)) == OK
            assert capsys.readouterr().out == output, f"{page.name}: archspec {arguments}"
            found += 1
    assert found >= 4


def test_the_plugin_on_its_page_is_proven(tmp_path: Path) -> None:
    assert archspec.prove_plugin(gem_pool(tmp_path)) == ()


def test_the_pages_show_specs() -> None:
    assert sum(len(specs_in(page)) for page in PAGES) >= 4
