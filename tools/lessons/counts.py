"""How many windows of a layer read each pixel of its input, from what archspec knows of each window's place."""

from __future__ import annotations

from archspec.ir.graph import Node
from archspec.ir.reach import Window
from tools.lessons.specs import only_node, sizes
from tools.lessons.tables import grid


def counts(network: str) -> str:
    """The count for each pixel of the image, of a network of one layer."""
    rows, columns = _axes(only_node(network))
    return grid([[row * column for column in columns] for row in rows])


def counts_along(network: str) -> str:
    """The counts along one axis, from its first pixel on; they go on in the same way up to the end."""
    columns = _axes(only_node(network))[1]
    shown = " ".join(map(str, columns[:9]))
    return f"```text\n{shown} … {' '.join(map(str, columns[-4:]))}\n```"


def _axes(node: Node) -> list[list[int]]:
    """For height and width, how many windows reach each position along that axis alone."""
    given, made = sizes(node.input_shapes[0]), sizes(node.shapes[0])
    reach = node.op.reach((node.input_shapes[0],))
    assert reach is not None
    return [_along(window, size, number) for window, size, number in zip(reach, given, made, strict=False)]


def _along(window: Window | None, size: int, number: int) -> list[int]:
    assert window is not None
    assert window.before is not None
    firsts = [place * window.step - window.before for place in range(number)]
    return [sum(first <= pixel < first + window.extent for first in firsts) for pixel in range(size)]
