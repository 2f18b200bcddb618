"""Positions that no window reads, against arithmetic by hand."""

from __future__ import annotations

import pytest

from archspec.analysis.borders import Unread, unread
from tests.compiled import graph_of, net


@pytest.mark.parametrize(
    ("layer", "found"),
    [
        # 3 windows of 2 cover 6 of 7 rows, and 4 all 8 columns.
        ("max_pool: 2", (Unread("height", 7, 0, 1, 0),)),
        ("{max_pool: {size: 2, padding: same}}", ()),
        ("{max_pool: {size: 2, round: up}}", ()),
        # 1 of every 2 positions, at 0, 2, 4, 6: the last column of 8 is left too.
        (
            "{conv: {filters: 2, kernel: 1, stride: 2}}",
            (Unread("height", 7, 0, 0, 1), Unread("width", 8, 0, 1, 1)),
        ),
        # Windows of 3 at 0, 3 and, of the columns, 3 to 5: 7 - 6 = 1 row and 8 - 6 = 2 columns.
        ("{average_pool: 3}", (Unread("height", 7, 0, 1, 0), Unread("width", 8, 0, 2, 0))),
        ("{crop: [[1, 2], [0, 0]]}", (Unread("height", 7, 1, 2, 0),)),
        ("{conv: {filters: 2, kernel: 3, stride: 2, padding: half}}", ()),
        # With a row before: windows at -1, 1, 3 and 5, so that 8 columns are covered up to the 7th of index 7 - 0.
        ("{conv: {filters: 2, kernel: 2, stride: 2, padding: [[1, 0], [1, 0]]}}", (Unread("width", 8, 0, 1, 0),)),
        ("flatten", ()),
        ("relu", ()),
    ],
)
def test_positions_that_no_window_reads(layer: str, found: tuple[Unread, ...]) -> None:
    (node,) = graph_of(net(f"- {layer}", inputs="{image: [7, 8, 4]}")).nodes
    assert unread(node) == found


def test_nothing_is_said_of_an_open_size() -> None:
    (node,) = graph_of(net("- max_pool: 2", inputs="{image: [height, 7, 4]}")).nodes
    assert unread(node) == (Unread("width", 7, 0, 1, 0),)
