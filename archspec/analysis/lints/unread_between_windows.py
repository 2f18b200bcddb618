"""A step beyond the window, so that positions between two windows are computed and read by nobody.

Source: He et al., "Bag of tricks for image classification with convolutional neural networks", arXiv:1812.01187,
        section 4.2: a 1x1 convolution of stride 2 "ignores three-quarters of the input feature map".
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import prod

from archspec.analysis.lints._finding import Finding
from archspec.analysis.lints._network import Network
from archspec.analysis.lints._windows import are_read_elsewhere
from archspec.ir.graph import Node

CODE = "L1201"


def find(network: Network) -> Iterator[Finding]:
    """Nodes that step over positions which no other node reads either."""
    told = set()
    for node in network.graph.nodes:
        skipped = {axis.place for axis in network.axes(node) if axis.between}
        if not skipped or node.inputs[0] in told or are_read_elsewhere(node, skipped, network, between=True):
            continue
        told.add(node.inputs[0])
        others = [f"`{one.path}`" for one in network.takers[node.inputs[0]] if one is not node]
        notes = (f"{', '.join(others)} skip{'s' * (len(others) == 1)} them too",) if others else ()
        yield Finding(
            node,
            f"`{node.path}` reads {_share(node, network)} positions of its input, and nothing reads the others",
            "give the stride to a layer with a wider window, or average them first (`average_pool: 2`)",
            notes,
            "stride",
        )


def _share(node: Node, network: Network) -> str:
    """How many positions are read: `1 of 4`."""
    windows = [axis.window for axis in network.axes(node)]
    read = Fraction(prod(min(one.extent, one.step) for one in windows), prod(one.step for one in windows))
    return f"{read.numerator} of {read.denominator}"
