"""Long short-term memory: a state and a cell carried along a sequence, with gates for what enters and leaves.

i, f, o = gate(x_t·W + h_{t-1}·U + b), each with its own part of W, U and b;  g = activation(likewise)
c_t     = f · c_{t-1} + i · g
h_t     = o · activation(c_t)

On a GPU Keras runs its usual form, with a tanh, sigmoid gates and biases, by cuDNN, which XLA does not compile: train
it without `jit` there.

Shape:   (batch, steps, channels) -> (batch, units), the state after the last position, or (batch, steps, units) with
         `sequence`; the length may be open. With `bidirectional: concat` 2·units instead of units.
Weights: kernel (channels, 4·units), recurrent_kernel (units, 4·units), bias (4·units,) if `bias`; the parts are those
         of i, f, g and o, and the bias of f begins as ones.
         With `bidirectional` each of them twice, as forward/… and backward/….
Cost:    MACs per example = steps·4·units·(channels + units), twice that with `bidirectional`; the products of vectors
         value by value are not counted. connections likewise, with the biases.
Errors:  E0401 the input is no sequence, or the number of its channels is open.
Source:  Hochreiter, Schmidhuber, "Long short-term memory", 1997; with the forget gate: Gers et al., "Learning to
         forget", 2000; both directions: Schuster, Paliwal, "Bidirectional recurrent neural networks", 1997.
"""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from archspec.ir.footprint import Footprint
from archspec.ir.keras_call import Lowering
from archspec.ir.op import Cost, Op, Weight
from archspec.ir.reach import Reach, everywhere
from archspec.ir.shape import Shape
from archspec.ops._functions import lower_activation
from archspec.ops._recurrent import (
    BIDIRECTIONAL_HELP,
    DROPOUT_HELP,
    RECURRENT_DROPOUT_HELP,
    SEQUENCE_HELP,
    Bidirectional,
    Cell,
    Gate,
    lower_recurrent,
    recurrent_cost,
    recurrent_footprint,
    recurrent_shape,
    recurrent_weights,
)
from archspec.ops._window import Positive


class Lstm(Op):
    """A sequence run through a long short-term memory."""

    principal: ClassVar[str | None] = "units"
    example: ClassVar[str] = """
        archspec: 1
        inputs: {series: [48, 6]}
        layers:
          - lstm: {units: 16, sequence: true, bidirectional: concat}
          - lstm: 8
          - dense: 1
    """

    units: Positive = Field(description="the state's width")
    sequence: bool = Field(False, description=SEQUENCE_HELP)
    bidirectional: Bidirectional = Field("none", description=BIDIRECTIONAL_HELP)
    activation: Gate = Field("tanh", description="the function applied to what enters the cell, and to what leaves it")
    gate: Gate = Field("sigmoid", description="the function that makes the gates")
    bias: bool = Field(True, description="whether trainable numbers are added to the products")
    dropout: float = Field(0.0, ge=0, lt=1, description=DROPOUT_HELP)
    recurrent_dropout: float = Field(0.0, ge=0, lt=1, description=RECURRENT_DROPOUT_HELP)

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> tuple[Shape, ...]:
        return (recurrent_shape(self._cell, inputs[0]),)

    def weights(self, inputs: tuple[Shape, ...]) -> tuple[Weight, ...]:
        return recurrent_weights(self._cell, inputs[0])

    def cost(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Cost:
        return recurrent_cost(self._cell, inputs[0])

    def reach(self, inputs: tuple[Shape, ...]) -> Reach:
        return everywhere(inputs[0])

    def footprint(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Footprint:
        return recurrent_footprint(self._cell, inputs[0])

    @property
    def ends_in(self) -> str:
        # A function is applied inside; last comes a product with a gate.
        return "none"

    def to_keras(self, inputs: tuple[Shape, ...]) -> Lowering:
        arguments = {
            "activation": lower_activation(self.activation)[0],
            "recurrent_activation": lower_activation(self.gate)[0],
            "use_bias": self.bias,
            "dropout": self.dropout,
            "recurrent_dropout": self.recurrent_dropout,
        }
        return lower_recurrent(self._cell, inputs[0], arguments)

    @property
    def _cell(self) -> Cell:
        # The four gates, the cell, its activation, the state.
        biases = (4 * self.units,) if self.bias else None
        return Cell("LSTM", "lstm_cell", self.units, 4, biases, 7, self.sequence, self.bidirectional)
