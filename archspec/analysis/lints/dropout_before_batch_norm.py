"""A batch normalization that learns its moving variance from values that dropout has changed.

Source: Li et al., "Understanding the disharmony between dropout and batch normalization by variance shift",
        arXiv:1801.05134, section 3; what to do: section 5.
"""

from __future__ import annotations

from collections.abc import Iterator

from archspec.analysis.lints._finding import Finding
from archspec.analysis.lints._network import Network
from archspec.ir.graph import Node
from archspec.ops.dropout import Dropout

CODE = "L1105"


def find(network: Network) -> Iterator[Finding]:
    """Dropouts from which a chain leads to a batch normalization."""
    norms = _norms_after(network)
    for node in network.graph.nodes:
        norm = norms[node.path] if isinstance(node.op, Dropout) and node.op.rate > 0 else None
        if norm is not None:
            yield Finding(
                node,
                f"`{norm.path}` normalizes what the dropout has changed, by a variance that inference does not have",
                "put the dropout after the last batch normalization, in front of the classifier",
            )


def _norms_after(network: Network) -> dict[str, Node | None]:
    """For each node the first batch normalization on the chain that goes on from it."""
    found: dict[str, Node | None] = {}
    for node in reversed(network.graph.nodes):
        after = network.follower(node)
        found[node.path] = after if after is None or after.word == "batch_norm" else found[after.path]
    return found
