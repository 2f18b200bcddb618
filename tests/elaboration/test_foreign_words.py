"""The table of other frameworks' words: what it leads to exists."""

from __future__ import annotations

import pytest

from archspec import ops
from archspec.elaboration.cures.foreign_words import (
    FIELDS,
    OPS,
    OTHER_VALUES,
    SIMILAR_OPS,
    TYPES,
    VALUES,
    cure_field,
    cure_word,
)
from archspec.elaboration.field_types import field_types
from archspec.elaboration.modules import standard_words
from archspec.elaboration.parameters import SIMPLE

KNOWN = {*ops.words(), *standard_words()}


def fields_of(word: str) -> set[str]:
    op = ops.find(word)
    assert op is not None
    return set(field_types(op))


def test_the_words_it_leads_to_are_ops_fields_types_and_activations() -> None:
    fields = {field for word in ops.words() for field in fields_of(word)}
    assert set(OPS.values()) | set(SIMILAR_OPS.values()) <= KNOWN
    assert {field for meant in FIELDS.values() for field in meant} <= fields
    assert set(OTHER_VALUES) <= set(FIELDS)
    assert set(TYPES.values()) <= set(SIMPLE)
    assert set(VALUES.values()) - {"none"} <= set(ops.words())


def test_a_foreign_word_is_none_of_this_language() -> None:
    assert not (set(OPS) - {"conv"}) & KNOWN
    assert not set(TYPES) & set(SIMPLE)


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("Conv2D", "conv"),
        ("conv1d", "conv"),
        ("maxpool", "max_pool"),
        ("MaxPooling2D", "max_pool"),
        ("AvgPool2d", "average_pool"),
        ("BatchNormalization", "batch_norm"),
        ("BatchNorm2d", "batch_norm"),
        ("bn", "batch_norm"),
        ("fc", "dense"),
        ("Linear", "dense"),
        ("GlobalAveragePooling2D", "global_average_pool"),
        ("gap", "global_average_pool"),
        ("DepthwiseConv2D", "depthwise_conv"),
        ("ZeroPadding2D", "pad"),
        ("Concatenate", "concat"),
        ("LRN", "local_response_norm"),
        ("Dropout", "dropout"),
        ("Flatten", "flatten"),
        ("SeparableConv2D", None),  # without the norms of `depthwise_separable`
        ("AdaptiveAvgPool2d", None),  # of any size
        ("pool", None),
    ],
)
def test_a_word_of_keras_or_pytorch_has_the_op_that_does_the_same(word: str, meant: str | None) -> None:
    assert cure_word(word, KNOWN).instead == meant


@pytest.mark.parametrize(
    ("op", "name", "meant"),
    [
        ("conv", "kernel_size", "kernel"),
        ("conv", "out_channels", "filters"),
        ("conv", "num_filters", "filters"),
        ("conv", "units", "filters"),
        ("conv", "strides", "stride"),
        ("conv", "use_bias", "bias"),
        ("conv", "dilation_rate", "dilation"),
        ("max_pool", "pool_size", "size"),
        ("max_pool", "kernel_size", "size"),
        ("max_pool", "ceil_mode", None),  # `round: up`, not `round: true`
        ("dense", "out_features", "units"),
        ("dropout", "p", "rate"),
        ("batch_norm", "eps", "epsilon"),
        ("conv", "in_channels", None),
        ("relu", "kernel_size", None),
    ],
)
def test_a_field_of_keras_or_pytorch_has_the_field_that_says_the_same(op: str, name: str, meant: str | None) -> None:
    assert cure_field(name, fields_of(op)).instead == meant


def test_a_field_that_is_written_already_is_not_written_again() -> None:
    assert cure_field("kernel_size", fields_of("conv"), taken={"kernel", "kernel_size"}).instead is None
