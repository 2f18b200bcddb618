"""The table of other frameworks' words: what it leads to exists."""

from __future__ import annotations

import pytest

from archspec import ops
from archspec.elaboration.cures.foreign_words import (
    ABSENT,
    FIELDS,
    OPS,
    OTHER_VALUES,
    SIMILAR_OPS,
    TYPES,
    VALUES,
    cure_field,
    cure_name,
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
    assert not set(ABSENT) & {word.replace("_", "") for word in KNOWN}
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
        ("BatchNorm2d", None),  # whose momentum is 1 minus ours
        ("bn", "batch_norm"),
        ("fc", "dense"),
        ("Linear", "dense"),
        ("GlobalAveragePooling2D", "global_average_pool"),
        ("gap", "global_average_pool"),
        ("DepthwiseConv2D", "depthwise_conv"),
        ("ConvTranspose2d", "transposed_conv"),
        ("Conv2DTranspose", "transposed_conv"),
        ("deconv", "transposed_conv"),
        ("UpSampling2D", "upsample"),
        ("ZeroPadding2D", "pad"),
        ("Concatenate", "concat"),
        ("LRN", "local_response_norm"),
        ("Dropout", "dropout"),
        ("Flatten", "flatten"),
        ("SeparableConv2D", "separable_conv"),
        ("AdaptiveAvgPool2d", "adaptive_average_pool"),
        ("AdaptiveMaxPool2d", "adaptive_max_pool"),
        ("Minimum", "minimum"),
        ("Subtract", "subtract"),
        ("Permute", "permute"),
        ("depth_to_space", "pixel_shuffle"),
        ("PixelShuffle", None),  # whose order is another
        ("pool", None),
        ("LeakyReLU", None),  # of a slope that each framework sets otherwise
        ("lrelu", None),
        *((word, None) for word in ("PReLU", "RReLU", "crelu", "Dropout2d")),
        ("SpatialDropout2D", "spatial_dropout"),
        ("nn.Conv2d", "conv"),
        ("tf.keras.layers.MaxPooling2D", "max_pool"),
        *((word, None) for word in ("Bidirectional", "ReflectionPad2d", "SpectralNormalization", "TimeDistributed")),
        ("GroupNormalization", "group_norm"),
        ("hard_silu", "hard_swish"),
        *((word, None) for word in ("min_pool", "Unflatten", "batch_renorm")),
    ],
)
def test_a_word_of_keras_or_pytorch_has_the_op_that_does_the_same(word: str, meant: str | None) -> None:
    assert cure_word(word, KNOWN, axes=1 if "1" in word else 2).instead == meant


@pytest.mark.parametrize("word", ["Conv1D", "Conv3D", "MaxPool1D", "BatchNorm1d"])
def test_a_rank_that_is_not_that_of_what_flows_is_left_to_a_person(word: str) -> None:
    cure = cure_word(word, KNOWN, axes=2)
    assert (cure.near in OPS.values(), cure.instead) == (True, None)
    assert cure_word(word, KNOWN).instead is None  # where it is not known


def test_a_layer_that_another_framework_sets_otherwise_is_written_only_where_that_is_said() -> None:
    assert cure_word("LeakyReLU", KNOWN, fields=["negative_slope"]).instead == "leaky_relu"
    assert cure_word("AvgPool2d", KNOWN, fields=["kernel_size"], axes=2).instead == "average_pool"
    padded = cure_word("AvgPool2d", KNOWN, fields=["kernel_size", "padding"], axes=2)
    assert padded.instead is None
    assert padded.help is not None
    assert "`count_padding: true`" in padded.help


@pytest.mark.parametrize(("name", "meant"), [("PReLU", None), ("LeakyReLU", None), ("lrelu", None), ("ReLU", "relu")])
def test_an_activation_is_written_only_where_it_is_the_same(name: str, meant: str | None) -> None:
    assert cure_name(name, ["relu", "leaky_relu", "none"]).instead == meant


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
        ("upsample", "scale_factor", "size"),
        ("adaptive_max_pool", "output_size", "size"),
        ("upsample", "mode", "interpolation"),
        ("upsample", "align_corners", None),  # `align: corners`, not `align: true`
        ("max_pool", "ceil_mode", None),  # `round: up`, not `round: true`
        ("dense", "out_features", "units"),
        ("dropout", "p", "rate"),
        ("batch_norm", "eps", "epsilon"),
        ("conv", "in_channels", None),
        ("relu", "kernel_size", None),
        ("conv", "no_bias", None),  # says the opposite
        ("leaky_relu", "negative_slope", "slope"),
    ],
)
def test_a_field_of_keras_or_pytorch_has_the_field_that_says_the_same(op: str, name: str, meant: str | None) -> None:
    assert cure_field(name, fields_of(op)).instead == meant


def test_a_field_that_is_written_already_is_not_written_again() -> None:
    assert cure_field("kernel_size", fields_of("conv"), taken={"kernel", "kernel_size"}).instead is None
