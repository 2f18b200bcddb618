"""A table over networks: exact numbers for programs, readable ones for people, and a reason where there are none."""

from __future__ import annotations

import csv
import io

from archspec.analysis.comparison import USUAL, cells_of
from archspec.report.comparison import (
    Row,
    comparison_csv,
    comparison_json,
    comparison_markdown,
    comparison_text,
    sorted_rows,
)
from tests.compiled import graph_of, net

# conv: 3·3·4·20 + 20 = 740 parameters and 36·720 = 25,920 MACs; the other has 8·8·4·5 + 5 = 1,285 and 1,280.
CONV = Row({"spec": "conv", "variant": "", **cells_of(graph_of(net("- conv: {filters: 20, kernel: 3}")))})
DENSE = Row({"spec": "dense", "variant": "b", **cells_of(graph_of(net("- flatten\n- dense: 5")))})
BROKEN = Row({"spec": "broken", "variant": ""}, "E0001: a | in it")
ROWS = (CONV, DENSE, BROKEN)


def test_text_is_aligned_and_says_what_is_wrong() -> None:
    assert comparison_text(ROWS, USUAL).splitlines() == [
        "spec    variant  input      params  trainable    MACs  depth  nodes",
        "conv             (8, 8, 4)     740        740  25,920      1      1",
        "dense   b        (8, 8, 4)   1,285      1,285   1,280      1      2",
        "broken  E0001: a | in it",
    ]


def test_csv_is_exact_and_reads_back() -> None:
    read = list(csv.DictReader(io.StringIO(comparison_csv(ROWS, ["spec", "input", "macs"]))))
    assert read[0] == {"spec": "conv", "input": "(8, 8, 4)", "macs": "25920", "error": ""}
    assert read[2] == {"spec": "broken", "input": "", "macs": "", "error": "E0001: a | in it"}


def test_markdown_has_a_column_for_errors_only_where_there_are_any() -> None:
    assert comparison_markdown([CONV], ["spec", "params"]).splitlines() == [
        "| spec | params |",
        "| --- | ---: |",
        "| conv | 740 |",
    ]
    assert comparison_markdown(ROWS, ["spec", "params"]).splitlines()[-1] == "| broken |  | E0001: a \\| in it |"


def test_json_has_all_columns_of_every_row() -> None:
    rows = comparison_json(ROWS, ["spec", "variant", "input", "params"])["rows"]
    assert rows == [
        {"spec": "conv", "variant": None, "input": {"image": [8, 8, 4]}, "params": 740, "error": None},
        {"spec": "dense", "variant": "b", "input": {"image": [8, 8, 4]}, "params": 1285, "error": None},
        {"spec": "broken", "variant": None, "input": None, "params": None, "error": "E0001: a | in it"},
    ]


def test_rows_are_sorted_and_those_without_a_figure_stay_last() -> None:
    names = [[row.cells["spec"] for row in sorted_rows(ROWS, "macs", reverse=reverse)] for reverse in (False, True)]
    assert names == [["dense", "conv", "broken"], ["conv", "dense", "broken"]]


def test_several_inputs_are_told_by_name() -> None:
    graph = graph_of(net("- concat", inputs="{left: [4], right: [5]}"))
    assert str(cells_of(graph)["input"]) == "left (4), right (5)"
