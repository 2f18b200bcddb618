"""Multi-head attention: each position of a sequence takes a weighted mean of what all positions hold.

head_h = softmax(Q_h · K_hᵀ / sqrt(width)) · V_h, with Q_h, K_h and V_h products of the input and a matrix each
out    = the heads side by side, times a matrix; every product with a bias if `bias`

One input attends to itself. Of two, `from: [query, memory]`, the first asks and the second is looked at: queries are
made of the first, keys and values of the second.

Shape:   (batch, steps, channels) -> (batch, steps, units), with units the channels unless given; a second input is
         (batch, steps', channels'). Lengths may be open.
Weights: query/kernel (channels, heads, width), key/kernel and value/kernel (channels', heads, width),
         attention_output/kernel (heads, width, units), with width = channels / heads unless `head_width` says it;
         if `bias` query/bias, key/bias and value/bias (heads, width) and attention_output/bias (units,).
Cost:    MACs per example, with d = heads·width: the four products with weights, steps·channels·d + 2·steps'·channels'·d
         + steps·d·units, and the two without, 2·steps·steps'·d; nothing for the softmax, and all of it with `causal`.
         connections = those of the four products, their biases included.
Errors:  E0401 the inputs are not one or two sequences, or their channels are open; E0402 `heads` does not divide the
         channels.
Source:  Vaswani et al., "Attention is all you need", arXiv:1706.03762, section 3.2.2; keras.layers.MultiHeadAttention.
"""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from archspec.ir.footprint import Footprint
from archspec.ir.keras_call import Application, KerasLayer, Lowering, Variable
from archspec.ir.op import Cost, Op, ShapeError, Weight, known_channels
from archspec.ir.reach import Reach, everywhere
from archspec.ir.shape import Shape, map_dims
from archspec.ops._sequence import sequence_steps
from archspec.ops._window import Positive


class Attention(Op):
    """Multi-head attention, of a sequence to itself or to another."""

    principal: ClassVar[str | None] = "heads"
    inputs: ClassVar[int | None] = None
    example: ClassVar[str] = """
        archspec: 1
        inputs: {tokens: [49, 64]}
        layers:
          - {attention: 4, name: mixed}
          - {attention: {heads: 4, bias: false}, from: [mixed, tokens]}
    """

    heads: Positive = Field(description="how many weighted means are taken side by side")
    head_width: Positive | None = Field(None, description="the width of a head; channels / heads unless given")
    units: Positive | None = Field(None, description="output channels; those of the first input unless given")
    bias: bool = Field(True, description="whether trainable numbers are added to queries, keys, values and the output")
    dropout: float = Field(0.0, ge=0, lt=1, description="the probability that a weight of a mean is zeroed in training")
    causal: bool = Field(False, description="whether a position looks at none after its own")

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> tuple[Shape, ...]:
        if len(inputs) > 2:
            raise ShapeError(
                f"the input must be one sequence, or two: the one that asks and the one looked at, got {len(inputs)}",
                cure="choose with `from: [query, memory]`",
            )
        for given in inputs:
            sequence_steps(given)
            known_channels(given)
        self._width(inputs[0])
        return (inputs[0].with_channels(self._units(inputs[0])),)

    def weights(self, inputs: tuple[Shape, ...]) -> tuple[Weight, ...]:
        query, memory = inputs[0], inputs[-1]
        each = (self.heads, self._width(query))
        made: list[Weight] = []
        for name, given in (("query", query), ("key", memory), ("value", memory)):
            made.append(Weight(f"{name}/kernel", (known_channels(given), *each)))
            made += [Weight(f"{name}/bias", each)] * self.bias
        units = self._units(query)
        made.append(Weight("attention_output/kernel", (*each, units)))
        made += [Weight("attention_output/bias", (units,))] * self.bias
        return tuple(made)

    def cost(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Cost:
        query, memory = inputs[0], inputs[-1]
        steps, looked_at = sequence_steps(query), sequence_steps(memory)
        inner, units = self.heads * self._width(query), self._units(query)
        asking = known_channels(query) * inner + inner * units
        answering = 2 * known_channels(memory) * inner
        biases = (inner + units) * self.bias, 2 * inner * self.bias
        return Cost(
            macs=map_dims(lambda n, m: n * asking + m * answering + 2 * inner * n * m, steps, looked_at),
            connections=map_dims(lambda n, m: n * (asking + biases[0]) + m * (answering + biases[1]), steps, looked_at),
        )

    def derivation(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> tuple[str, ...]:
        width = self._width(inputs[0])
        why = "" if self.head_width else f", a share of {inputs[0].channels}"
        return (f"channels: {self.heads} heads of width {width}{why}, brought to {outputs[0].channels}",)

    def reach(self, inputs: tuple[Shape, ...]) -> Reach:
        return everywhere(inputs[0])

    def footprint(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Footprint:
        # Queries, keys, values and what the heads give; the shares after the softmax, with dropout again and its mask.
        steps, looked_at = sequence_steps(inputs[0]), sequence_steps(inputs[-1])
        inner, maps = self.heads * self._width(inputs[0]), self.heads * (3 if self.dropout else 1)
        return Footprint(
            keeps_outputs=False,
            between=map_dims(lambda n, m: 2 * inner * (n + m) + maps * n * m, steps, looked_at),
            passing=map_dims(lambda n, m: self.heads * n * m, steps, looked_at),
        )

    def to_keras(self, inputs: tuple[Shape, ...]) -> Lowering:
        layer = KerasLayer(
            "keras.layers.MultiHeadAttention",
            {
                "num_heads": self.heads,
                "key_dim": self._width(inputs[0]),
                "output_shape": self.units,
                "use_bias": self.bias,
                "dropout": self.dropout,
            },
        )
        options = {"use_causal_mask": True} if self.causal else {}
        call = Application("", ("in/1", f"in/{len(inputs)}"), ("out",), apart=True, options=options)
        names = [weight.name for weight in self.weights(inputs)]
        return Lowering({"": layer}, (call,), ("out",), {name: Variable("", name) for name in names})

    def _units(self, query: Shape) -> int:
        return self.units or known_channels(query)

    def _width(self, query: Shape) -> int:
        if self.head_width:
            return self.head_width
        channels = known_channels(query)
        if channels % self.heads:
            raise ShapeError(
                f"`heads` must divide the input's channels, got {self.heads} for {channels}",
                field="heads",
                cure=f"{_nearest_divisors(channels, self.heads)} do; `head_width` of `attention` sets another width",
            )
        return channels // self.heads


def _nearest_divisors(channels: int, wanted: int) -> str:
    """The divisors on both sides of a number that is none."""
    divisors = [one for one in range(1, channels + 1) if channels % one == 0]
    below = max(one for one in divisors if one < wanted)
    above = next((one for one in divisors if one > wanted), None)
    return f"{below}" if above is None else f"{below} and {above}"
