"""Simple recurrent layer: a state carried along a sequence, made anew at each position of the input and the last state.

h_t = activation(x_t·W + h_{t-1}·U + b)

Shape:   (batch, steps, channels) -> (batch, units), the state after the last position, or (batch, steps, units) with
         `sequence`; the length may be open. With `bidirectional: concat` 2·units instead of units.
Weights: kernel (channels, units), recurrent_kernel (units, units), bias (units,) if `bias`.
         With `bidirectional` each of them twice, as forward/… and backward/….
Cost:    MACs per example = steps·units·(channels + units), twice that with `bidirectional`; the products of vectors
         value by value are not counted. connections likewise, with the biases.
Errors:  E0401 the input is no sequence, or the number of its channels is open.
Source:  Elman, "Finding structure in time", 1990; keras.layers.SimpleRNN.
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


class SimpleRnn(Op):
    """A sequence run through a state without gates."""

    principal: ClassVar[str | None] = "units"
    example: ClassVar[str] = """
        archspec: 1
        inputs: {series: [48, 6]}
        layers:
          - simple_rnn: {units: 16, sequence: true, bidirectional: concat}
          - simple_rnn: 8
          - dense: 1
    """

    units: Positive = Field(description="the state's width")
    sequence: bool = Field(False, description=SEQUENCE_HELP)
    bidirectional: Bidirectional = Field("none", description=BIDIRECTIONAL_HELP)
    activation: Gate = Field("tanh", description="the function that makes the state")
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

    def to_keras(self, inputs: tuple[Shape, ...]) -> Lowering:
        arguments = {
            "activation": lower_activation(self.activation)[0],
            "use_bias": self.bias,
            "dropout": self.dropout,
            "recurrent_dropout": self.recurrent_dropout,
        }
        return lower_recurrent(self._cell, inputs[0], arguments)

    @property
    def _cell(self) -> Cell:
        biases = (self.units,) if self.bias else None
        return Cell("SimpleRNN", "simple_rnn_cell", self.units, 1, biases, 1, self.sequence, self.bidirectional)
