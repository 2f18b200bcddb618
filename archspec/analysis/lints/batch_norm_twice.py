"""A batch normalization right after another, which finds its input normalized."""

from __future__ import annotations

from collections.abc import Iterator

from archspec.analysis.lints._finding import Finding
from archspec.analysis.lints._network import Network

CODE = "L1106"


def find(network: Network) -> Iterator[Finding]:
    """Batch normalizations of what one has normalized."""
    for node in network.graph.nodes:
        before = network.maker(node) if node.word == "batch_norm" else None
        if before is not None and before.word == "batch_norm":
            yield Finding(
                node,
                f"`{node.path}` normalizes what `{before.path}` has normalized",
                "leave one of the two out; a block such as `conv_bn` has one of its own",
            )
