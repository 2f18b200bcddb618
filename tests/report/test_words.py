"""An op and a block as a terminal shows them."""

from __future__ import annotations

import textwrap

from archspec.elaboration.vocabulary import find_word
from archspec.report.words import word_list, word_text


def text_of(name: str) -> str:
    word = find_word(name)
    assert word is not None
    return word_text(word)


def test_an_op_shows_its_text_its_fields_and_its_example() -> None:
    assert text_of("dropout").endswith(
        textwrap.dedent(
            """
            Fields:

                rate  the probability that a value is zeroed
                      a number of at least 0 and below 1; required; may stand alone

            Example:

                archspec: 1
                inputs: {features: [100]}
                layers:
                  - dropout: 0.5
                  - dense: 10
            """
        ).rstrip("\n")
    )
    for part in ("dropout\n\nDropout: ", "\nShape: ", "\nWeights: ", "\nCost: ", "\nSource: "):
        assert part in text_of("dropout")


def test_an_op_without_fields_says_so() -> None:
    assert "\n\nIt has no fields.\n\n" in text_of("flatten")


def test_a_block_shows_where_it_is_from_its_parameters_and_its_body() -> None:
    text = text_of("depthwise_bn")
    assert text.startswith("depthwise_bn\n\na depthwise convolution without bias, batch normalization")
    assert "\n\nSource:  MobileNets, arXiv:1704.04861, figure 3\n\nFields:\n\n    kernel" in text
    assert "\n    momentum    the part of the moving statistics that a step keeps\n" in text
    assert "\n\nBody:\n\n    blocks:\n      depthwise_bn:\n" in text


def test_long_lists_of_names_are_wrapped() -> None:
    assert max(map(len, text_of("activation").splitlines())) <= 120


def test_the_list_has_a_line_for_each_word() -> None:
    ops, blocks = [find_word("relu"), find_word("conv")], [find_word("fire")]
    assert word_list(filter(None, ops), filter(None, blocks)).splitlines() == [
        "ops",
        "  relu  relu(x) = max(x, 0)",
        "  conv  Convolution over many channels, of 1-, 2- or 3-dimensional inputs",
        "",
        "blocks",
        "  fire  a 1x1 squeeze, then 1x1 and 3x3 expansions side by side",
    ]
