"""A head that the recipe does not train: its weights stay as they were drawn.

Source: Szegedy et al., "Going deeper with convolutions", arXiv:1409.4842, section 5: auxiliary heads are there for the
        gradient of their losses.
"""

from __future__ import annotations

from collections.abc import Iterator

from archspec.analysis.lints._finding import Finding
from archspec.analysis.lints._network import Network
from archspec.ir.graph import needed, owners

CODE = "L1302"


def find(network: Network) -> Iterator[Finding]:
    """Outputs without a loss, with weights of their own."""
    graph, training = network.graph, network.training
    if training is None:
        return
    trained = needed(graph.nodes, [output for output in graph.outputs if output.name in training.losses])
    reached = {node.definition for node in trained}
    for output in graph.outputs:
        node = graph.by_path.get(output.value.path)
        if output.name in training.losses or node is None:
            continue
        own = [one for one in owners(needed(graph.nodes, [output])) if one.definition not in reached]
        count = sum(one.trainable for one in own)
        if count:
            yield Finding(
                node,
                f"the recipe has no loss for `{output.name}`, and {count:,} parameters that it alone uses are "
                "never trained",
                f"give it one in `training:`, `losses: {{{output.name}: …}}`, or leave the head out",
            )
