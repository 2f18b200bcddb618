"""A padding as wide as the window or wider, so that positions at the border see nothing of the input."""

from __future__ import annotations

from collections.abc import Iterator

from archspec.analysis.lints._finding import Finding
from archspec.analysis.lints._network import Network
from archspec.analysis.lints._windows import times

CODE = "L1205"


def find(network: Network) -> Iterator[Finding]:
    """Layers with windows that lie in the padding alone."""
    for node in network.graph.nodes:
        axes = [axis for axis in network.axes(node) if node.weights and max(axis.margins) >= axis.window.extent]
        if axes:
            axis = axes[0]
            yield Finding(
                node,
                f"the border of `{node.path}`'s output sees padding alone: its window is {axis.window.extent} wide, "
                f"and the padding {max(axis.margins)}",
                f"write `padding: half`, which keeps {times(node.input_shapes[0])}, or less of it",
                field="padding",
            )
