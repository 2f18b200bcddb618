"""So many layers in a row, without a shortcut or a normalization, that gradients may not reach the first of them.

Sources: Simonyan, Zisserman, arXiv:1409.1556, section 3.1 (13 to 19 layers, which begin with a shallower network's
         weights); Srivastava et al., arXiv:1505.00387, figure 1, and He et al., arXiv:1512.03385, figure 1 (plain
         networks by depth); Glorot, Bengio, "Understanding the difficulty of training deep feedforward neural
         networks", 2010, section 3.1 (sigmoids, four hidden layers and five).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from archspec.analysis.lints._finding import Finding
from archspec.analysis.lints._network import Network, is_layer
from archspec.ir.graph import Node, Value

CODE = "L1301"

MOST_LAYERS = 20
"""VGG goes to 19, and the comparison of He et al. to 20, before depth is seen to do harm."""

MOST_SIGMOIDS = 4
"""Hidden layers of sigmoids that could still be trained, slowly; with five they could not."""

SIGMOIDS = frozenset({"sigmoid", "hard_sigmoid"})
SELF_NORMALIZING = "selu"
"""An activation that keeps mean and variance by itself: arXiv:1706.02515."""


def find(network: Network) -> Iterator[Finding]:
    """The last layer, or the last sigmoid, of each chain that has too many."""
    for is_counted, most, what in ((_is_sigmoid, MOST_SIGMOIDS, "sigmoids"), (is_layer, MOST_LAYERS, "layers")):
        counts = _counts(network, is_counted)
        later = _counts_later(network, counts)
        for node in network.graph.nodes:
            count = counts[node.path]
            if count > most and is_counted(node) and later[node.path] == count:
                yield Finding(
                    node,
                    f"{count} {what} come one after the other up to `{node.path}`, without a shortcut or a "
                    "normalization",
                    "normalize after each convolution (`conv_bn_relu`), or lead shortcuts past them (`residual_basic`)",
                    (f"beyond {most} the gradient may vanish before it reaches the first",),
                )


def _counts(network: Network, counted: Callable[[Node], bool]) -> dict[str, int]:
    """For each node how many such nodes lie on the chain that leads to it, since what last stopped one."""
    counts: dict[str, int] = {}
    for node in network.graph.nodes:
        goes_on = len(node.inputs) == 1 and not _stops(node)
        counts[node.path] = counts.get(node.inputs[0].path, 0) + counted(node) if goes_on else 0
    return counts


def _counts_later(network: Network, counts: Mapping[str, int]) -> dict[str, int]:
    """For each node the largest count on the chains that go on from it."""
    later: dict[str, int] = {}
    for node in reversed(network.graph.nodes):
        takers = network.takers.get(Value(node.path), ())
        going_on = [later[one.path] for one in takers if counts[one.path] >= counts[node.path]]
        later[node.path] = max([counts[node.path], *going_on])
    return later


def _stops(node: Node) -> bool:
    """Whether a node normalizes, or has weights of which nothing is known."""
    return node.op.ends_in == SELF_NORMALIZING or (bool(node.weights) and not is_layer(node))


def _is_sigmoid(node: Node) -> bool:
    return node.op.ends_in in SIGMOIDS
