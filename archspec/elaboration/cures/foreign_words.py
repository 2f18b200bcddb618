"""Words of other frameworks and of papers, and what this language calls the same thing.

Only what spelling alone does not lead to: `strides` is near `stride`. Loaded only where a word is unknown.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from archspec.diagnostics.suggest import Cure, did_you_mean, meant

RANK = re.compile(r"([123])d$")

OPS = {
    "conv": "conv", "convolution": "conv", "cnn": "conv",
    **dict.fromkeys(
        (
            "deconv", "deconvolution", "convtranspose", "transposeconv",
            "conv1dtranspose", "conv2dtranspose", "conv3dtranspose", "upconv",
        ),
        "transposed_conv",
    ),
    "maxpool": "max_pool", "maxpooling": "max_pool", "avgpool": "average_pool", "averagepool": "average_pool",
    "averagepooling": "average_pool", "batchnormalization": "batch_norm", "batchnorm": "batch_norm",
    "bn": "batch_norm", "fc": "dense", "linear": "dense", "fullyconnected": "dense", "innerproduct": "dense",
    "gap": "global_average_pool", "globalavgpool": "global_average_pool", "globalaveragepool": "global_average_pool",
    "globalaveragepooling": "global_average_pool", "gmp": "global_max_pool", "globalmaxpool": "global_max_pool",
    "globalmaxpooling": "global_max_pool", "depthwiseconv": "depthwise_conv", "dwconv": "depthwise_conv",
    "separableconv": "separable_conv", "layernormalization": "layer_norm", "ln": "layer_norm",
    "droppath": "stochastic_depth", "spatialdropout": "spatial_dropout", "rescaling": "rescale",
    "groupnormalization": "group_norm", "gn": "group_norm", "instancenormalization": "instance_norm",
    "rmsnormalization": "rms_norm", "grn": "global_response_norm", "l2norm": "l2_normalize",
    "l2normalization": "l2_normalize", "unitnormalization": "l2_normalize", "lrn": "local_response_norm",
    "localresponsenorm": "local_response_norm", "zeropadding": "pad", "zeropad": "pad", "cropping": "crop",
    "concatenate": "concat", "cat": "concat", "mul": "multiply", "silu": "swish", "hardsilu": "hard_swish",
    "drop": "dropout", "flat": "flatten", "adaptiveavgpool": "adaptive_average_pool",
    "adaptiveaveragepooling": "adaptive_average_pool", "adaptivemaxpool": "adaptive_max_pool",
    "adaptivemaxpooling": "adaptive_max_pool", "sub": "subtract", "depthtospace": "pixel_shuffle",
    "spacetodepth": "pixel_unshuffle", "upsampling": "upsample", "multiheadattention": "attention", "mha": "attention",
    "selfattention": "attention", "cls": "class_token", "clstoken": "class_token", "rnn": "simple_rnn",
}  # fmt: skip
"""By the word in small letters, without `_`, `-` and the `2d` at its end."""

SIMILAR_OPS = {
    "lrelu": "leaky_relu", "dropconnect": "stochastic_depth", "normalize": "normalization",
    "standardize": "normalization", "pool": "max_pool", "centercrop": "crop_like", "coordconv": "coordinate_channels",
    "resizing": "resize", "interpolate": "resize", "transpose": "permute",
}  # fmt: skip
"""Words for something near, which a person must look at."""

ABSENT = {
    "rrelu": "a slope drawn at random is not there yet; that of `leaky_relu` is fixed",
    "crelu": "it is `concat: {plus: [], minus: [rescale: -1]}` and then `relu`, which alone gives half of its channels",
    "minpool": "there are `max_pool` and `average_pool`, but no pooling by the minimum yet",
    "unflatten": "write `reshape` with the shape that is meant",
    "reflectionpad": "write `pad` with `fill: reflect`",
    "replicationpad": "write `pad` with `fill: edge`",
    "bidirectional": "write `bidirectional: concat` in `lstm`, `gru` or `simple_rnn`",
    "timedistributed": "leave it out: `dense` and activations act on each step, and a convolution on each image",
    "spectralnorm": "write `kernel_norm: spectral` in the layer",
    "spectralnormalization": "write `kernel_norm: spectral` in the layer",
    "weightnorm": "write `kernel_norm: weight` in the layer",
    "batchrenorm": "batch renormalization is not there yet; `batch_norm` is another layer",
    "batchrenormalization": "batch renormalization is not there yet; `batch_norm` is another layer",
}
"""Words for what this language lacks, most of them near a word for something else."""

SLOPES = frozenset(("slope", "negative_slope", "alpha"))

OTHER_DEFAULTS = "its slope is 0.2 unless written, where Keras' layer has 0.3 and PyTorch's 0.01"
OTHER_SLOPES = "it has a slope for each channel unless written, where Keras has one for each value and PyTorch one"
OTHER_MOMENTUM = "its `momentum` is 1 minus PyTorch's, and its `epsilon` 1e-3 unless written, where PyTorch has 1e-5"
OTHER_ORDER = "PyTorch's has `order: channels`, which matters to weights made there"
OTHER_DIVISOR = "PyTorch counts the padding: add `count_padding: true`"

WIDTHS = ("filters", "units")
WINDOWS = ("kernel", "size")

FIELDS = {
    **dict.fromkeys(("out_channels", "num_filters", "n_filters", "nb_filters", "num_output", "channels"), WIDTHS),
    **dict.fromkeys(("out_features", "num_units", "neurons", "units", "filters", "width", "hidden_size"), WIDTHS),
    **dict.fromkeys(("output_dim", "embedding_dim", "embed_dim"), (*WIDTHS, "width")),
    **dict.fromkeys(("input_dim", "num_embeddings", "vocab_size", "vocabulary_size"), ("vocabulary",)),
    **dict.fromkeys(("num_heads", "n_heads"), ("heads",)),
    "key_dim": ("head_width",),
    "return_sequences": ("sequence",),
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
    **dict.fromkeys(("negative_slope", "alpha"), ("slope",)),
    "ceil_mode": ("round",),
    **dict.fromkeys(("scale_factor", "upscale_factor", "downscale_factor", "block_size", "output_size"), ("size",)),
    "align_corners": ("align",),
    "mode": ("interpolation",),
}  # fmt: skip
"""The fields that a name may stand for; an op has one of them."""

OTHER_VALUES = ("ceil_mode", "align_corners")
"""Names whose values are written otherwise too."""

INFERRED = frozenset(("in_channels", "in_features", "input_shape", "input_dim", "batch_input_shape", "num_features"))

TYPES = {
    "integer": "int", "float": "number", "double": "number", "real": "number", "boolean": "bool", "str": "word",
    "string": "word", "text": "word",
}  # fmt: skip

VALUES = {"silu": "swish", "linear": "none", "identity": "none", "hardswish": "hard_swish", "hard_silu": "hard_swish"}


def cure_word(
    word: str,
    known: Iterable[str],
    otherwise: str | None = None,
    fields: Collection[str] = (),
    axes: int | None = None,
) -> Cure:
    """For a word that is neither an op nor a block, with the names of the `fields` written for it.

    `axes` are those of what flows in beside its channels, if known: a `2d` must agree with them.

    >>> cure_word("Conv2D", ["conv", "dense"], axes=2).instead, cure_word("Conv1D", ["conv", "dense"], axes=2).instead
    ('conv', None)
    """
    known = tuple(known)
    word = word.rpartition(".")[2] or word  # `nn.Conv2d`
    folded = RANK.sub("", _fold(word))
    rank = RANK.search(_fold(word))
    if cure := _absent(folded):
        return cure
    if other := _otherwise_set(folded, rank is not None, fields):
        return Cure(f"did you mean `{other[0]}`? {other[1]}", near=other[0])
    for table in (OPS, SIMILAR_OPS):
        if (same := table.get(folded)) is not None and same in known:
            if rank is not None and axes != int(rank[1]):
                return Cure(f"did you mean `{same}`? it has the axes of what flows in", near=same)
            return meant(same, is_certain=table is OPS)
    return did_you_mean(word, known, otherwise)


def cure_name(text: str, known: Collection[str]) -> Cure:
    """For a text that is none of the words that a field takes, such as the activations.

    >>> cure_name("SiLU", ["relu", "swish"]).instead, cure_name("LeakyReLU", ["leaky_relu"]).instead
    ('swish', None)
    """
    same = VALUES.get(text.lower())
    if same in known:
        return Cure(f"write `{same}`", same, same)
    if "leaky_relu" in known and _fold(text) in ("leakyrelu", "lrelu"):
        return Cure(f"did you mean `leaky_relu`? {OTHER_DEFAULTS}", near="leaky_relu")
    if "relu" in known and _fold(text) == "prelu":
        return Cure("`prelu` owns its slopes: write it as a line of its own")
    absent = _absent(_fold(text)) if "relu" in known else None
    return absent or did_you_mean(text, known)


def _absent(folded: str) -> Cure | None:
    return Cure(ABSENT[folded]) if folded in ABSENT else None


def _otherwise_set(folded: str, has_rank: bool, fields: Collection[str]) -> tuple[str, str] | None:
    """The op that a framework's layer is, and in what it is set otherwise there, so that a person must look."""
    if folded == "leakyrelu" and not SLOPES & set(fields):
        return "leaky_relu", OTHER_DEFAULTS
    if folded == "dropout" and has_rank:
        return "spatial_dropout", "it zeroes whole channels, as PyTorch's dropout of that name does"
    if folded == "prelu":
        return "prelu", OTHER_SLOPES
    if folded == "batchnorm" and has_rank:
        return "batch_norm", OTHER_MOMENTUM
    if folded in ("pixelshuffle", "pixelunshuffle") and "order" not in fields:
        return folded.replace("pixel", "pixel_"), OTHER_ORDER
    if folded == "avgpool" and "padding" in fields:
        return "average_pool", OTHER_DIVISOR
    return None


def _fold(word: str) -> str:
    return re.sub("[_-]", "", word.lower())


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
    if name.startswith("no_") and name[3:] in known:
        return Cure(f"`{name}: true` is `{name[3:]}: false`")
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
