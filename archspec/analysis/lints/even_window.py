"""A window of even size that steps by one and is padded more on one side, which shifts the map by half a position.

Source: Wu et al., "Convolution with even-sized kernels and symmetric padding", arXiv:1903.08385, section 3.
"""

from __future__ import annotations

from collections.abc import Iterator

from archspec.analysis.lints._axes import Axis
from archspec.analysis.lints._finding import Finding
from archspec.analysis.lints._network import Network

CODE = "L1204"


def find(network: Network) -> Iterator[Finding]:
    """Nodes whose windows lie half a position beside the positions that they give."""
    for node in network.graph.nodes:
        if any(map(_shifts, network.axes(node))):
            window = "x".join(str(axis.window.extent) for axis in network.axes(node))
            yield Finding(
                node,
                f"the window of `{node.path}`, {window}, has no centre: its map is shifted by half a position",
                "use a window of odd size",
                field="kernel",
            )


def _shifts(axis: Axis) -> bool:
    window = axis.window
    return window.step == 1 and window.extent % 2 == 0 and axis.margins == (window.extent // 2 - 1, window.extent // 2)
