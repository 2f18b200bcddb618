"""What brings two values of other sizes together where no stride does: cutting the larger, or enlarging the smaller."""

from __future__ import annotations

from archspec.ir.shape import Dim, Shape, is_known, map_dims, show


def cure_sizes(left: tuple[str, Shape], right: tuple[str, Shape], *, are_names: bool) -> str | None:
    """For two values that differ in height or width alone; `are_names` where they can be written after `from`.

    >>> cure_sizes(("skip", Shape((33, 33, 8))), ("up", Shape((32, 32, 8))), are_names=True)
    'cut `skip` to the size of `up` with `{crop_like, from: [skip, up]}`, or enlarge `up` with `resize_like` or `pad`'
    """
    differences = [
        map_dims(lambda one, other: one - other, *sizes)
        for sizes in zip(left[1].spatial, right[1].spatial, strict=True)
    ]
    known = [one for one in differences if is_known(one)]
    if not any(known):
        return None
    if min(known) < 0 < max(known):
        use = f"{{resize_like, from: [{right[0]}, {left[0]}]}}" if are_names else "resize_like"
        return f"give `{right[0]}` the size of `{left[0]}` with `{use}`"
    (large, _), (small, _) = (left, right) if max(known) > 0 else (right, left)
    use = f"{{crop_like, from: [{large}, {small}]}}" if are_names else "crop_like"
    return f"cut `{large}` to the size of `{small}` with `{use}`, or enlarge `{small}` with `resize_like` or `pad`"


def cure_multiple(large: tuple[str, Shape], small: tuple[str, Shape], stride: int) -> str:
    """For two values to be concatenated, one a stride of the other.

    >>> cure_multiple(("shallow", Shape((32, 32, 16))), ("deep", Shape((16, 16, 64))), 2)
    'bring `shallow` to (16, 16, 16) with a stride of 2, or `deep` to (32, 32, 64) with `upsample: 2`'
    """
    (name, shape), (other, wanted) = large, small
    is_whole = all(map(_is_multiple, shape.spatial, wanted.spatial, (stride,) * len(shape.spatial)))
    way = f"`upsample: {stride}`" if is_whole else "`resize_like`"
    words = f"bring `{name}` to {wanted.with_channels(shape.channels)} with a stride of {stride}"
    return f"{words}, or `{other}` to {shape.with_channels(wanted.channels)} with {way}"


def _is_multiple(size: Dim, part: Dim, times: int) -> bool:
    return show(size) == show(map_dims(lambda known: known * times, part))
