"""The lessons' pages: current, and what their tool computes is right, by hand and against other computations."""

from __future__ import annotations

import doctest
import json
import math
import re
from dataclasses import replace

import numpy as np
import pytest

from archspec import zoo
from archspec.cli import main
from archspec.cli.status import FOUND_ERRORS, OK
from tests.ops.by_hand import convolve
from tools.lessons import tables
from tools.lessons.book import FILLS, FOLDER, ORDER, PAGES, book, page
from tools.lessons.commands import console
from tools.lessons.composition import composed, composition
from tools.lessons.counts import counts, counts_along
from tools.lessons.gradient_figures import MEASURED, gradient_picture, norms_of
from tools.lessons.products import millions, products
from tools.lessons.specs import graph_of
from tools.lessons.values import filled, pooled


def grids(text: str) -> list[list[list[float]]]:
    """The numbers in each block of text on a page."""
    blocks = re.findall(r"```text\n(.*?)```", text, re.DOTALL)
    return [[[float(cell) for cell in line.split()] for line in block.splitlines()] for block in blocks]


def test_the_pages_are_current() -> None:
    made = book()
    found = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.iterdir() if path != MEASURED}
    assert found == made, "run `python -m tools.make_lessons`"


def test_every_lesson_has_a_page_and_every_text_and_fill_is_used() -> None:
    lessons = {name.removeprefix(zoo.LESSONS) for name in zoo.names() if name.startswith(zoo.LESSONS)}
    assert {*lessons, "vgg"} == set(ORDER) == {path.stem for path in PAGES.iterdir()}
    texts = "".join(path.read_text(encoding="utf-8") for path in PAGES.iterdir())
    assert set(FILLS) == set(re.findall(r"^\{\{ (\w+)", texts, re.MULTILINE))


@pytest.mark.parametrize("name", ORDER)
def test_a_page_has_a_question_the_whole_spec_arithmetic_and_something_to_try(name: str) -> None:
    text = (FOLDER / f"{name}.md").read_text(encoding="utf-8")
    assert text.split("\n\n")[1].endswith("?")
    spec = name if name == "vgg" else f"lessons/{name}"
    assert (zoo.folder() / f"{spec}.yaml").read_text(encoding="utf-8") in text
    assert "$ archspec " in text.partition("## What to try")[2]


@pytest.mark.parametrize(
    ("name", "code"),
    [("linear_layers", "L1102"), ("overlapping_pooling", "L1202"), ("shortcut", "L1301"), ("classifier", "L1304")],
)
def test_the_lint_that_a_page_names_is_the_one_that_the_lesson_gets(name: str, code: str) -> None:
    assert code in (FOLDER / f"{name}.md").read_text(encoding="utf-8")
    lint = ["lint", f"lessons/{name}", "--strict"]
    assert (main(lint), main([*lint, "--ignore", code])) == (FOUND_ERRORS, OK)


def test_a_line_that_nothing_fills_is_refused() -> None:
    assert page("# A title\n") == "# A title\n"
    with pytest.raises(ValueError, match="nothing fills"):
        page("{{ sepc lessons/stride }}\n")


def test_a_command_that_fails_is_refused() -> None:
    assert console("summary lessons/stride").startswith("```console\n$ archspec summary lessons/stride\nstride\n")
    with pytest.raises(ValueError, match="ended with 1"):
        console("summary lessons/stride --set stride=many")


def test_how_often_each_pixel_is_read_without_padding_and_with_it() -> None:
    # By hand: along an axis of 6 the windows of 3 begin at 0, 1, 2 and 3; with a pixel of padding also at -1 and 4.
    without, padded = np.array([1, 2, 3, 3, 2, 1]), np.array([2, 3, 3, 3, 3, 2])
    assert grids(counts("lessons/borders@without")) == [np.outer(without, without).tolist()]
    assert grids(counts("lessons/borders@with")) == [np.outer(padded, padded).tolist()]


def test_how_often_alexnets_pooling_reads_along_an_axis() -> None:
    # Windows of 3 at 0, 2, …, 52 share every second pixel; windows of 2 share none, and the 55th is left out.
    shared = "```text\n1 1 2 1 2 1 2 1 2 … 1 2 1 1\n```"
    assert counts_along("lessons/overlapping_pooling@overlapping") == shared
    assert counts_along("lessons/overlapping_pooling@apart") == "```text\n1 1 1 1 1 1 1 1 1 … 1 1 1 0\n```"


def test_the_examples_of_the_tool_run() -> None:
    assert doctest.testmod(tables) == (0, 1)


def test_the_courses_image_pooled_in_four_ways() -> None:
    # By hand, for the first window 0 5 / 8 2: 8, 15 / 4, (0 + 10 + 24 + 8) / 10 and √93.
    image, largest, average, weighted, length = grids(pooled("lessons/pooling"))
    assert image[:2] == [[0, 5, 4, 3, 0, 0], [8, 2, 0, 0, 6, 9]]
    assert largest == [[8, 4, 9], [9, 8, 9], [7, 9, 10]]
    assert [rows[0][0] for rows in (average, weighted, length)] == [3.75, 4.2, 9.64]


def test_zeros_darken_the_border_and_copies_do_not() -> None:
    # By hand: of the 9 pixels of a window, 4 are in the image at a corner and 6 at an edge: 9·4/9 and 9·6/9.
    dark, _ = grids(filled("lessons/padding_values@zeros"))
    assert [row[:3] for row in dark[:3]] == [[4, 6, 6], [6, 9, 9], [6, 9, 9]]
    even, course = grids(filled("lessons/padding_values@copies"))
    assert even == [[9] * 6] * 6
    # The course's first corner with copies: 0 0 5 / 0 0 5 / 8 8 2.
    assert course[0][0] == round((5 + 5 + 8 + 8 + 2) / 9, 2)


def test_the_composed_kernel_is_that_of_both_convolutions() -> None:
    random = np.random.default_rng(3)
    first, second = random.normal(size=(3, 2, 2, 4)), random.normal(size=(2, 3, 4, 5))
    biases = random.normal(size=4), random.normal(size=5)
    image = random.normal(size=(1, 7, 7, 2))
    kernel, bias = composed(first, biases[0], second, biases[1])
    both = convolve(convolve(image, first, (1, 1), (1, 1)) + biases[0], second, (1, 1), (1, 1)) + biases[1]
    assert kernel.shape == (4, 4, 2, 5)
    np.testing.assert_allclose(convolve(image, kernel, (1, 1), (1, 1)) + bias, both)


def test_a_non_linearity_between_the_two_makes_a_difference() -> None:
    linear, relu = (line.split("|")[2:4] for line in composition("lessons/linear_layers").splitlines()[2:])
    assert linear[1].strip() == "none but rounding"
    assert float(relu[1]) > 0.1 * float(relu[0])


def test_products_are_those_of_the_course() -> None:
    assert "| `wide` | 5·5·120·20 = 60,000 | 11·11 · 60,000 = 7,260,000 |" in products("lessons/reduction@direct")
    assert "| `fc6` | 25088·4096 + 4096 = 102,764,544 | 25088·4096 = 102,760,448 |" in products("lessons/classifier")


def test_products_that_archspec_does_not_count_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    graph = graph_of("lessons/borders")
    (node,) = graph.nodes
    wrong = node._replace(cost=node.cost._replace(macs=145))
    monkeypatch.setattr("tools.lessons.products.graph_of", lambda _: replace(graph, nodes=(wrong,)))
    with pytest.raises(ValueError, match="`seen` has other multiplications"):
        products("lessons/borders")


def test_the_vgg_page_has_the_papers_millions() -> None:
    # Table 2 of arXiv:1409.1556: A and A-LRN and B 133, C 134, D 138, E 144.
    rows = [line.split("|") for line in millions("vgg").splitlines()[2:]]
    assert [int(row[3]) for row in rows] == [133, 133, 133, 134, 138, 144]


def test_the_measured_gradients_are_of_all_networks_and_of_real_training() -> None:
    measured = json.loads(MEASURED.read_text(encoding="utf-8"))
    found = {(one["variant"], one["normalize"]): one for one in measured["networks"]}
    assert len(found) == 8
    for (variant, _), one in found.items():
        assert len(one["norms"]) == len(one["losses"]) == len(measured["seeds"])
        assert {len(norms) for norms in one["norms"]} == {int(variant[-2:])}
    first = {key: norms_of(one)[0] for key, one in found.items()}
    assert first["residual56", False] > 1e6 * first["plain56", False]
    assert first["plain20", False] > 1e3 * first["plain56", False]
    assert first["plain56", True] > 10 * first["residual56", True]
    guessing = math.log(10)
    assert all(loss > guessing - 0.01 for loss in found["plain56", False]["losses"])
    assert all(loss < guessing - 0.1 for key, one in found.items() if "residual" in key[0] for loss in one["losses"])
    assert gradient_picture().count("<polyline") == 8
