"""What a transposed convolution lacks that gives a few positions too few for a join, or did not enlarge at all."""

from __future__ import annotations

from collections.abc import Sequence

from archspec.ir.graph import Node
from archspec.ir.shape import Shape, is_known

WORD = "transposed_conv"


def cure_transposed(name: str, way: Sequence[Node], found: Shape, wanted: Shape) -> str | None:
    """For a value `name` of shape `found`, made by the nodes of `way`, that must have the sizes of `wanted`.

    It must be wanted to multiply its own sizes: with a kernel of 3, a stride of 2 and a padding of 1, 16 positions
    become 31, and `output_padding: 1` makes them 32. What is odd in the encoder is another matter, and is cut.
    """
    resizing = [node for node in way if node.shapes[0].spatial != node.input_shapes[0].spatial]
    if not resizing or resizing[-1].word != WORD:
        return None
    node = resizing[-1]
    sizes = [
        (size, given, own)
        for size, given, own in zip(wanted.spatial, node.input_shapes[0].spatial, found.spatial, strict=True)
        if is_known(size) and is_known(given) and is_known(own)
    ]
    if len(sizes) != len(wanted.spatial):
        return None
    factors = {size // given if size % given == 0 else 1 for size, given, _ in sizes}
    missing = {size - own for size, _, own in sizes}
    factor, few = max(factors), max(missing)
    if len(factors) != 1 or factor == 1:
        return None
    stride = set(getattr(node.op, "stride", ()))
    if stride == {factor} and len(missing) == 1 and 0 < few < factor:
        return f"write `output_padding: {few}` in the `{WORD}` of `{name}`"
    return f"write `stride: {factor}, padding: same` in the `{WORD}` of `{name}`" if stride == {1} else None
