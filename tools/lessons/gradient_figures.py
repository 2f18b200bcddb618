"""The measured gradients of the lesson on shortcuts, in words, as a table and as a picture."""

from __future__ import annotations

import json
import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archspec.report.table import markdown_table

MEASURED = Path(__file__).resolve().parents[2] / "docs" / "lessons" / "shortcut.json"

WIDTH, HEIGHT = 960, 420
PANEL, LEFTS, TOP, BOTTOM = 380, (70, 550), 66, 346
INK, FAINT, GRID = "#1f2933", "#6b7785", "#e4e8ec"
COLOURS = {"plain20": "#e0a03b", "plain56": "#b3261e", "residual20": "#4c9be8", "residual56": "#1a4f9c"}
STYLE = "font-family: system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif; font-size: 12px"


def measurement(_: str) -> str:
    """What was measured, in words."""
    found = _measured()
    *seeds, last_seed = map(str, found["seeds"])
    made_with = ", ".join(f"{name} {version}" for name, version in found["made_with"].items())
    return (
        "Each network was trained by the spec's recipe on the digits that come with archspec, "
        f"for {found['steps']} steps from each of the seeds {', '.join(seeds)} and {last_seed}.\n"
        "At every step the norm of the gradient of each layer's kernel was taken. "
        "The figures are means over the steps, and of the seeds the median.\n"
        f"The losses are means of the last {found['last']} steps, one for each seed; "
        f"{math.log(10):.2f} is the loss of guessing among ten digits.\n"
        f"Measured with {made_with}."
    )


def gradient_table(_: str) -> str:
    """The first, middle and last kernel's norm and the loss, of each network."""
    head = ("network", "batch normalization", "first kernel", "middle kernel", "last kernel", "loss at the end")
    return "\n".join(markdown_table([head, *map(_row, _measured()["networks"])], left=2))


def gradient_picture() -> str:
    """The norm of each kernel's gradient by its place, without and with normalization, on a logarithmic axis."""
    networks = _measured()["networks"]
    axes = _axes(list(map(norms_of, networks)))
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
    parts = [f'{head} style="{STYLE}" role="img">', f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>']
    parts.append(_text(LEFTS[0], 24, "Norm of each kernel's gradient, by the layer's place from the input"))
    for left, normalize in zip(LEFTS, (False, True), strict=True):
        title = f"with{'' if normalize else 'out'} batch normalization"
        parts.append(_panel(axes, left, title, [one for one in networks if one["normalize"] is normalize]))
    parts += [_legend(place, name) for place, name in enumerate(COLOURS)]
    return "\n".join([*parts, "</svg>"]) + "\n"


def norms_of(network: dict[str, Any]) -> list[float]:
    """The median over the seeds, kernel by kernel."""
    return [statistics.median(norms) for norms in zip(*network["norms"], strict=True)]


@dataclass(frozen=True, slots=True)
class _Axes:
    """Where values stand in a panel: powers of ten from `low` to `high`, layers from 1 to `deepest`."""

    low: int
    high: int
    deepest: int

    def x(self, place: int) -> float:
        return PANEL * (place - 1) / (self.deepest - 1)

    def y(self, exponent: float) -> float:
        return TOP + (BOTTOM - TOP) * (self.high - exponent) / (self.high - self.low)


def _axes(norms: Sequence[Sequence[float]]) -> _Axes:
    exponents = [math.log10(norm) for one in norms for norm in one]
    return _Axes(math.floor(min(exponents)), math.ceil(max(exponents)), max(map(len, norms)))


def _measured() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(MEASURED.read_text(encoding="utf-8"))
    return found


def _row(network: dict[str, Any]) -> tuple[str, ...]:
    norms = norms_of(network)
    figures = [f"{norms[place]:.1e}" for place in (0, len(norms) // 2, -1)]
    losses = " ".join(f"{loss:.2f}" for loss in network["losses"])
    return (f"`{network['variant']}`", "yes" if network["normalize"] else "no", *figures, losses)


def _panel(axes: _Axes, left: float, title: str, networks: Sequence[dict[str, Any]]) -> str:
    parts = [_text(left, TOP - 14, title)]
    for exponent in range(axes.low + axes.low % 2, axes.high + 1, 2):
        y = axes.y(exponent)
        parts.append(f'<line x1="{left}" y1="{y:.1f}" x2="{left + PANEL}" y2="{y:.1f}" stroke="{GRID}"/>')
        parts.append(_text(left - 8, y + 4, f"1e{exponent}", anchor="end"))
    for place in (1, *range(10, axes.deepest + 1, 10)):
        parts.append(_text(left + axes.x(place), BOTTOM + 18, str(place), anchor="middle"))
    parts += [_curve(axes, left, network) for network in networks]
    return "\n".join(parts)


def _curve(axes: _Axes, left: float, network: dict[str, Any]) -> str:
    norms = enumerate(norms_of(network), start=1)
    points = " ".join(f"{left + axes.x(place):.1f},{axes.y(math.log10(norm)):.1f}" for place, norm in norms)
    return f'<polyline points="{points}" fill="none" stroke="{COLOURS[network["variant"]]}" stroke-width="2"/>'


def _legend(place: int, name: str) -> str:
    x, y = LEFTS[0] + 150 * place, HEIGHT - 22
    line = f'<line x1="{x}" y1="{y}" x2="{x + 24}" y2="{y}" stroke="{COLOURS[name]}" stroke-width="3"/>'
    return line + _text(x + 32, y + 4, name)


def _text(x: float, y: float, text: str, *, anchor: str = "start") -> str:
    colour = INK if anchor == "start" else FAINT
    return f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour}" text-anchor="{anchor}">{text}</text>'
