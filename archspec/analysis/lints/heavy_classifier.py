"""A dense layer over a flattened map that holds most of the network's parameters.

Source: Lin, Chen, Yan, "Network in network", arXiv:1312.4400, section 3.2: such layers overfit, and fix the input's
        size; global pooling has no parameters.
"""

from __future__ import annotations

from collections.abc import Iterator

from archspec.analysis.lints._finding import Finding
from archspec.analysis.lints._network import Network, is_layer, keeps_values
from archspec.ir.graph import Node, owners
from archspec.ir.shape import Shape

CODE = "L1304"

LEAST = 1_000_000
"""Parameters below which a layer is no burden."""


def find(network: Network) -> Iterator[Finding]:
    """Layers with more than half of all parameters, over what was a map."""
    nodes = owners(network.graph.nodes)
    total = sum(node.params for node in nodes)
    for node in nodes:
        if not is_layer(node) or node.params <= LEAST or 2 * node.params <= total:
            continue
        given = _map_before(node, network)
        if given is not None:
            yield Finding(
                node,
                f"`{node.path}` holds {node.params:,} of the network's {total:,} parameters, over a flattened map "
                f"of {given}",
                "pool globally in place of flattening (`global_average_pool`)",
            )


def _map_before(node: Node, network: Network) -> Shape | None:
    """The map that was flattened for a node: of several positions, and no single vector."""
    at = network.source(node)
    while at is not None and keeps_values(at):
        given = at.input_shapes[0]
        if given.rank > 1 and at.shapes[0].rank == 1 and any(size != 1 for size in given.spatial):
            return given
        at = network.source(at)
    return None
