"""Arithmetic of sliding windows that convolutions and poolings share: per-axis values, padding, output size.

Source: Dumoulin, Visin, "A guide to convolution arithmetic for deep learning", arXiv:1603.07285, section 4.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from archspec.ir.op import ShapeError
from archspec.ir.shape import Dim, map_dims

Positive = Annotated[int, Field(ge=1)]
NonNegative = Annotated[int, Field(ge=0)]
PerAxis = tuple[Positive, ...]
"""A number for every spatial axis; one number serves all axes."""

Padding = Literal["valid", "same", "half"] | tuple[tuple[NonNegative, ...], ...]
"""`valid`: none; `same`: keeps ceil(size / stride), the odd row last; `half`: (kernel - 1) // 2 · dilation on each side;
or amounts: one for every side, one for each axis, or [before, after] for each axis."""

Fill = Literal["zeros", "edge", "reflect"]
"""What stands in the padding: zeros, copies of the edge, or the values mirrored at the edge."""

Margins = tuple[tuple[int, int], ...]
"""(before, after) for every spatial axis."""

PADDING_HELP = "`valid`, `same`, `half`, or amounts: one number, one for each axis, or [before, after] pairs"
FILL_HELP = "what stands in the padding: `zeros`, copies of the `edge`, or the values mirrored (`reflect`)"


def per_axis(values: tuple[int, ...], rank: int, field: str) -> tuple[int, ...]:
    """One value for each of `rank` axes. Raises `ShapeError` unless there is one for all or one for each."""
    if len(values) == 1:
        return values * rank
    if len(values) != rank:
        raise ShapeError(
            f"`{field}` needs 1 or {rank} numbers for an input with {rank} spatial axes, got {len(values)}", field=field
        )
    return values


def explicit_margins(
    padding: Padding, kernel: tuple[int, ...], dilation: tuple[int, ...], field: str = "padding"
) -> Margins | None:
    """The padding in numbers; `None` for `same`, whose numbers depend on the input's size."""
    if padding == "same":
        return None
    if padding == "valid":
        return ((0, 0),) * len(kernel)
    if padding == "half":
        return tuple(((size - 1) // 2 * step,) * 2 for size, step in zip(kernel, dilation, strict=True))
    assert not isinstance(padding, str)
    amounts = padding * len(kernel) if len(padding) == 1 else padding
    if len(amounts) != len(kernel) or any(len(pair) not in (1, 2) for pair in amounts):
        raise ShapeError(
            f"`{field}` needs one amount, or one or a [before, after] pair for each of {len(kernel)} axes", field=field
        )
    return tuple((pair[0], pair[-1]) for pair in amounts)


def window_count(
    size: Dim, kernel: int, stride: int, dilation: int, margins: tuple[int, int] | None, *, up: bool = False
) -> Dim:
    """How many positions a window takes along one axis; with `margins` `None`, those of `same` padding.

    floor((size + before + after - (kernel - 1) · dilation - 1) / stride) + 1, with ceil where `up`; as in Caffe a
    window of `up` must not start in the padding after the input. Below 1 where the window does not fit.
    """
    if margins is None:
        return map_dims(lambda known: -(-known // stride), size)
    before, after = margins
    extent = (kernel - 1) * dilation + 1

    def count(known: int) -> int:
        room = known + before + after - extent
        if not up or room < 0:
            return room // stride + 1
        rounded = -(-room // stride) + 1
        starts_past_the_input = (rounded - 1) * stride >= known + before
        return rounded - 1 if starts_past_the_input else rounded

    return map_dims(count, size)


def window_shape(
    spatial: tuple[Dim, ...],
    kernel: tuple[int, ...],
    stride: tuple[int, ...],
    dilation: tuple[int, ...],
    margins: Margins | None,
    *,
    field: str,
    up: bool = False,
) -> tuple[Dim, ...]:
    """The output's spatial sizes. Raises `ShapeError` blaming `field` where the window does not fit."""
    axes = margins or (None,) * len(kernel)
    sizes = tuple(
        window_count(size, k, s, d, pair, up=up)
        for size, k, s, d, pair in zip(spatial, kernel, stride, dilation, axes, strict=True)
    )
    if any(size is not None and size < 1 for size in sizes):
        extent = tuple((k - 1) * d + 1 for k, d in zip(kernel, dilation, strict=True))
        padded = tuple(
            map_dims(lambda n, pair=pair: n + sum(pair or (0, 0)), size)
            for size, pair in zip(spatial, axes, strict=True)
        )
        raise ShapeError(
            f"a window of {times(extent)} must fit into its input, got {times(spatial)}"
            + (f", {times(padded)} with its padding" if padded != spatial else ""),
            field=field,
            cure=f"make `{field}` smaller, add `padding`, or use a larger input",
        )
    return sizes


def times(sizes: tuple[Dim, ...]) -> str:
    """Sizes as people write them.

    >>> times((3, 5)), times((None, 7))
    ('3x5', '?x7')
    """
    return "x".join("?" if size is None else str(size) for size in sizes)
