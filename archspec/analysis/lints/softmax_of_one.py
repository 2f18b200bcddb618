"""A softmax over a single channel, which is 1 whatever comes in."""

from __future__ import annotations

from collections.abc import Iterator

from archspec.analysis.lints._finding import Finding
from archspec.analysis.lints._network import Network

CODE = "L1107"


def find(network: Network) -> Iterator[Finding]:
    """Softmaxes of one channel."""
    for node in network.graph.nodes:
        if node.op.ends_in == "softmax" and node.shapes[0].channels == 1:
            yield Finding(
                node,
                f"the softmax of `{node.path}` is over one channel, and always 1",
                "use `sigmoid` for one probability, or a channel for each class",
                field="activation",
            )
