"""The reader: what it keeps, what it refuses and where, with libyaml and without it."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
import yaml

from archspec import zoo
from archspec.diagnostics import Diagnostic, DiagnosticSink, SourceFile
from archspec.syntax import reader, tree
from archspec.syntax.limits import MAX_ALIASED, MAX_BYTES, MAX_DEPTH, MAX_EVENTS
from tests.diagnostic_cases import read_cases

LOADERS = {"libyaml": getattr(yaml, "CSafeLoader", None), "pure Python": yaml.SafeLoader}


@pytest.fixture(params=list(LOADERS))
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Each of PyYAML's parsers in turn."""
    use(request.param, monkeypatch)
    return str(request.param)


def use(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if LOADERS[name] is None:
        pytest.skip("PyYAML was built without libyaml")
    monkeypatch.setattr(reader, "LOADER", LOADERS[name])


def read(text: str) -> tuple[tree.Tree | None, tuple[Diagnostic, ...]]:
    sink = DiagnosticSink()
    root = reader.read(SourceFile("spec.yaml", text), sink)
    return root, sink.sorted()


def refusal(text: str) -> tuple[str, tuple[int, int], str]:
    """The one mistake that is found in a text: its code, its place, its words."""
    _, (found,) = read(text)
    return found.code, found.position, found.headline


def mapping(text: str) -> tree.Mapping:
    root, found = read(text)
    assert found == ()
    assert isinstance(root, tree.Mapping)
    return root


def value(text: str) -> tree.Scalar:
    """The value of `a` in a text."""
    found = mapping(text).get("a")
    assert isinstance(found, tree.Scalar)
    return found


# What is kept


@pytest.mark.parametrize("text", ["no", "1e3", "017", "12:30", "0o17", "1_000", "2024-13-45", ".nan", "=", "0x_"])
def test_a_scalar_keeps_its_text(parser: str, text: str) -> None:
    assert value(f"a: {text}").text == text


def test_a_number_of_5000_digits_is_text_like_any_other(parser: str) -> None:
    assert value("a: " + "9" * 5000).text == "9" * 5000


def test_quoting_is_kept(parser: str) -> None:
    assert [value(f"a: {text}").quoted for text in ("x", "'x'", '"x"')] == [False, True, True]


def test_a_span_counts_lines_and_characters_from_1(parser: str) -> None:
    span = value("# 层\na:   层层 # x\n").span
    assert (span.line, span.column, span.end_line, span.end_column) == (2, 6, 2, 8)


def test_lines_may_end_as_on_windows(parser: str) -> None:
    assert value("b: 1\r\na: 2\r\n").span[1:3] == (2, 4)


def test_a_byte_order_mark_at_the_beginning_is_no_text(parser: str) -> None:
    sink = DiagnosticSink()
    source = reader.decode("spec.yaml", b"\xef\xbb\xbfa: 1\n", sink)
    root = reader.read(source, sink)
    assert isinstance(root, tree.Mapping)
    assert root.entries[0].key.span[1:3] == (1, 1)
    assert sink.sorted() == ()


def test_an_alias_stands_at_its_use(parser: str) -> None:
    found = mapping("b: &x 1\na: *x\n").get("a")
    assert isinstance(found, tree.Scalar)
    assert (found.text, *found.span[1:3]) == ("1", 2, 4)


@pytest.mark.parametrize(("text", "column"), [("a:", 1), ("a: ~", 4), ("{a: }", 2), ("a: # x", 1)])
def test_a_missing_value_stands_where_it_is_missing(parser: str, text: str, column: int) -> None:
    assert value(text + "\n").is_null
    assert value(text + "\n").span[1:3] == (1, column)


# What is refused


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("", "E0104", (1, 1)),
        ("# only this\n", "E0104", (1, 1)),
        ("\ta: 1\n", "E0103", (1, 1)),
        ("a:\t1\n", "E0103", (1, 3)),
        ("a: [1,\t2]\n", "E0103", (1, 7)),
        ("a: x#\ty\n", "E0103", (1, 6)),
        ("a: 1\0\n", "E0103", (1, 5)),
        ("a: 1 # \x07\n", "E0103", (1, 8)),
        ("a: \ufeff1\n", "E0103", (1, 4)),
        ("a: 1\u2028b: 2\n", "E0103", (1, 5)),
        ("a: 1\x85b: 2\n", "E0103", (1, 5)),
        ("a: \ud800\n", "E0103", (1, 4)),
        ("a: 1\n---\nb: 2\n", "E0107", (2, 1)),
        ("a: !!int 1\n", "E0108", (1, 4)),
        ("a: !x [1]\n", "E0108", (1, 4)),
        ("a: ! 1\n", "E0108", (1, 4)),
        ("%YAML 1.2\n---\na: 1\n", "E0108", (1, 1)),
        ("%TAG ! x\n---\na: 1\n", "E0108", (1, 1)),
        ("a: *b\n", "E0109", (1, 4)),
        ("a: &b [*b]\n", "E0109", (1, 8)),
        ("a: &b {c: *b}\n", "E0109", (1, 11)),
        ("b: &b {c: 1}\na: {<<: *b}\n", "E0110", (2, 5)),
        ("b: &b {c: 1}\na: {<<: [*b, *b]}\n", "E0110", (2, 5)),
        ("? [a, b]\n: 1\n", "E0110", (1, 3)),
        ("a: 1\nb: 2\na: 3\n", "E0111", (3, 1)),
        ("{a:1}\n", "E0112", (1, 2)),
        ("a: {b: $(min(c, 1))}\n", "E0113", (1, 8)),
        ("a: [$(min(c, 1)), {d: [1]}]\n", "E0113", (1, 5)),
        ("a: $(b # c)\n", "E0113", (1, 4)),
        ("a: [1\n", "E0105", (1, 4)),
        ("a: 'x\n", "E0105", (1, 4)),
        ("a: }\n", "E0105", (1, 4)),
        ("a: @x\n", "E0105", (1, 4)),
        ("a: {b:[1]}\n", "E0105", (1, 6)),
        ("a: [b?]\n", "E0105", (1, 6)),
        ("a: ${b}\nc: {d: ${b}}\n", "E0105", (2, 9)),
    ],
)
def test_a_text_is_refused_with_its_place(parser: str, text: str, code: str, place: tuple[int, int]) -> None:
    assert refusal(text)[:2] == (code, place)


def test_a_tab_may_stand_in_a_comment(parser: str) -> None:
    assert value("a: 1 #\tx\n").text == "1"


def test_a_repeated_key_is_shown_at_both_places() -> None:
    _, (found,) = read("a: 1\na: 2\n")
    assert [label.span[1:3] for label in found.labels] == [(1, 1)]


def test_a_hash_in_a_key_is_a_hash_of_its_text_and_not_of_its_value() -> None:
    assert refusal("'a': 1\na: 2\n")[0] == "E0111"


def test_an_expression_cut_at_a_comma_leaves_no_second_mistake(parser: str) -> None:
    assert refusal("a: {f: $(min(b, c)), k: [3, 3], m: {n: 1}}\n")[0] == "E0113"


@pytest.mark.parametrize("data", [b"a: \xe9\n", b"a: 1 # \xff\xfe\n", b"\xff\xfea\x00:\x00"])
def test_bytes_that_are_not_utf_8_are_refused(data: bytes) -> None:
    sink = DiagnosticSink()
    reader.decode("spec.yaml", data, sink)
    (found,) = sink.sorted()
    assert found.code == "E0102"
    assert found.position == (1, data.index(next(byte for byte in data if byte > 127)) + 1)


# Bounds


@pytest.mark.parametrize("bomb", ["[" * 100_000, "{a: " * 100_000, "- " * 100_000, "[{a: " * 50_000])
def test_a_bomb_of_brackets_ends_at_the_bound_in_no_time(parser: str, bomb: str) -> None:
    started = time.perf_counter()
    code, _, _ = refusal(bomb)
    assert code == "E0106"
    # The pure-Python parser reads ahead to the end of what may be a key.
    assert time.perf_counter() - started < 2


def test_the_depth_that_is_allowed_is_read(parser: str) -> None:
    assert read("[" * MAX_DEPTH + "]" * MAX_DEPTH)[1] == ()
    assert refusal("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1))[:2] == ("E0106", (1, MAX_DEPTH + 1))


def test_a_bomb_of_aliases_ends_at_the_bound(parser: str) -> None:
    lines = ["a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    lines += [f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]" for level in range(1, 10)]
    code, place, text = refusal("\n".join(lines) + "\n")
    # By hand: the lists weigh 11, 111, 1,111 nodes; ten of the third, added to 110 and 1,110, are beyond 10,000.
    assert (code, place[0]) == ("E0109", 4)
    assert f"{MAX_ALIASED:,}" in text


def test_a_file_beyond_the_bound_on_bytes_is_refused_unread() -> None:
    sink = DiagnosticSink()
    assert reader.decode("spec.yaml", b"a" * (MAX_BYTES + 1), sink).text == ""
    assert [found.code for found in sink.sorted()] == ["E0101"]
    assert reader.decode("spec.yaml", b"a" * MAX_BYTES, DiagnosticSink()).text


def test_a_text_of_too_many_events_is_refused() -> None:
    started = time.perf_counter()
    assert refusal("a: [" + "1," * (MAX_EVENTS + 1) + "]\n")[0] == "E0101"
    assert time.perf_counter() - started < 5


def test_a_key_of_a_megabyte_is_refused(parser: str) -> None:
    assert refusal("a" * 2000 + ": 1\n")[0] == "E0105"


# Both parsers


def trees_and_findings(text: str) -> tuple[object, list[object]]:
    root, found = read(text)
    return plain(root), [(one.code, one.position, one.headline, one.help, places(one)) for one in found]


def places(found: Diagnostic) -> list[tuple[str, tuple[Any, ...]]]:
    return [(label.text, label.span[1:3]) for label in found.labels]


def plain(node: tree.Tree | None) -> object:
    """A tree without its sources, which differ."""
    if isinstance(node, tree.Scalar):
        return (node.text, node.quoted, node.span[1:])
    if isinstance(node, tree.Sequence):
        return ([plain(item) for item in node.items], node.span[1:3])
    if isinstance(node, tree.Mapping):
        return ([(plain(entry.key), plain(entry.value)) for entry in node.entries], node.span[1:3])
    return None if node is None else "broken"


def texts() -> dict[str, str]:
    shipped = {name: zoo.open_spec(name, DiagnosticSink()).text for name in zoo.names()}
    return {**shipped, **{case.name: case.text for case in read_cases()}}


@pytest.mark.parametrize("name", texts())
def test_both_parsers_give_one_tree_and_the_same_diagnostics(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text = texts()[name]
    use("libyaml", monkeypatch)
    with_libyaml = trees_and_findings(text)
    use("pure Python", monkeypatch)
    assert trees_and_findings(text) == with_libyaml


@pytest.mark.parametrize("ending", ["", "\n", "\n\n  \n", " # x", "\n# x\n"])
@pytest.mark.parametrize(
    "text", ["a: [1", "a: {b: 1, c", "a: 'x", "a:\n- 1\n b", "a", "a: b: c", "- a\nb", "a: *", "a: &"]
)
def test_both_parsers_agree_about_texts_that_end_too_early(
    text: str, ending: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    use("libyaml", monkeypatch)
    with_libyaml = trees_and_findings(text + ending)
    use("pure Python", monkeypatch)
    assert trees_and_findings(text + ending) == with_libyaml


def test_nothing_in_the_package_calls_yaml_load_on_a_users_text() -> None:
    package = Path(reader.__file__).parents[1]
    callers = {
        path.name
        for path in package.rglob("*.py")
        if any(call in path.read_text(encoding="utf-8") for call in ("yaml.load", "yaml.safe_load", "yaml.compose"))
    }
    assert callers == {"codes.py"}  # which reads the package's own catalogue
