"""The lessons' specs: clean, each with a question and its source, and the course's figures by number.

The figures are the course's own, or counted by hand as stated; none comes from the specs.
"""

from __future__ import annotations

from typing import Any

import pytest

import archspec
from archspec import zoo
from archspec.compiler import check_variants, compile_spec
from archspec.diagnostics import DiagnosticSink
from archspec.elaboration.settings import Settings
from archspec.syntax import tree
from tests.zoo.test_figures import totals

LESSONS = [name for name in zoo.names() if name.startswith(zoo.LESSONS)]


def summary(lesson: str, variant: str | None = None, **parameters: Any) -> dict[str, Any]:
    return archspec.summary(f"lessons/{lesson}", variant=variant, **parameters)


def node(found: dict[str, Any], path: str) -> dict[str, Any]:
    (row,) = (row for row in found["layers"] if row["path"] == path)
    assert isinstance(row, dict)
    return row


def test_there_is_a_lesson_for_each_subject_of_the_course() -> None:
    assert {name.removeprefix(zoo.LESSONS) for name in LESSONS} == {
        "stride", "padding", "padding_values", "pooling", "small_kernels", "reduction", "classifier",
        "connection_table", "overlapping_pooling", "inception", "shortcut", "linear_layers", "borders",
    }  # fmt: skip


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_is_clean_in_every_variant(name: str) -> None:
    compilation = compile_spec(zoo.open_spec(name, DiagnosticSink()))
    assert (*compilation.diagnostics, *check_variants(compilation, Settings())) == ()


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_asks_a_question_and_cites_its_figures(name: str) -> None:
    document = compile_spec(zoo.open_spec(name, DiagnosticSink())).document
    assert document is not None
    assert isinstance(document.meta, tree.Mapping)
    question = document.meta.get("question")
    assert isinstance(question, tree.Scalar)
    assert question.text.endswith("?")
    assert document.expect is not None
    assert document.expect.get("cite") is not None
    assert f"lessons/{document.name}" == name


@pytest.mark.parametrize(("stride", "sizes"), [(1, (32, 32, 32)), (2, (16, 8, 4)), (3, (11, 4, 2))])
def test_stride_divides_the_size_and_the_work_but_not_the_weights(stride: int, sizes: tuple[int, ...]) -> None:
    # By hand: floor((n + 2·1 - 3) / stride) + 1, three times from 32.
    found = summary("stride", stride=stride)
    assert [row["output_shape"][0] for row in found["layers"]] == list(sizes)
    weights = (3 * 3 * 3 * 16, 3 * 3 * 16 * 32, 3 * 3 * 32 * 64)
    assert totals(found)["macs"] == sum(size**2 * each for size, each in zip(sizes, weights, strict=True))
    assert totals(found)["params"] == sum(weights) + 16 + 32 + 64


@pytest.mark.parametrize(("kernel", "padding"), [(3, 1), (5, 2), (7, 3)])
def test_half_of_one_less_than_the_kernel_keeps_the_size_and_a_pixel_more_adds_two(kernel: int, padding: int) -> None:
    for more in (-1, 0, 1):
        found = summary("padding", kernel=kernel, padding=padding + more)
        assert [row["output_shape"][0] for row in found["layers"]] == [32 + 2 * more * layer for layer in (1, 2, 3, 4)]


def test_three_3x3_have_27_c_squared_weights_and_one_7x7_49_c_squared() -> None:
    for channels in (16, 64):
        three, one = (
            totals(summary("small_kernels", variant, channels=channels))["params"]
            for variant in ("three_3x3", "one_7x7")
        )
        assert (three, one) == (27 * channels**2, 49 * channels**2)


def test_a_reduction_to_6_leaves_450_120_of_7_260_000_multiplications() -> None:
    assert totals(summary("reduction", "direct"))["macs"] == 7_260_000
    assert totals(summary("reduction", "reduced"))["macs"] == 450_120
    assert summary("reduction")["layers"][-1]["output_shape"] == [11, 11, 20]


def test_the_fully_connected_layers_have_the_weights_that_vgg16_has() -> None:
    weights = {"fc6": 102_760_448, "fc7": 16_777_216, "fc8": 4_096_000}
    for found in (summary("classifier"), archspec.summary("vgg16")):
        for path, biases in (("fc6", 4096), ("fc7", 4096), ("fc8", 1000)):
            assert node(found, path)["params"] == weights[path] + biases
    # Averaged, 512 numbers are left for each of the 1000 classes.
    assert totals(summary("classifier", "averaged"))["params"] == 512 * 1000 + 1000


def test_the_table_of_lenet5_has_1516_weights_where_all_pairs_have_2416() -> None:
    # Table I: 6 maps see 3, 9 see 4, 1 sees all 6; that makes 60 pairs of 96.
    pairs = 6 * 3 + 9 * 4 + 1 * 6
    found = totals(summary("connection_table"))
    assert (found["trainable"], found["connections"]) == (pairs * 25 + 16, 151_600) == (1516, 151_600)
    found = totals(summary("connection_table", "all"))
    assert (found["trainable"], found["connections"]) == (96 * 25 + 16, 241_600) == (2416, 241_600)


def test_windows_that_overlap_and_windows_that_do_not_give_alexnets_27() -> None:
    shapes = [summary("overlapping_pooling", one)["layers"][0]["output_shape"] for one in ("overlapping", "apart")]
    assert shapes == [[27, 27, 96], [27, 27, 96]]


def test_the_inception_module_is_row_3a_of_googlenets_table() -> None:
    # Table 1, row inception (3a): 28x28x256, 159K parameters and 128M operations; it rounds, and counts no biases.
    found = summary("inception")
    assert found["layers"][-1]["output_shape"] == [28, 28, 256]
    assert totals(found)["macs"] // 10**6 == 128
    whole = {row["path"]: row for row in archspec.summary("googlenet")["layers"]}  # type: ignore[attr-defined]
    parts = [row["params"] for path, row in whole.items() if path.startswith("inception_3a/")]
    assert totals(found)["params"] == sum(parts)
    # Without reductions, by hand: 64·192 + 128·9·192 + 32·25·192 weights and 64 + 128 + 32 biases.
    naive = summary("inception", "naive")
    assert totals(naive)["params"] == 387_072 + 224
    assert naive["layers"][-1]["output_shape"] == [28, 28, 64 + 128 + 32 + 192]


def test_a_shortcut_costs_no_weight_and_no_multiplication() -> None:
    for depth in (20, 56):
        plain, residual = (totals(summary("shortcut", f"{kind}{depth}")) for kind in ("plain", "residual"))
        assert plain["depth"] == depth
        assert plain == residual


def test_one_convolution_has_the_window_of_two_and_fewer_weights() -> None:
    # By hand: (9·3·16 + 16) + (9·16·8 + 8) against 25·3·8 + 8.
    two, one = summary("linear_layers"), summary("linear_layers", "single")
    assert two["layers"][-1]["output_shape"] == one["layers"][-1]["output_shape"] == [8, 8, 8]
    assert (totals(two)["params"], totals(one)["params"]) == (1608, 608)


def test_the_pooling_lesson_gives_a_3x3_map_of_each_kind() -> None:
    assert [(row["op"], row["output_shape"]) for row in summary("pooling")["layers"]] == [
        (op, [3, 3, 1]) for op in ("max_pool", "average_pool", "weighted_average_pool", "lp_pool")
    ]
