"""Gated recurrent unit: a state carried along a sequence, of which gates say what is forgotten and what is new.

z, r = gate(x_t·W + h_{t-1}·U + b), each with its own part of W, U and b
g    = activation(x_t·W_g + b_g + r · (h_{t-1}·U_g + b'_g)), or with (r · h_{t-1})·U_g where the reset comes before
h_t  = z · h_{t-1} + (1 - z) · g

On a GPU Keras runs its usual form, with a tanh, sigmoid gates and biases, by cuDNN, which XLA does not compile: train
it without `jit` there.

Shape:   (batch, steps, channels) -> (batch, units), the state after the last position, or (batch, steps, units) with
         `sequence`; the length may be open. With `bidirectional: concat` 2·units instead of units.
Weights: kernel (channels, 3·units), recurrent_kernel (units, 3·units); if `bias`, bias (2, 3·units), one for either
         product, or (3·units,) with `reset: before`. The parts are those of z, r and g.
         With `bidirectional` each of them twice, as forward/… and backward/….
Cost:    MACs per example = steps·3·units·(channels + units), twice that with `bidirectional`; the products of vectors
         value by value are not counted. connections likewise, with the biases.
Errors:  E0401 the input is no sequence, or the number of its channels is open.
Source:  Cho et al., "Learning phrase representations using RNN encoder-decoder", arXiv:1406.1078, section 2.3, with the
         reset before the product; after it: cuDNN, PyTorch and, by default, Keras.
"""

from __future__ import annotations

from typing import ClassVar, Literal

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


class Gru(Op):
    """A sequence run through a gated recurrent unit."""

    principal: ClassVar[str | None] = "units"
    example: ClassVar[str] = """
        archspec: 1
        inputs: {series: [48, 6]}
        layers:
          - gru: {units: 16, sequence: true, bidirectional: concat}
          - gru: 8
          - dense: 1
    """

    units: Positive = Field(description="the state's width")
    sequence: bool = Field(False, description=SEQUENCE_HELP)
    bidirectional: Bidirectional = Field("none", description=BIDIRECTIONAL_HELP)
    activation: Gate = Field("tanh", description="the function that makes the new state")
    gate: Gate = Field("sigmoid", description="the function that makes the gates")
    reset: Literal["after", "before"] = Field(
        "after", description="whether the reset gate acts after the product with the state, or before it"
    )
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
        # A function is applied inside; last comes a mean of two states.
        return "none"

    def to_keras(self, inputs: tuple[Shape, ...]) -> Lowering:
        arguments = {
            "activation": lower_activation(self.activation)[0],
            "recurrent_activation": lower_activation(self.gate)[0],
            "use_bias": self.bias,
            "dropout": self.dropout,
            "recurrent_dropout": self.recurrent_dropout,
            "reset_after": self.reset == "after",
        }
        return lower_recurrent(self._cell, inputs[0], arguments)

    @property
    def _cell(self) -> Cell:
        # The two gates, the new state, what it is reset from, the state.
        width = 3 * self.units
        biases = ((2, width) if self.reset == "after" else (width,)) if self.bias else None
        return Cell("GRU", "gru_cell", self.units, 3, biases, 5, self.sequence, self.bidirectional)
