"""Words of other frameworks and of papers, and what this language calls the same thing.

Only what spelling alone does not lead to: `strides` is near `stride`. Loaded only where a word is unknown.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from archspec.diagnostics.suggest import Cure, did_you_mean, meant

RANK = re.compile(r"[123]d$")

OPS = {
    "conv": "conv", "convolution": "conv", "cnn": "conv",
    "maxpool": "max_pool", "maxpooling": "max_pool",
    "avgpool": "average_pool", "averagepool": "average_pool", "averagepooling": "average_pool",
    "batchnormalization": "batch_norm", "batchnorm": "batch_norm", "bn": "batch_norm",
    "fc": "dense", "linear": "dense", "fullyconnected": "dense", "innerproduct": "dense",
    "gap": "global_average_pool", "globalavgpool": "global_average_pool",
    "globalaveragepool": "global_average_pool", "globalaveragepooling": "global_average_pool",
    "gmp": "global_max_pool", "globalmaxpool": "global_max_pool", "globalmaxpooling": "global_max_pool",
    "depthwiseconv": "depthwise_conv", "dwconv": "depthwise_conv",
    "lrn": "local_response_norm", "localresponsenorm": "local_response_norm",
    "zeropadding": "pad", "zeropad": "pad", "cropping": "crop",
    "concatenate": "concat", "cat": "concat", "mul": "multiply", "silu": "swish",
    "drop": "dropout", "flat": "flatten",
}  # fmt: skip
"""By the word in small letters, without `_`, `-` and the `2d` at its end."""

SIMILAR_OPS = {
    "separableconv": "depthwise_separable", "adaptiveavgpool": "global_average_pool", "pool": "max_pool",
}  # fmt: skip
"""Words for something near, which a person must look at."""

WIDTHS = ("filters", "units")
WINDOWS = ("kernel", "size")

FIELDS = {
    **dict.fromkeys(("out_channels", "num_filters", "n_filters", "nb_filters", "num_output", "channels"), WIDTHS),
    **dict.fromkeys(("out_features", "output_dim", "num_units", "neurons", "units", "filters", "width"), WIDTHS),
    **dict.fromkeys(("kernel_size", "pool_size", "ksize", "window", "kernel", "size"), WINDOWS),
    **dict.fromkeys(("p", "prob", "drop_rate", "dropout_rate", "drop_prob"), ("rate",)),
    **dict.fromkeys(("padding", "cropping", "amount", "amounts"), ("margins",)),
    **dict.fromkeys(("act", "activation_fn", "nonlinearity"), ("activation",)),
    "pad": ("padding",),
    "use_bias": ("bias",),
    "dilation_rate": ("dilation",),
    "depth_multiplier": ("multiplier",),
    "num_groups": ("groups",),
    "eps": ("epsilon",),
    "target_shape": ("shape",),
    "ceil_mode": ("round",),
}  # fmt: skip
"""The fields that a name may stand for; an op has one of them."""

OTHER_VALUES = ("ceil_mode",)
"""Names whose values are written otherwise too."""

INFERRED = frozenset(("in_channels", "in_features", "input_shape", "input_dim", "batch_input_shape", "num_features"))

TYPES = {
    "integer": "int", "float": "number", "double": "number", "real": "number", "boolean": "bool", "str": "word",
    "string": "word", "text": "word",
}  # fmt: skip

VALUES = {"silu": "swish", "linear": "none", "identity": "none", "hardswish": "hard_swish"}


def cure_word(word: str, known: Iterable[str], otherwise: str | None = None) -> Cure:
    """For a word that is neither an op nor a block.

    >>> cure_word("Conv2D", ["conv", "dense"]).instead, cure_word("SeparableConv2D", ["depthwise_separable"]).instead
    ('conv', None)
    """
    known = tuple(known)
    folded = RANK.sub("", re.sub("[_-]", "", word.lower()))
    for table in (OPS, SIMILAR_OPS):
        if (same := table.get(folded)) is not None and same in known:
            return meant(same, is_certain=table is OPS)
    return did_you_mean(word, known, otherwise)


def cure_field(name: str, known: Iterable[str], otherwise: str | None = None, taken: Collection[str] = ()) -> Cure:
    """For a name that is none of the fields of an op or block, those `taken` being written already.

    >>> cure_field("kernel_size", ["size", "stride"]).instead, cure_field("in_channels", ["filters"]).instead
    ('size', None)
    """
    known = tuple(known)
    same = [field for field in FIELDS.get(name.lower(), ()) if field in known]
    if len(same) == 1:
        return meant(same[0], is_certain=same[0] not in taken and name not in OTHER_VALUES)
    if name.lower() in INFERRED:
        return Cure("leave it out: it follows from what flows in")
    if name.isdigit():
        return Cure("inside `{…}` a comma ends a value: write the number without it")
    return did_you_mean(name, known, otherwise, taken)


def cure_type(text: str, known: Iterable[str], otherwise: str) -> Cure:
    """For a text that is no type of a parameter.

    >>> cure_type("integer", ["int", "word"], "").instead
    'int'
    """
    same = TYPES.get(text.lower())
    return meant(same, is_certain=True) if same else did_you_mean(text, known, otherwise)
