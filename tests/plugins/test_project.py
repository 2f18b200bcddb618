"""The project file: what it names, and each of its refusals at its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from archspec.diagnostics import DiagnosticSink
from archspec.plugins.load import load_plugins
from archspec.plugins.project import named_in_project
from tests.plugins.files import OP, gem_pool, written


def project(folder: Path, text: str) -> tuple[list[str], list[tuple[str, tuple[int, int]]]]:
    """The names of the plugins that a project file names, and what is reported: codes with their places."""
    path = folder / "project.yaml"
    path.write_text(text, encoding="utf-8")
    sink = DiagnosticSink()
    named = named_in_project(str(path), sink)
    return [Path(one.path).name for one in named], [(found.code, found.position) for found in sink.sorted()]


def test_plugins_are_looked_up_from_the_files_folder(tmp_path: Path) -> None:
    (tmp_path / "ops").mkdir()
    gem_pool(tmp_path / "ops")
    (tmp_path / "project.yaml").write_text("plugins: [ops/gem_pool.py]\n")
    sink = DiagnosticSink()
    ops = load_plugins(named_in_project(str(tmp_path / "project.yaml"), sink), sink)
    assert (list(ops.plugins), sink.errors) == (["gem_pool"], 0)


def test_one_plugin_may_stand_alone_and_none_may_be_named(tmp_path: Path) -> None:
    assert project(tmp_path, "plugins: own.py\n") == (["own.py"], [])
    assert project(tmp_path, "plugins: []\n") == ([], [])


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("plugins: [own.py, ../own.py]\n", "E1005", (1, 19)),
        ("plugins: [/tmp/own.py]\n", "E1005", (1, 11)),
        ("- own.py\n", "E1005", (1, 1)),
        ("plugin: [own.py]\n", "E0501", (1, 1)),
        ("plugins: {own: own.py}\n", "E0503", (1, 10)),
        ("plugins: [$own]\n", "E0602", (1, 12)),
        ("plugins: [$(own]\n", "E0113", (1, 11)),
        ("plugins: [own.py\n", "E0105", (1, 10)),
        ("plugins: [a.py]\nplugins: [b.py]\n", "E0111", (2, 1)),
        ("plugins: !!python/object [own.py]\n", "E0108", (1, 10)),
    ],
)
def test_what_a_project_file_may_not_hold(text: str, code: str, place: tuple[int, int], tmp_path: Path) -> None:
    assert project(tmp_path, text)[1] == [(code, place)]


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "inside").mkdir()
    (tmp_path / "inside" / "own.py").symlink_to(written(tmp_path, "own", OP))
    assert project(tmp_path / "inside", "plugins: [own.py]\n") == ([], [("E1005", (1, 11))])


def test_a_project_file_that_is_not_there(tmp_path: Path) -> None:
    sink = DiagnosticSink()
    assert named_in_project(str(tmp_path / "none.yaml"), sink) == ()
    assert [found.code for found in sink.sorted()] == ["E1005"]


def test_a_plugin_that_a_project_names_is_refused_at_its_place_there(tmp_path: Path) -> None:
    (tmp_path / "project.yaml").write_text("plugins:\n  - none.py\n")
    sink = DiagnosticSink()
    load_plugins(named_in_project(str(tmp_path / "project.yaml"), sink), sink)
    (found,) = sink.sorted()
    assert (found.code, found.position) == ("E1001", (2, 5))
