"""Arithmetic of sliding windows that convolutions and poolings share: per-axis values, padding, output size.

Source: Dumoulin, Visin, "A guide to convolution arithmetic for deep learning", arXiv:1603.07285, section 4.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from archspec.ir.op import ShapeError
from archspec.ir.reach import AXES, Reach, Window
from archspec.ir.shape import Dim, is_known, map_dims, show

Positive = Annotated[int, Field(ge=1)]
NonNegative = Annotated[int, Field(ge=0)]
PerAxis = tuple[Positive, ...]
"""A number for every spatial axis; one number serves all axes."""

Amounts = tuple[tuple[NonNegative, ...], ...]
"""One amount for every side, one for each axis, or [before, after] for each axis."""

Padding = Literal["valid", "same", "half"] | Amounts
"""`valid`: none; `same`: keeps ceil(size / stride), the odd row last; `half`: (kernel - 1) // 2 · dilation on each
side; or amounts."""

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


def explicit_margins(padding: Padding, kernel: tuple[int, ...], dilation: tuple[int, ...]) -> Margins | None:
    """The padding in numbers; `None` for `same`, whose numbers depend on the input's size."""
    if padding == "same":
        return None
    if padding == "valid":
        return ((0, 0),) * len(kernel)
    if padding == "half":
        return tuple(((size - 1) // 2 * step,) * 2 for size, step in zip(kernel, dilation, strict=True))
    assert not isinstance(padding, str)
    return amount_margins(padding, len(kernel), field="padding")


def amount_margins(amounts: Amounts, rank: int, *, field: str) -> Margins:
    """Amounts as (before, after) for each of `rank` axes. Raises `ShapeError` unless they are for all or for each."""
    pairs = amounts * rank if len(amounts) == 1 else amounts
    if len(pairs) != rank or any(len(pair) not in (1, 2) for pair in pairs):
        raise ShapeError(
            f"`{field}` needs one amount, or one or a [before, after] pair for each of {rank} axes, got {len(amounts)}",
            field=field,
        )
    return tuple((pair[0], pair[-1]) for pair in pairs)


def same_margins(
    spatial: tuple[Dim, ...],
    kernel: tuple[int, ...],
    stride: tuple[int, ...],
    dilation: tuple[int, ...],
) -> Margins:
    """The amounts that `same` stands for: they depend on the input's size wherever the stride is above 1.

    Raises `ShapeError` where such a size is open.
    """
    margins = []
    for size, k, s, d in zip(spatial, kernel, stride, dilation, strict=True):
        extent = (k - 1) * d + 1
        if s == 1:
            whole = extent - 1
        elif not is_known(size):
            raise ShapeError(
                "the amounts of `padding: same` with a stride above 1 depend on the input's size, "
                f"which must be known here, got {times(spatial)}",
                field="padding",
                cure="write the amounts: `padding: half` or numbers",
            )
        else:
            whole = max((-(-size // s) - 1) * s + extent - size, 0)
        margins.append((whole // 2, whole - whole // 2))
    return tuple(margins)


def check_fill(
    fill: Fill,
    margins: Margins | None,
    spatial: tuple[Dim, ...],
    kernel: tuple[int, ...],
    stride: tuple[int, ...],
    dilation: tuple[int, ...],
) -> None:
    """Raises `ShapeError` where `fill` cannot stand in `margins`, or in those of `same` for `None`."""
    if fill == "zeros":
        return
    amounts = same_margins(spatial, kernel, stride, dilation) if margins is None else margins
    if fill == "reflect":
        check_reflection(amounts, spatial, field="padding")


def check_reflection(margins: Margins, spatial: tuple[Dim, ...], *, field: str) -> None:
    """Raises `ShapeError` where a mirrored margin is not below its axis' size: the edge itself is not repeated."""
    if any(is_known(size) and max(pair) >= size for pair, size in zip(margins, spatial, strict=True)):
        raise ShapeError(
            f"mirrored values reach less far than the input's size, got {brackets(margins)} around {times(spatial)}",
            field=field,
            cure="use `fill: edge`, smaller amounts, or a larger input",
        )


def window_count(
    size: Dim, kernel: int, stride: int, dilation: int, margins: tuple[int, int] | None, *, up: bool = False
) -> Dim:
    """How many positions a window takes along one axis; with `margins` `None`, those of `same` padding.

    floor((size + before + after - (kernel - 1) · dilation - 1) / stride) + 1, with ceil where `up`; as in Caffe a
    window of `up` must not start in the padding after the input, which is below the window's reach there. Below 1 where
    the window does not fit; a formula holds where it does.
    """
    if margins is None:
        return map_dims(lambda known: (known + stride - 1) // stride, size)
    before, after = margins
    extent = (kernel - 1) * dilation + 1
    room = map_dims(lambda known: known + before + after - extent, size)
    is_rounded = up and not (is_known(room) and room < 0)
    # The ceiling is the floor with stride - 1 more; with more than this the last window would miss the input.
    more = min(stride - 1, extent - after - 1) if is_rounded else 0
    return map_dims(lambda known: (known + more) // stride + 1, room)


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
    if any(is_known(size) and size < 1 for size in sizes):
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


def derive_windows(
    spatial: tuple[Dim, ...],
    output: tuple[Dim, ...],
    kernel: tuple[int, ...],
    stride: tuple[int, ...],
    dilation: tuple[int, ...],
    padding: Padding,
    *,
    overhang: tuple[int, ...] = (),
) -> tuple[str, ...]:
    """How each axis' number of windows comes about. `overhang` is what rounding up adds at the end."""
    margins = explicit_margins(padding, kernel, dilation) or (None,) * len(kernel)
    names = AXES.get(len(kernel), ())
    over = overhang or (0,) * len(kernel)
    axes = zip(names, spatial, output, kernel, stride, dilation, margins, over, strict=True)
    lines = []
    for name, size, count, k, s, d, pair, more in axes:
        if pair is None:
            lines.append(f"{name}: ceil({show(size)} / {s}) = {show(count)}, padded as `same` demands")
            continue
        padded = " + ".join([show(size), *(str(amount) for amount in (*pair, more) if amount)])
        lines.append(f"{name}: floor(({padded} - ({k} - 1)·{d} - 1) / {s}) + 1 = {show(count)}")
    return tuple(lines)


def window_reach(
    spatial: tuple[Dim, ...],
    kernel: tuple[int, ...],
    stride: tuple[int, ...],
    dilation: tuple[int, ...],
    padding: Padding,
) -> Reach:
    """What each position of the output sees of the input."""
    margins = explicit_margins(padding, kernel, dilation)
    befores: tuple[int | None, ...]
    if margins is not None:
        befores = tuple(before for before, _ in margins)
    else:
        befores = tuple(
            same_margins((size,), (k,), (s,), (d,))[0][0] if s == 1 or is_known(size) else None
            for size, k, s, d in zip(spatial, kernel, stride, dilation, strict=True)
        )
    return tuple(
        Window((k - 1) * d + 1, s, before) for k, s, d, before in zip(kernel, stride, dilation, befores, strict=True)
    )


def times(sizes: tuple[Dim, ...]) -> str:
    """Sizes as people write them.

    >>> times((3, 5)), times((None, 7))
    ('3x5', '?x7')
    """
    return "x".join(map(show, sizes))


def brackets(margins: Margins) -> str:
    """Margins as people write them.

    >>> brackets(((0, 1), (2, 2)))
    '[0, 1], [2, 2]'
    """
    return ", ".join(f"[{before}, {after}]" for before, after in margins)
