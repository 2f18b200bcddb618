"""The page `docs/zoo.md`: every network with its figures, its source and what was proven of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

from archspec.report.table import markdown_table
from tools.zoo.entries import Entry, entries

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "zoo.md"
MEASURED = Path(__file__).with_name("equality.json")
"""What `python -m tools.prove_zoo` found: for each model of keras.applications how far ours is from it."""

OPENING = """\
# The zoo

Every network that comes with archspec. `archspec zoo show NAME` prints its page, `archspec summary NAME` its layers,
and `NAME@VARIANT` stands for `NAME --variant VARIANT`. This page is made by `python -m tools.make_zoo`.

*Trainable* are the weights that training changes, *params* all of them, moving statistics included; *MACs* are those of
convolutions, dense layers and attention, for one image, in inference. *Equal* are the figures that the source has and
that `archspec check` finds the same, to the last integer; where the network is not the source's, the file says so.
"""

PARTS = {
    "": ("## As published", "From the papers. Deviations are declared in each file and listed below the table."),
    "keras": (
        "## As in keras.applications",
        "All models of Keras, weight for weight. *Values* are those that both models were compared at, and *largest* "
        "is the largest difference at any of them, as a share of the largest value there, with all weights and "
        "statistics random, carried across by structure. `python -m tools.prove_zoo` measures it; the suite does so "
        "for a member of each family. `archspec build NAME --weights imagenet` gives the published weights.",
    ),
    "torchvision": (
        "## As in torchvision",
        "The forms of torchvision's models where they are neither the paper's nor Keras'.",
    ),
}


def page() -> str:
    """The page's text."""
    measured = json.loads(MEASURED.read_text(encoding="utf-8"))
    parts = [OPENING]
    found = sorted(entries(), key=lambda one: list(PARTS).index(_part(one)))
    for part, group in groupby(found, key=_part):
        members = list(group)
        title, about = PARTS[part]
        rows = [_row(one, measured) for one in members]
        parts.append("\n".join((title, "", about, "", *markdown_table([_head(part), *rows], left=2, last_left=True))))
        deviations = list(_deviations(members))
        if deviations:
            parts.append("\n".join(("Declared deviations:", "", *deviations)))
    return "\n\n".join(part.rstrip("\n") for part in parts) + "\n"


def _part(entry: Entry) -> str:
    return entry.spec.rpartition("/")[0]


def _head(part: str) -> tuple[str, ...]:
    against = ("values", "largest") if part == "keras" else ()
    return ("network", "source", "trainable", "params", "MACs", *against, "equal")


def _row(entry: Entry, measured: dict[str, dict[str, float]]) -> tuple[str, ...]:
    found = entry.totals
    against: Sequence[str] = ()
    if _part(entry) == "keras":
        proof = measured.get(entry.name)
        against = (f"{proof['values']:,}", f"{proof['largest']:.1g}") if proof else ("", "")
    figures = (f"{found.trainable:,}", f"{found.params:,}", f"{found.macs:,}")
    return (f"`{entry.name}`", entry.reference, *figures, *against, ", ".join(entry.stated))


def _deviations(members: Sequence[Entry]) -> Iterator[str]:
    for spec, group in groupby(members, key=lambda one: one.spec):
        first = next(iter(group))
        if first.deviations:
            yield f"- `{spec}`: {'; '.join(first.deviations)}"
