"""The figures of a network: the names that contracts, comparisons and differences share, each with its value.

A new figure is a line here, once `Totals` has it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from archspec.analysis.cost import Totals
from archspec.ir.shape import Dim

FIGURES: Mapping[str, Callable[[Totals], Dim]] = {
    "params": lambda found: found.params,
    "trainable": lambda found: found.trainable,
    "non_trainable": lambda found: found.non_trainable,
    "macs": lambda found: found.macs,
    "connections": lambda found: found.connections,
    "depth": lambda found: found.depth,
}


def figures_of(found: Totals) -> dict[str, Dim]:
    """Every figure by its name, in the table's order."""
    return {name: read(found) for name, read in FIGURES.items()}
