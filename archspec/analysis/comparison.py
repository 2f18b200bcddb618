"""What a table over networks says of each, by column: its figures, its shapes, how many nodes it has.

A cell is a number, a formula, `None` where it is open, shapes or text. A network that has errors has its name alone.
"""

from __future__ import annotations

from typing import NamedTuple

from archspec.analysis.figures import FIGURES, MEMORY, network_figures
from archspec.ir.graph import Graph
from archspec.ir.shape import Dim, Shape

NAMES = ("spec", "variant")
SHAPES = ("input", "output")
COUNTS = (*FIGURES, MEMORY, "nodes")
COLUMNS = (*NAMES, *SHAPES, *COUNTS)
"""All columns that there are."""

USUAL = ("spec", "variant", "input", "params", "trainable", "macs", "depth", "nodes")
"""Those of a table where none are asked for."""


class Shapes(NamedTuple):
    """The shapes of a network's inputs or outputs, by their names."""

    named: tuple[tuple[str, Shape], ...]

    def __str__(self) -> str:
        """One shape alone; of several, each with its name."""
        if len(self.named) == 1:
            return str(self.named[0][1])
        return ", ".join(f"{name} {shape}" for name, shape in self.named)


Cell = Dim | str | Shapes


def cells_of(graph: Graph) -> dict[str, Cell]:
    """A network's cells by column, all but its name."""
    shapes = {
        "input": Shapes(tuple((given.name, given.shape) for given in graph.inputs)),
        "output": Shapes(tuple((output.name, output.shape) for output in graph.outputs)),
    }
    return {**shapes, **network_figures(graph), "nodes": len(graph.nodes)}
