"""Which pages the lesson book has, in which order, and what each is made of.

A page is a text in `pages/` whose lines in double braces are filled in: by a spec, by what an archspec command prints,
or by what one of the functions here computes from a spec. So no figure of a network is typed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

from tools.lessons.commands import console
from tools.lessons.composition import composition
from tools.lessons.counts import counts, counts_along
from tools.lessons.gradient_figures import gradient_picture, gradient_table, measurement
from tools.lessons.products import millions, products
from tools.lessons.specs import question, spec
from tools.lessons.values import filled, pooled

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "lessons"
PAGES = Path(__file__).with_name("pages")

ORDER = (
    "stride", "padding", "padding_values", "borders", "pooling", "overlapping_pooling", "linear_layers",
    "small_kernels", "vgg", "classifier", "reduction", "inception", "connection_table", "shortcut",
)  # fmt: skip
"""From one layer to whole networks."""

FILLS: Mapping[str, Callable[[str], str]] = {
    "question": question,
    "spec": spec,
    "archspec": console,
    "products": products,
    "millions": millions,
    "counts": counts,
    "counts_along": counts_along,
    "pooled": pooled,
    "filled": filled,
    "composition": composition,
    "gradients": gradient_table,
    "measurement": measurement,
}
"""What a line `{{ word argument }}` stands for: a function from the argument to Markdown."""

FILL = re.compile(r"^\{\{ (\w+)(?: (.*))? \}\}$", re.MULTILINE)

INDEX = """# Lessons

What a course on convolutional networks teaches, each as a spec of a few lines with its figures as contracts, and a
page made from it by `python -m tools.make_lessons`. The specs come with archspec: `archspec zoo show lessons/stride`
prints one, and `archspec check lessons/stride` proves its figures. Where a command sets a parameter, the spec's own
figures no longer hold; archspec warns of it, and the pages leave the warnings out.

"""

FOOT = "[All lessons](README.md). Made by `python -m tools.make_lessons`; do not edit.\n"


def book() -> dict[str, str]:
    """The text of each file, by its name."""
    pages = {name: page((PAGES / f"{name}.md").read_text(encoding="utf-8")) for name in ORDER}
    rows = [f"| [{_title(text)}]({name}.md) | {_first_paragraph(text)} |" for name, text in pages.items()]
    index = INDEX + "\n".join(["| lesson | question |", "| --- | --- |", *rows]) + "\n"
    files = {"README.md": index, "shortcut.svg": gradient_picture()}
    return files | {f"{name}.md": f"{text}\n{FOOT}" for name, text in pages.items()}


def page(text: str) -> str:
    """A page with its lines filled in. Raises `ValueError` for a line that nothing fills."""
    filled_in = FILL.sub(_filled, text)
    if unfilled := re.search(r"^\{\{.*", filled_in, re.MULTILINE):
        raise ValueError(f"nothing fills `{unfilled[0]}`")
    return filled_in


def _filled(found: re.Match[str]) -> str:
    fill = FILLS.get(found[1])
    return fill(found[2] or "") if fill else found[0]


def _title(text: str) -> str:
    return text.partition("\n")[0].removeprefix("# ")


def _first_paragraph(text: str) -> str:
    return text.split("\n\n")[1].replace("\n", " ")
