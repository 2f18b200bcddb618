"""What recurrent layers share: a cell that is run along a sequence, forwards, or forwards and backwards at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple

from archspec.ir.footprint import Footprint
from archspec.ir.keras_call import Argument, KerasLayer, Lowering, lower_to
from archspec.ir.op import Cost, Weight, known_channels
from archspec.ir.shape import Shape, map_dims
from archspec.ops._sequence import sequence_steps

Bidirectional = Literal["none", "concat", "sum", "average", "multiply"]
"""Whether a second cell runs from the end to the beginning, and how the results of both are put together."""

Gate = Literal["sigmoid", "hard_sigmoid", "tanh", "relu", "none"]
"""The functions that a cell may apply inside; Keras has a fast form for the usual ones alone."""

BIDIRECTIONAL_HELP = (
    "`concat`, `sum`, `average` or `multiply` what a second cell makes of the sequence's other direction; or `none`"
)
SEQUENCE_HELP = "whether what is made of each position is given, and not of the last alone"
DROPOUT_HELP = "the probability that a value of the input is zeroed in training, the same at every position"
RECURRENT_DROPOUT_HELP = "the probability that a value of the state is zeroed in training, the same at every position"

MERGES = {"concat": "concat", "sum": "sum", "average": "ave", "multiply": "mul"}
"""Keras' words for how two directions are put together."""


class Cell(NamedTuple):
    """A recurrent layer: its Keras name, its sizes, and how many values a position leaves behind for the gradient."""

    keras: str
    inside: str
    """The name of Keras' cell inside its layer."""
    units: int
    gates: int
    """How many products with the input, and with the state, a position takes."""
    biases: tuple[int, ...] | None
    """The bias' shape, if there is one."""
    kept: int
    """Values that a position keeps for the gradient, for each unit."""
    sequence: bool
    bidirectional: Bidirectional

    @property
    def directions(self) -> int:
        """In how many directions the sequence is run through."""
        return 1 if self.bidirectional == "none" else 2


def recurrent_shape(cell: Cell, given: Shape) -> Shape:
    """What comes out. Raises `ShapeError` for what is no sequence of known width."""
    steps = sequence_steps(given)
    known_channels(given)
    width = cell.units * (2 if cell.bidirectional == "concat" else 1)
    return Shape((steps, width) if cell.sequence else (width,))


def recurrent_weights(cell: Cell, given: Shape) -> tuple[Weight, ...]:
    """The kernels and the bias of each direction."""
    width = cell.gates * cell.units
    each = [Weight("kernel", (known_channels(given), width)), Weight("recurrent_kernel", (cell.units, width))]
    each += [Weight("bias", cell.biases)] if cell.biases else []
    return tuple(weight._replace(name=prefix + weight.name) for prefix in _prefixes(cell) for weight in each)


def recurrent_cost(cell: Cell, given: Shape) -> Cost:
    """The products of each position with both kernels; what is done to each value is not counted."""
    weights = recurrent_weights(cell, given)
    products = sum(weight.size for weight in weights if len(weight.shape) == 2 and "kernel" in weight.name)
    connections = sum(weight.size for weight in weights)
    steps = sequence_steps(given)
    return Cost(map_dims(lambda n: n * products, steps), map_dims(lambda n: n * connections, steps))


def recurrent_footprint(cell: Cell, given: Shape) -> Footprint:
    """What every position's gates and states take; they are kept also where only the last result is given."""
    each = cell.kept * cell.units * cell.directions
    return Footprint(keeps_outputs=False, between=map_dims(lambda n: n * each, sequence_steps(given)))


def lower_recurrent(cell: Cell, given: Shape, arguments: Mapping[str, Argument]) -> Lowering:
    """The layer, inside `Bidirectional` where there are two directions."""
    layer = KerasLayer(
        f"keras.layers.{cell.keras}", {"units": cell.units, **arguments, "return_sequences": cell.sequence}
    )
    if cell.bidirectional != "none":
        # With a name of its own: Keras numbers those without by process, and the weights' paths with them.
        inner = layer._replace(kwargs={**layer.kwargs, "name": "layer"})
        layer = KerasLayer("keras.layers.Bidirectional", {"layer": inner, "merge_mode": MERGES[cell.bidirectional]})
    names = [weight.name for weight in recurrent_weights(cell, given)]
    return lower_to(layer, weights=dict(zip(names, _variables(cell), strict=True)))


def _prefixes(cell: Cell) -> tuple[str, ...]:
    return ("",) if cell.directions == 1 else ("forward/", "backward/")


def _variables(cell: Cell) -> Iterator[str]:
    """The paths of Keras' variables inside the layer, in the weights' order."""
    names = ("kernel", "recurrent_kernel", "bias")[: 3 if cell.biases else 2]
    for prefix in _prefixes(cell):
        layer = f"{prefix.removesuffix('/')}_layer/" if prefix else ""
        yield from (f"{layer}{cell.inside}/{name}" for name in names)
