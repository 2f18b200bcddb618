"""The picture of a run: well-formed, with its labels, and every point inside its panel."""

from __future__ import annotations

import math
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from archspec.training.curves import LEFTS, PANEL_HEIGHT, PANEL_WIDTH, TOP, Curve, Panel, draw_curves, ticks

SVG = "{http://www.w3.org/2000/svg}"


def picture(losses: list[float], accuracies: list[float], title: str = "net") -> ElementTree.Element:
    def panel(name: str, values: list[float], *, from_zero: bool) -> Panel:
        return Panel(name, (Curve("training", "#111", values), Curve("validation", "#222", values)), from_zero)

    panels = (panel("Loss", losses, from_zero=True), panel("Accuracy", accuracies, from_zero=False))
    return ElementTree.fromstring(draw_curves(title, panels, best_epoch=1))


def test_it_names_its_panels_axes_and_curves() -> None:
    texts = [text.text for text in picture([2.0, 1.0], [0.5, 0.9]).iter(f"{SVG}text")]
    for label in ("net", "Loss", "Accuracy", "epoch", "training", "validation", "best epoch, 1"):
        assert label in texts


def test_a_title_is_escaped() -> None:
    texts = [text.text for text in picture([1.0], [1.0], title="<script>&").iter(f"{SVG}text")]
    assert "<script>&" in texts


@pytest.mark.parametrize("values", [[1.0], [0.0, 0.0], [3.0, 2.5, 1e-9], [1e6, 1e-6]])
def test_every_point_is_in_its_panel(values: list[float]) -> None:
    root = picture(values, values)
    lines = [line.get("points", "").split() for line in root.iter(f"{SVG}polyline")]
    circles = [[f"{circle.get('cx')},{circle.get('cy')}"] for circle in root.iter(f"{SVG}circle")]
    assert len(lines) + len(circles) == 4
    for number, points in enumerate(lines + circles):
        left = LEFTS[number // 2]
        for point in points:
            x, y = map(float, point.split(","))
            assert left <= x <= left + PANEL_WIDTH
            assert TOP <= y <= TOP + PANEL_HEIGHT


@pytest.mark.parametrize(("low", "high"), [(0, 1), (0.1, 0.103), (0, 7.3e5), (-0.3, 2), (1, 100)])
def test_ticks_are_round_few_and_inside(low: float, high: float) -> None:
    places = ticks(low, high)
    assert 3 <= len(places) <= 10
    assert low - 1e-9 <= places[0] <= places[-1] <= high + 1e-9
    (step,) = {float(f"{after - before:.6g}") for before, after in pairwise(places)}
    assert round(step / 10 ** math.floor(math.log10(step) + 1e-9), 6) in (1, 2, 5)
