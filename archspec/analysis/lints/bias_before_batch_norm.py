"""A layer whose bias the batch normalization right after it takes away again.

Source: Ioffe, Szegedy, "Batch normalization", arXiv:1502.03167, section 3.2.
"""

from __future__ import annotations

from collections.abc import Iterator

from archspec.analysis.lints._finding import Finding
from archspec.analysis.lints._network import Network
from archspec.ir.graph import Node

CODE = "L1101"


def find(network: Network) -> Iterator[Finding]:
    """Layers with a bias whose value goes to a batch normalization alone, at every use of their weights."""
    for node in network.graph.nodes:
        if _is_cancelled(node, network) and all(_is_cancelled(use, network) for use in network.uses[node.definition]):
            (bias,) = (weight.size for weight in node.weights if weight.name == "bias")
            yield Finding(
                node,
                f"`{node.path}` has a bias, which the batch normalization after it takes away again",
                "write `bias: false`",
                (f"{bias:,} trainable parameters of it change nothing",),
                "bias",
                ("true", "false"),
            )


def _is_cancelled(node: Node, network: Network) -> bool:
    follower = network.follower(node)
    return (
        node.op.is_affine
        and node.op.ends_in == "none"
        and getattr(node.op, "bias", False) is True
        and follower is not None
        and follower.word == "batch_norm"
    )
