"""A run's curves as a picture: loss and accuracy by epoch, training and validation, in one SVG.

Written by hand rather than with a plotting library, which would be a large dependency for one picture. A pure function
from numbers to text; names are escaped.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 960, 400
PANEL_WIDTH, PANEL_HEIGHT = 380, 260
TOP, LEFTS = 74, (76, 548)
INK, FAINT, GRID = "#1f2933", "#6b7785", "#e4e8ec"
STYLE = "font-family: system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif; font-variant-numeric: tabular-nums"


@dataclass(frozen=True, slots=True)
class Curve:
    """A named line: one value for each epoch, from epoch 1."""

    name: str
    colour: str
    values: Sequence[float]


@dataclass(frozen=True, slots=True)
class Panel:
    """A pair of axes: its vertical one runs from 0 or the lowest value, to the highest value."""

    title: str
    curves: Sequence[Curve]
    from_zero: bool


def draw_curves(title: str, panels: Sequence[Panel], best_epoch: int) -> str:
    """The picture of two panels; a dotted line marks the best epoch."""
    body = [_text(LEFTS[0], 34, title, size=17, weight=600)]
    body += [_legend(panels[0].curves, best_epoch)]
    body += [_panel(left, panel, best_epoch) for left, panel in zip(LEFTS, panels, strict=True)]
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
    background = f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>'
    return "\n".join([f'{head} style="{STYLE}" role="img">', background, *body, "</svg>"]) + "\n"


def ticks(low: float, high: float, about: int = 5) -> list[float]:
    """Round numbers from `low` to `high`, in steps of 1, 2 or 5 times a power of ten.

    >>> ticks(0, 9.3), ticks(0.93, 1.0)
    ([0.0, 2.0, 4.0, 6.0, 8.0], [0.93, 0.94, 0.95, 0.96, 0.97, 0.98, 0.99, 1.0])
    """
    rough = max(high - low, 1e-12) / about
    power = 10.0 ** math.floor(math.log10(rough))
    step = min((factor * power for factor in (1, 2, 5, 10)), key=lambda size: abs(math.log(size / rough)))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [round(number * step, 12) for number in range(first, last + 1)]


@dataclass(frozen=True, slots=True)
class _Axes:
    """Where values stand on the page."""

    left: float
    epochs: int
    low: float
    high: float

    def x(self, epoch: float) -> float:
        return self.left + PANEL_WIDTH * (epoch - 1) / max(self.epochs - 1, 1)

    def y(self, value: float) -> float:
        return TOP + PANEL_HEIGHT * (1 - (value - self.low) / (self.high - self.low))


def _panel(left: float, panel: Panel, best_epoch: int) -> str:
    values = [value for curve in panel.curves for value in curve.values]
    low, high = (0.0 if panel.from_zero else min(values)), max(values)
    room = 0.04 * (high - low) or 0.5
    axes = _Axes(
        left, max(len(curve.values) for curve in panel.curves), low - (not panel.from_zero) * room, high + room
    )
    bottom = TOP + PANEL_HEIGHT
    parts = [_text(left, TOP - 12, panel.title, size=13, weight=600)]
    for tick in ticks(axes.low, axes.high):
        parts.append(_line(left, axes.y(tick), left + PANEL_WIDTH, axes.y(tick), GRID))
        parts.append(_text(left - 8, axes.y(tick) + 4, f"{tick:g}", colour=FAINT, anchor="end"))
    for tick in (tick for tick in ticks(1, axes.epochs, about=6) if tick == int(tick)):
        parts.append(_line(axes.x(tick), bottom, axes.x(tick), bottom + 5, FAINT))
        parts.append(_text(axes.x(tick), bottom + 19, f"{tick:g}", colour=FAINT, anchor="middle"))
    parts.append(_line(axes.x(best_epoch), TOP, axes.x(best_epoch), bottom, FAINT, dash="2 4"))
    parts += [_curve(axes, curve) for curve in panel.curves]
    parts.append(_line(left, bottom, left + PANEL_WIDTH, bottom, INK))
    parts.append(_text(left + PANEL_WIDTH / 2, bottom + 42, "epoch", anchor="middle"))
    return "\n".join(parts)


def _curve(axes: _Axes, curve: Curve) -> str:
    points = [(axes.x(epoch), axes.y(value)) for epoch, value in enumerate(curve.values, start=1)]
    if len(points) == 1:
        ((x, y),) = points
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{curve.colour}"/>'
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f'<polyline points="{path}" fill="none" stroke="{curve.colour}" stroke-width="1.8" stroke-linejoin="round"/>'


def _legend(curves: Sequence[Curve], best_epoch: int) -> str:
    parts, right = [], WIDTH - 32.0
    entries = [(curve.name, curve.colour, "") for curve in curves] + [(f"best epoch, {best_epoch}", FAINT, "2 4")]
    for name, colour, dash in reversed(entries):
        right -= 7.0 * len(name)
        parts.append(_text(right, 34, name))
        parts.append(_line(right - 28, 30, right - 6, 30, colour, width=2, dash=dash))
        right -= 52
    return "\n".join(parts)


def _text(
    x: float, y: float, text: str, *, size: int = 12, weight: int = 400, colour: str = INK, anchor: str = "start"
) -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" font-size="{size}" font-weight="{weight}" fill="{colour}" text-anchor="{anchor}"'
    return f"<text {place}>{escape(text)}</text>"


def _line(x1: float, y1: float, x2: float, y2: float, colour: str, *, width: float = 1, dash: str = "") -> str:
    place = f'x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" stroke-width="{width}"'
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return f"<line {place}{dashes}/>"
