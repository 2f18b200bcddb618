"""What is declared of each word, for readers: texts, fields, defaults, and where a block is from."""

from __future__ import annotations

import pytest

from archspec.elaboration.modules import standard_words
from archspec.elaboration.vocabulary import Argument, Word, find_word, names
from archspec.ops import words


def word(name: str) -> Word:
    found = find_word(name)
    assert found is not None
    return found


def argument(name: str, field: str) -> Argument:
    return next(one for one in word(name).arguments if one.name == field)


@pytest.mark.parametrize("name", sorted(names()))
def test_every_word_says_what_it_is_and_what_its_fields_are(name: str) -> None:
    found = word(name)
    assert found.summary
    assert "\n" not in found.summary
    assert found.spec.startswith("archspec: 1\n")
    assert all(one.about and one.takes for one in found.arguments), name
    assert [one.name for one in found.arguments if one.required and one.default] == []


def test_the_words_are_those_of_ops_and_standard_blocks() -> None:
    assert names() == words() | standard_words()
    assert not words() & standard_words()


@pytest.mark.parametrize("name", ["", "covn", "families", "_window", "../conv", "conv.filters"])
def test_what_is_no_word_is_none(name: str) -> None:
    assert find_word(name) is None


def test_a_field_has_what_its_declaration_says() -> None:
    filters = argument("conv", "filters")
    assert (filters.required, filters.default) == (True, "")
    assert (filters.about, filters.takes) == ("output channels", "a whole number of at least 1")
    assert argument("conv", "stride").default == "1"
    assert argument("conv", "bias").default == "true"
    assert argument("batch_norm", "epsilon").default == "0.001"
    assert argument("max_pool", "stride").default == "", "its size, which the text says"


def test_a_parameter_takes_from_the_ops_field_what_its_declaration_leaves_out() -> None:
    padding = argument("conv_relu", "padding")
    assert (padding.default, padding.about) == ("same", argument("conv", "padding").about)
    assert argument("shuffle_unit", "stride").takes == "a whole number of at least 1 and of at most 2"
    assert argument("shuffle_unit", "first_groups").default == "$groups"
    assert argument("conv_bn", "epsilon").default == "0.001"


def test_a_block_has_its_reference_and_its_body() -> None:
    found = word("fire")
    assert found.reference == "SqueezeNet, arXiv:1602.07360, figure 1, table 1"
    assert found.body.startswith("blocks:\n  fire:\n")
    assert (found.is_block, found.principal) == (True, "squeeze")
    assert not word("conv").is_block
