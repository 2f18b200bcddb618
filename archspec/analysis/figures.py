"""The figures of a network: the names that contracts, comparisons and differences share, each with its value.

A new figure is a line here, once `Totals` has it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from archspec.analysis.cost import Totals, totals
from archspec.ir.graph import Graph
from archspec.ir.shape import Dim

FIGURES: Mapping[str, Callable[[Totals], Dim]] = {
    "params": lambda found: found.params,
    "trainable": lambda found: found.trainable,
    "non_trainable": lambda found: found.non_trainable,
    "macs": lambda found: found.macs,
    "flops": lambda found: found.flops,
    "connections": lambda found: found.connections,
    "depth": lambda found: found.depth,
}


MEMORY = "memory"
"""The bytes that a whole network takes at its peak in inference, of one example and in 32 bits."""


def network_figures(graph: Graph) -> dict[str, Dim]:
    """Every figure of a whole network by its name: those of its nodes together, and its memory."""
    # Imported here: contracts have the figures of every spec, and hardly any speaks of memory.
    from archspec.analysis.memory import inference_peak

    return {**figures_of(totals(graph)), MEMORY: inference_peak(graph)}


def figures_of(found: Totals) -> dict[str, Dim]:
    """Every figure by its name, in the table's order."""
    return {name: read(found) for name, read in FIGURES.items()}
