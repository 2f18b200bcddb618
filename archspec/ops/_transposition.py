"""Arithmetic of transposed windows: what the full result is, what padding cuts off it, and what stands after it.

Source: Dumoulin, Visin, "A guide to convolution arithmetic for deep learning", arXiv:1603.07285, section 4.
"""

from __future__ import annotations

from typing import NamedTuple

from archspec.ir.op import ShapeError
from archspec.ir.shape import Dim, map_dims
from archspec.ops._window import Margins, Padding, explicit_margins, per_axis, times


class Geometry(NamedTuple):
    """The windows axis by axis, what is cut off the full result, and the rows added to its end before that."""

    kernel: tuple[int, ...]
    stride: tuple[int, ...]
    dilation: tuple[int, ...]
    cut: Margins
    added: tuple[int, ...]

    @property
    def extent(self) -> tuple[int, ...]:
        """How far a window reaches, gaps included."""
        return tuple((size - 1) * step + 1 for size, step in zip(self.kernel, self.dilation, strict=True))

    def full(self, spatial: tuple[Dim, ...]) -> tuple[Dim, ...]:
        """The sizes of the result before anything is cut off."""
        axes = zip(spatial, self.stride, self.extent, self.added, strict=True)
        return tuple(
            map_dims(lambda known, s=s, more=extent + added: (known - 1) * s + more, size)
            for size, s, extent, added in axes
        )

    @property
    def is_same(self) -> bool:
        """Whether what is cut off is what Keras' own `same` does."""
        return (self.cut, self.added) == same_cut(self.stride, self.extent)


def transposed_geometry(
    rank: int,
    kernel: tuple[int, ...],
    stride: tuple[int, ...],
    dilation: tuple[int, ...],
    padding: Padding,
    output_padding: tuple[int, ...],
) -> Geometry:
    """The geometry along each of `rank` axes. Raises `ShapeError` for rows at the end that cannot be there."""
    sizes = per_axis(kernel, rank, "kernel")
    steps = per_axis(stride, rank, "stride")
    gaps = per_axis(dilation, rank, "dilation")
    added = per_axis(output_padding, rank, "output_padding")
    if any(more >= step for more, step in zip(added, steps, strict=True) if more):
        raise ShapeError(
            f"`output_padding` must be below `stride`, got {times(added)} for {times(steps)}", field="output_padding"
        )
    cut = explicit_margins(padding, sizes, gaps)
    if cut is not None:
        return Geometry(sizes, steps, gaps, cut, added)
    if any(added):
        raise ShapeError(
            "`padding: same` makes the output the input's size times the stride, and leaves no room for "
            f"`output_padding`, got {times(added)}",
            field="output_padding",
            cure="leave `output_padding` out, or use `padding: half` or amounts",
        )
    geometry = Geometry(sizes, steps, gaps, (), added)
    cut, added = same_cut(steps, geometry.extent)
    return geometry._replace(cut=cut, added=added)


def same_cut(stride: tuple[int, ...], extent: tuple[int, ...]) -> tuple[Margins, tuple[int, ...]]:
    """What `same` cuts off, and the rows it adds where windows are smaller than the stride."""
    cuts = tuple(max(size - step, 0) for step, size in zip(stride, extent, strict=True))
    added = tuple(max(step - size, 0) for step, size in zip(stride, extent, strict=True))
    return tuple((cut // 2, cut - cut // 2) for cut in cuts), added
