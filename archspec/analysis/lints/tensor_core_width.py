"""A width that leaves part of each tile of the tensor cores empty, in a network that is trained in 16 bits.

Source: NVIDIA, "Convolutional layers user's guide", section "Channels in and out": multiples of 8 for 16-bit numbers.
"""

from __future__ import annotations

from collections.abc import Iterator

from archspec.analysis.lints._finding import Finding
from archspec.analysis.lints._network import Network, mixes_channels
from archspec.ir.shape import is_known

CODE = "L1303"

TILE = 8
"""Channels of 16 bits that a tensor core takes together: 16 bytes."""

PRECISIONS = frozenset({"bfloat16", "float16"})


def find(network: Network) -> Iterator[Finding]:
    """Layers of another width, but for the last ones, whose width is the number of classes."""
    if network.training is None or network.training.precision not in PRECISIONS:
        return
    for node in network.graph.nodes:
        width = node.shapes[0].channels
        if mixes_channels(node) and is_known(width) and width % TILE and not network.ends(node):
            yield Finding(
                node,
                f"`{node.path}` has {width} channels, and tensor cores take them by {TILE} under `precision: "
                f"{network.training.precision}`",
                f"make it {-(-width // TILE) * TILE}",
            )
