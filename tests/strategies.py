"""Random specs that are sound by construction, for the property tests; itself tested in `test_strategies`.

A generator places items on a value whose shape it knows, by rules of its own that are simpler than the ops': sizes
stay, or are cut by windows that fit. Nothing here calls archspec.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import yaml
from hypothesis import strategies as st

Item = Any
"""A line of a spec, as YAML reads it."""

Draw = Callable[[st.SearchStrategy[Any]], Any]


@dataclass(frozen=True)
class At:
    """The value that flows: sizes along the spatial axes, and channels."""

    sizes: tuple[int, ...]
    channels: int

    @property
    def rank(self) -> int:
        """The number of spatial axes."""
        return len(self.sizes)


@dataclass
class Spec:
    """A spec as it grows. `kinds` says what it holds, for the test of the generator."""

    document: dict[str, Any]
    kinds: set[str] = field(default_factory=set)

    @property
    def text(self) -> str:
        """The spec as YAML."""
        return yaml.safe_dump(self.document, sort_keys=False, default_flow_style=None, width=100)

    def __repr__(self) -> str:
        return self.text


@st.composite
def specs(draw: Draw) -> Spec:
    """A whole network of 1 to 3 spatial axes, with one or two inputs and outputs."""
    rank = draw(st.integers(1, 3))
    at = At(tuple(draw(st.integers(6, 9)) for _ in range(rank)), draw(st.sampled_from((2, 3, 4))))
    names = draw(st.sampled_from((["image"], ["image"], ["left", "right"])))
    spec = Spec({"archspec": 1, "name": "net", "inputs": {name: [*at.sizes, at.channels] for name in names}})
    layers: list[Item] = []
    if len(names) > 1:
        spec.kinds.add("several inputs")
        layers.append("concat")
        at = replace(at, channels=2 * at.channels)
    for _ in range(draw(st.integers(1, 4))):
        items, at = draw(st.sampled_from(PIECES))(draw, spec, at)
        layers += items
    outputs = _tap(draw, spec, layers)
    layers += _head(draw, at)
    if outputs:
        layers.append({**_as_mapping(layers.pop()), "name": "last"})
        spec.document["outputs"] = [*outputs, "last"]
    spec.document["layers"] = layers
    return spec


@st.composite
def unnamed_items(draw: Draw, at: At) -> list[Item]:
    """A few lines without names that keep their input's shape."""
    spec = Spec({})
    return [item for _ in range(draw(st.integers(1, 3))) for item in draw(st.sampled_from(KEEPING))(draw, spec, at)[0]]


Piece = Callable[[Draw, Spec, At], tuple[list[Item], At]]


def _plain(draw: Draw, spec: Spec, at: At) -> tuple[list[Item], At]:
    """A word or two that keep the shape."""
    words: list[Item] = [
        "relu", "tanh", "gelu", "scaled_tanh", "hard_swish", "batch_norm", {"dropout": 0.5}, {"activation": "sigmoid"},
    ]  # fmt: skip
    if at.rank == 2:
        words.append({"local_response_norm": {"size": 3}})
    spec.kinds.add("chain")
    return [draw(st.sampled_from(words))], at


def _window(draw: Draw, spec: Spec, at: At) -> tuple[list[Item], At]:
    """A window op with stride 1 that keeps sizes and channels."""
    padding = draw(st.sampled_from(("same", "half", 1)))
    words: list[Item] = [
        {"max_pool": {"size": 3, "stride": 1, "padding": padding}},
        {"average_pool": {"size": 3, "stride": 1, "padding": padding}},
        {"lp_pool": {"size": 3, "stride": 1, "padding": padding}},
        {"conv": {"filters": at.channels, "kernel": 3, "padding": padding, "fill": "edge"}},
        {"conv": {"filters": at.channels, "kernel": 3, "padding": padding, "groups": at.channels}},
    ]
    if at.rank < 3:
        words.append({"depthwise_conv": {"kernel": 3, "padding": padding}})
    spec.kinds.add("window")
    return [draw(st.sampled_from(words))], at


def _margins(draw: Draw, spec: Spec, at: At) -> tuple[list[Item], At]:
    """A border put on and taken off."""
    fills = ("zeros", "edge", "reflect") if min(at.sizes) > 2 else ("zeros", "edge")
    fill = draw(st.sampled_from(fills))
    return [{"pad": {"margins": [[1, 2]] * at.rank, "fill": fill}}, {"crop": [[2, 1]] * at.rank}], at


def _conv(draw: Draw, spec: Spec, at: At) -> tuple[list[Item], At]:
    """A convolution to another number of channels."""
    filters = draw(st.integers(1, 6))
    fields = {"kernel": draw(st.sampled_from((1, 3))), "padding": "same", "bias": draw(st.booleans())}
    return [{"conv": {"filters": filters, **fields}}], replace(at, channels=filters)


def _shrink(draw: Draw, spec: Spec, at: At) -> tuple[list[Item], At]:
    """A window op that makes the value smaller; nothing on a small one."""
    if min(at.sizes) < 4:
        return [], at
    spec.kinds.add("shrink")
    halved = replace(at, sizes=tuple(size // 2 for size in at.sizes))
    cut = replace(at, sizes=tuple(size - 2 for size in at.sizes))
    half_up = replace(at, sizes=tuple(-(-size // 2) for size in at.sizes))
    choice: tuple[Item, At] = draw(
        st.sampled_from(
            [
                ({"max_pool": 2}, halved),
                ({"trainable_pool": 2}, halved),
                ({"max_pool": {"size": 2, "round": "up"}}, half_up),
                ({"weighted_average_pool": {"size": 3, "stride": 1}}, cut),
                ({"conv": {"filters": 5, "kernel": 3}}, replace(cut, channels=5)),
                ({"conv": {"filters": 4, "kernel": 3, "stride": 2, "padding": "same"}}, replace(half_up, channels=4)),
                ({"partial_conv": {"connections": [[0], [0, 1]], "kernel": 3}}, replace(cut, channels=2)),
            ][: None if at.channels > 1 else -1]
        )
    )
    item, after = choice
    return [item], after


def _join(draw: Draw, spec: Spec, at: At) -> tuple[list[Item], At]:
    """Branches that keep the shape, one of them perhaps the identity, joined element by element."""
    word = draw(st.sampled_from(("add", "multiply", "average", "maximum")))
    branches: dict[str, list[Item]] = {"main": draw(unnamed_items(at)), "other": []}
    if draw(st.booleans()):
        branches["third"] = draw(unnamed_items(at))
    spec.kinds.add("join")
    return [{word: branches, **_name(spec)}], at


def _concat(draw: Draw, spec: Spec, at: At) -> tuple[list[Item], At]:
    """Branches of different widths, side by side."""
    branches: dict[str, list[Item]] = {"all": []}
    channels = at.channels
    for name in ("one", "two")[: draw(st.integers(1, 2))]:
        items, after = _conv(draw, spec, at)
        branches[name] = [*draw(unnamed_items(at)), *items]
        channels += after.channels
    spec.kinds.add("concat")
    return [{"concat": branches, **_name(spec)}], replace(at, channels=channels)


def _split(draw: Draw, spec: Spec, at: At) -> tuple[list[Item], At]:
    """The channels in two parts, one of them worked on, and joined again."""
    if at.channels < 2:
        return [], at
    first = draw(st.integers(1, at.channels - 1))
    name = _fresh(spec, "parts")
    worked = [{"relu": None, "from": f"{name}/1"}]
    left = [{"conv": {"filters": 3, "kernel": 1}, "from": f"{name}/2"}]
    spec.kinds.add("split")
    items = [
        {"split": [first, at.channels - first], "name": name},
        {"concat": {"worked": worked, "left": left}, **_name(spec)},
    ]
    return items, replace(at, channels=first + 3)


def _repeat(draw: Draw, spec: Spec, at: At) -> tuple[list[Item], At]:
    """A loop that counts."""
    spec.kinds.add("repeat")
    return [{"repeat": draw(st.integers(0, 3)), "layers": draw(unnamed_items(at))}], at


def _for(draw: Draw, spec: Spec, at: At) -> tuple[list[Item], At]:
    """A loop over a column, each pass named."""
    widths = draw(st.lists(st.integers(1, 5), min_size=1, max_size=3))
    name = _fresh(spec, "stage")
    after, _ = _plain(draw, spec, at)
    layers = [{"conv": {"filters": "$width", "kernel": 1}}, *after]
    spec.kinds.add("for")
    return [{"for": {"width": widths}, "name": f"{name}_$index", "layers": layers}], replace(at, channels=widths[-1])


def _block(draw: Draw, spec: Spec, at: At) -> tuple[list[Item], At]:
    """A use of a residual block that the file declares, projected where the width changes."""
    blocks = spec.document.setdefault("blocks", {})
    blocks.setdefault("unit", RESIDUAL_UNIT)
    width = draw(st.sampled_from((at.channels, 4)))
    spec.kinds.add("block")
    return [{"unit": width, **_name(spec)}], replace(at, channels=width)


def _standard(draw: Draw, spec: Spec, at: At) -> tuple[list[Item], At]:
    """A use of a standard block."""
    spec.kinds.add("standard block")
    return [{"conv_bn": {"filters": 3, "kernel": 3, "padding": "half", "activation": "relu"}}], replace(at, channels=3)


RESIDUAL_UNIT = {
    "parameters": {"width": {"type": "int", "min": 1}},
    "layers": [
        {
            "add": {
                "main": [{"conv": {"filters": "$width", "kernel": 3, "padding": "same"}}, "batch_norm"],
                "shortcut": [{"conv": {"filters": "$width", "kernel": 1}, "when": "$(in.channels != width)"}],
            }
        },
        "relu",
    ],
}

KEEPING: tuple[Piece, ...] = (_plain, _window, _margins)
PIECES: tuple[Piece, ...] = (
    *KEEPING, _conv, _shrink, _join, _concat, _split, _repeat, _for, _block, _standard,
)  # fmt: skip


def _tap(draw: Draw, spec: Spec, layers: list[Item]) -> list[str]:
    """Perhaps a second output, off the trunk."""
    if not draw(st.booleans()):
        return []
    spec.kinds.add("several outputs")
    layers.append({"side": ["global_average_pool", {"dense": 2}], "name": "tap"})
    return ["tap"]


def _head(draw: Draw, at: At) -> list[Item]:
    """The last lines."""
    heads: list[list[Item]] = [
        ["flatten", {"dense": {"units": 3, "activation": "softmax"}}],
        ["global_max_pool", {"dense": 4}],
        [{"reshape": [-1, at.channels]}],
        [{"dense": 2}],
    ]
    return list(draw(st.sampled_from(heads)))


def _name(spec: Spec) -> dict[str, str]:
    """A name for a join or block; joins need one where branches' words repeat, so all have one."""
    return {"name": _fresh(spec, "part")}


def _as_mapping(item: Item) -> dict[str, Item]:
    return {item: None} if isinstance(item, str) else item


def _fresh(spec: Spec, word: str) -> str:
    used = spec.document.setdefault("meta", {"names": 0})
    used["names"] += 1
    return f"{word}{used['names']}"
