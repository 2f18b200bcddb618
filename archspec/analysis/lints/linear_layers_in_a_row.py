"""Two linear layers with no activation between them, which together can do no more than one.

Left out is what is done on purpose: a layer that does not see all channels (by depth or in groups), a narrow layer in
the middle and a layer that widens for one that works channel by channel (the linear bottleneck of MobileNetV2), and two
windows along different axes (1xk and kx1).

Source: Goodfellow, Bengio, Courville, "Deep learning", 2016, section 6.1; bottlenecks: Sandler et al.,
        arXiv:1801.04381, section 3.2; groups: Zhang et al., arXiv:1707.02725.
"""

from __future__ import annotations

from collections.abc import Iterator

from archspec.analysis.lints._finding import Finding
from archspec.analysis.lints._network import Network, is_layer, mixes_all_channels, mixes_channels
from archspec.ir.graph import Node
from archspec.ir.shape import is_known

CODE = "L1102"


def find(network: Network) -> Iterator[Finding]:
    """Linear layers whose value comes to another one through what is linear too."""
    for node in network.graph.nodes:
        later = _next_layer(node, network) if mixes_all_channels(node) else None
        if later is not None and mixes_all_channels(later) and not _is_meant(node, later, network):
            yield Finding(
                later,
                f"no activation stands between `{node.path}` and `{later.path}`, and one linear layer can do what "
                "the two do",
                "put an activation between them, or leave one of them out",
            )


def _next_layer(node: Node, network: Network) -> Node | None:
    """The linear layer that a node's value comes to, through nothing but affine nodes."""
    at: Node | None = node
    while at is not None and at.op.ends_in == "none":
        at = network.follower(at)
        if at is None or not at.op.is_affine:
            return None
        if is_layer(at):
            return at
    return None


def _is_meant(node: Node, later: Node, network: Network) -> bool:
    ends = (node.input_shapes[0].channels, later.shapes[0].channels)
    middle = node.shapes[0].channels
    is_narrow = is_known(middle) and all(is_known(end) and middle < end for end in ends)
    return is_narrow or _are_across(node, later) or _widens_for_depth(later, network)


def _widens_for_depth(node: Node, network: Network) -> bool:
    """Whether the next layer works channel by channel."""
    at = network.follower(node)
    while at is not None and not is_layer(at):
        at = network.follower(at)
    return at is not None and not mixes_channels(at)


def _are_across(node: Node, later: Node) -> bool:
    """Whether each has a window along an axis along which the other has none."""
    one, other = (
        [window is not None and window.extent > 1 for window in layer.op.reach(layer.input_shapes) or ()]
        for layer in (node, later)
    )
    pairs = list(zip(one, other, strict=False))
    return (True, False) in pairs and (False, True) in pairs
