"""Scores of classes that are cut off below 0 before a softmax takes them.

Source: Goodfellow, Bengio, Courville, "Deep learning", 2016, section 6.2.2.3: a softmax is of a linear layer's values.
"""

from __future__ import annotations

from collections.abc import Iterator

from archspec.analysis.lints._finding import Finding
from archspec.analysis.lints._network import Network, is_activation
from archspec.ir.graph import Node

CODE = "L1104"

RECTIFIERS = frozenset({"relu", "relu6"})


def find(network: Network) -> Iterator[Finding]:
    """Rectifiers whose values a softmax takes, one of the network's or that of a loss."""
    for node in network.graph.nodes:
        before = network.maker(node) if is_activation(node) and node.op.ends_in == "softmax" else None
        if before is not None and before.op.ends_in in RECTIFIERS:
            yield _finding(before, f"the softmax of `{node.path}`")
    for name, loss in (network.training.losses if network.training else {}).items():
        for output in network.graph.outputs:
            end = network.graph.by_path.get(output.value.path)
            if output.name == name and loss == "cross_entropy_of_logits" and end and end.op.ends_in in RECTIFIERS:
                yield _finding(end, f"the loss of `{name}`")


def _finding(node: Node, taker: str) -> Finding:
    return Finding(
        node,
        f"the `{node.op.ends_in}` of `{node.path}` cuts off the scores below 0 that {taker} takes",
        "leave the activation of the last layer out",
        ("a class whose score is below 0 gets no gradient, and several such are equally probable",),
        "activation",
    )
