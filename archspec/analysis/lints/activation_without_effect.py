"""A rectifier on values that are never negative, such as one after another one."""

from __future__ import annotations

from collections.abc import Iterator

from archspec.analysis.lints._finding import Finding
from archspec.analysis.lints._network import Network, is_activation

CODE = "L1103"

FROM_0_TO_6 = frozenset({"relu6", "sigmoid", "hard_sigmoid", "softmax", "sparse_sigmoid", "sparsemax"})
"""Activations whose values lie from 0 to 6."""

NEVER_NEGATIVE = FROM_0_TO_6 | {"relu", "softplus", "exponential", "sparse_plus", "squareplus"}

CHANGES_NOTHING = {
    "relu": NEVER_NEGATIVE, "leaky_relu": NEVER_NEGATIVE, "elu": NEVER_NEGATIVE, "celu": NEVER_NEGATIVE,
    "relu6": FROM_0_TO_6,
}  # fmt: skip
"""Activations that give back what they take, each with those after which they only take such values."""


def find(network: Network) -> Iterator[Finding]:
    """Activations that hand on whatever comes."""
    for node in network.graph.nodes:
        before = network.maker(node) if is_activation(node) else None
        if before is not None and before.op.ends_in in CHANGES_NOTHING.get(node.op.ends_in, ()):
            yield Finding(
                node,
                f"`{node.op.ends_in}` changes nothing after the `{before.op.ends_in}` of `{before.path}`",
                "leave one of the two out",
            )
