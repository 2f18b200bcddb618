"""A difference's words are a contract: JSON for programs, a table for people, Markdown for both."""

from __future__ import annotations

import json
from operator import sub

from hypothesis import given, settings

from archspec.analysis.difference import difference
from archspec.analysis.difference.changes import Difference
from archspec.ir.shape import map_dims, total
from archspec.report.difference.as_json import difference_json
from archspec.report.difference.markdown import difference_markdown
from archspec.report.difference.rows import rows_of
from archspec.report.difference.text import difference_text
from tests.compiled import graph_of, net
from tests.strategies import Spec, specs

OLD = "- {conv: {filters: 2, kernel: 3}, name: first}\n- relu\n- flatten\n- {dense: 1, name: last}"
NEW = (
    OLD.replace("filters: 2", "filters: 4")
    .replace("- flatten", "- {dropout: 0.5, name: drop}\n- flatten")
    .replace("last", "end")
)

# conv: 3·3·4·2 + 2 = 74 parameters and 72·36 = 2,592 MACs, or twice that. dense: 6·6·2 + 1 = 73 and 72, or 145 and 144.
# Peak: weights, 256 values in, 72 or 144 of the convolution and the rectifier in its place, 1 out, of 4 bytes each.
TEXT = """\
--- old
+++ new

                 old    new   change
params           147    293     +146   +99.3%
trainable        147    293     +146   +99.3%
non-trainable      0      0
MACs           2,664  5,328   +2,664  +100.0%
FLOPs          5,328 10,656   +5,328  +100.0%
connections    2,737  5,473   +2,736  +100.0%
depth              2      2
peak bytes     1,904  2,776     +872   +45.8%

  node                                     op       params    MACs
~ first                                    conv        +74  +2,592  filters 2 -> 4; (6, 6, 2) -> (6, 6, 4)
. relu_1 follows                                                    (6, 6, 2) -> (6, 6, 4)
+ drop                                     dropout                  rate 0.5; (6, 6, 4)
. 2 nodes follow, flatten_1 .. end                     +72     +72  shapes
~ output last -> end

other paths, where trained weights would be looked for:
  last  -> end

1 node edited, 1 added, 3 following"""


def between(old: str, new: str, inputs: str = "{image: [8, 8, 4]}", rest: str = "") -> Difference:
    """The difference of two nets, by their layers."""
    return difference(graph_of(net(old, inputs=inputs, rest=rest)), graph_of(net(new, inputs=inputs, rest=rest)))


def lines_of(found: Difference) -> list[str]:
    """The text's lines on nodes, without what they cost."""
    return [line for line in difference_text(found, "old", "new").splitlines() if line[:2] in ("~ ", "+ ", "- ", ". ")]


def test_text_has_totals_then_edits_in_graph_order_with_what_follows_below() -> None:
    squeezed = difference_text(between(OLD, NEW), "old", "new")
    assert [line.split() for line in squeezed.splitlines()] == [line.split() for line in TEXT.splitlines()]


def test_networks_that_are_equal_say_so_in_a_line() -> None:
    assert difference_text(between(OLD, OLD), "a", "b") == "no difference between a and b: 4 nodes the same"
    assert difference_markdown(between(OLD, OLD), "a", "b") == "No difference between `a` and `b`: 4 nodes the same."


def test_colour_is_there_only_when_asked_for() -> None:
    assert "\x1b[" not in difference_text(between(OLD, NEW), "a", "b")
    coloured = difference_text(between(OLD, NEW), "a", "b", colour=True)
    assert "\x1b[33m~ first" in coloured
    assert "\x1b[32m+ drop" in coloured


UNITS = """
- repeat: {count}
  name: unit$index
  layers:
    - {{conv: {{filters: 4, kernel: {kernel}, padding: same}}, name: conv}}
    - relu
"""


def test_the_same_edit_in_siblings_is_one_line() -> None:
    # 4·4·(3·3 - 1) = 128 parameters less in each of 3, and 64 times as many MACs.
    (line,) = lines_of(between(UNITS.format(count=3, kernel=3), UNITS.format(count=3, kernel=1)))
    assert line.split() == ["~", "unit[1-3]/conv", "conv", "(3", "nodes)", "-384", "-24,576", "kernel", "3", "->", "1"]


def test_scopes_that_came_are_one_line_with_what_they_hold() -> None:
    found = between(UNITS.format(count=1, kernel=1), UNITS.format(count=4, kernel=1))
    line, output = lines_of(found)
    # 4·4 + 4 = 20 parameters and 64·16 = 1,024 MACs in each of 3.
    assert line.split() == ["+", "unit[2-4]", "6", "nodes", "+60", "+3,072", "(8,", "8,", "4)"]
    assert output == "~ output unit1/relu_1 -> unit4/relu_1"
    assert lines_of(difference(found.new, found.old))[0].split()[:4] == ["-", "unit[2-4]", "6", "nodes"]


@settings(max_examples=40, deadline=None)
@given(specs(), specs())
def test_the_rows_add_up_to_the_totals(left: Spec, right: Spec) -> None:
    found = difference(graph_of(left.text), graph_of(right.text))
    rows = rows_of(found)
    assert total(row.params for row in rows) == map_dims(sub, found.after["params"], found.before["params"])
    assert str(total(row.macs for row in rows)) == str(map_dims(sub, found.after["macs"], found.before["macs"]))


def test_numbers_that_are_not_in_a_row_are_a_star() -> None:
    old = "- {relu, name: a1}\n- {relu, name: a2}\n- {relu, name: a5}"
    new = "- {relu, name: b1}\n- {relu, name: b2}\n- {relu, name: b5}"
    text = difference_text(between(old, new), "old", "new")
    assert "  a*  -> b*  3 nodes" in text


def test_what_went_stands_where_it_was() -> None:
    old = "- {relu, name: a}\n- {conv: {filters: 4, kernel: 1}, name: b}\n- {conv: {filters: 4, kernel: 1}, name: c}"
    new = "- {relu, name: a}\n- {conv: {filters: 8, kernel: 1}, name: c}"
    assert [line.split()[:2] for line in lines_of(between(old, new))] == [["-", "b"], ["~", "c"], ["~", "output"]]


def test_formulas_are_told_apart_and_unknown_differences_are_not_made_up() -> None:
    layers = "- {{conv: {{filters: {0}, kernel: 1}}, name: a}}"
    found = between(layers.format(2), layers.format(3), inputs="{image: [height, 8, 4]}")
    # 8·4·(3 - 2) products for each of `height`.
    assert "+32*height" not in difference_text(found, "a", "b")
    assert "32*height" in difference_text(found, "a", "b")
    unknown = between(layers.format(2), layers.format(3), inputs="{image: ['?', 8, 4]}")
    assert difference_json(unknown, "a", "b")["totals"]["macs"] == {"old": None, "new": None, "change": None}


def test_markdown_has_the_same_rows() -> None:
    text = difference_markdown(between(OLD, NEW), "old", "new")
    assert "| MACs | 2,664 | 5,328 | +2,664 | +100.0% |" in text
    assert "| `~` | `first` | conv | +74 | +2,592 | filters 2 -> 4; (6, 6, 2) -> (6, 6, 4) |" in text


def test_json_has_every_node_that_is_not_the_same_with_both_sides() -> None:
    found = difference_json(between(OLD, NEW), "old", "new")
    assert json.loads(json.dumps(found)) == found
    assert list(found) == ["old", "new", "equal", "counts", "totals", "blocks", "inputs", "outputs", "nodes"]
    assert found["counts"] == {"added": 1, "removed": 0, "changed": 1, "follows": 3, "renamed": 0, "same": 0}
    assert found["totals"]["params"] == {"old": 147, "new": 293, "change": 146}
    paths = [[(side or {}).get("path") for side in (node["old"], node["new"])] for node in found["nodes"]]
    assert [(node["kind"], *both) for node, both in zip(found["nodes"], paths, strict=True)] == [
        ("changed", "first", "first"),
        ("follows", "relu_1", "relu_1"),
        ("added", None, "drop"),
        ("follows", "flatten_1", "flatten_1"),
        ("follows", "last", "end"),
    ]  # fmt: skip
    assert found["nodes"][0]["fields"] == {"filters": {"old": 2, "new": 4}}
    assert found["nodes"][0]["new"]["output_shapes"] == [[6, 6, 4]]
    assert found["outputs"][0]["new"] == {"name": "end", "shape": [1], "node": "end", "training_only": False}
