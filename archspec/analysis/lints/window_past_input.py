"""A window larger than its input, which only fits because of the padding.

Source: Chen et al., "Rethinking atrous convolution for semantic image segmentation", arXiv:1706.05587, section 3.3: of
        a 3x3 kernel at a rate near the map's size only the centre weight is left.
"""

from __future__ import annotations

from collections.abc import Iterator

from archspec.analysis.lints._finding import Finding
from archspec.analysis.lints._network import Network
from archspec.ir.graph import Node
from archspec.ir.shape import is_known

CODE = "L1203"


def find(network: Network) -> Iterator[Finding]:
    """Nodes with a window that reaches past its input on both sides at once.

    What gives more positions than it takes, as a transposed convolution, spreads its window over them.
    """
    for node in network.graph.nodes:
        axes = network.axes(node)
        if any(axis.window.extent > axis.size for axis in axes) and not _enlarges(node):
            window = "x".join(str(axis.window.extent) for axis in axes)
            size = "x".join(str(axis.size) for axis in axes)
            yield Finding(
                node,
                f"the window of `{node.path}`, {window}, is larger than its input, {size}",
                "use a smaller window, a lower stride before it, or a larger input",
                ("wherever the window lies, some of it is over padding",),
            )


def _enlarges(node: Node) -> bool:
    return any(
        is_known(size) and is_known(given) and size > given
        for size, given in zip(node.shapes[0].spatial, node.input_shapes[0].spatial, strict=False)
    )
