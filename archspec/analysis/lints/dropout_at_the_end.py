"""A dropout with no layer after it, which sets the network's answers to 0 in training.

Source: Srivastava et al., "Dropout: a simple way to prevent neural networks from overfitting", 2014, section 4: the
        values that are dropped are the inputs of a layer.
"""

from __future__ import annotations

from collections.abc import Iterator

from archspec.analysis.lints._finding import Finding
from archspec.analysis.lints._network import Network
from archspec.ops.dropout import Dropout

CODE = "L1108"


def find(network: Network) -> Iterator[Finding]:
    """Dropouts whose values are an output, as they are or after nodes without weights."""
    for node in network.graph.nodes:
        if isinstance(node.op, Dropout) and node.op.rate > 0 and network.ends(node):
            yield Finding(
                node,
                f"no layer comes after the dropout `{node.path}`: in training it sets answers of the network to 0",
                "put it in front of the last layer",
            )
