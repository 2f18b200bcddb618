"""Radial basis function units: each unit's output is its input's squared distance to the unit's fixed code.

out[…, u] = Σ_c (in[…, c] - codes[u, c])²

In LeNet-5 the code of a class is a stylised bitmap of its digit, 7 wide and 12 high, of -1 and +1. `digits_7x12` stands
for ten such bitmaps in the file of that name beside this one: drawn for archspec, since the paper prints its own as a
figure only. The smallest output, not the largest, names the class.

Shape:   (batch, …, channels) -> (batch, …, units), with one unit for each row of `codes`.
Weights: codes (units, channels), which training does not change.
Cost:    no MACs, which count convolutions and matrix products alone; connections = positions·units·channels.
Errors:  E0401 the number of input channels is open; E0402 a row of `codes` is not as long as the input has channels.
Source:  LeCun et al., "Gradient-based learning applied to document recognition", 1998, section II.B, equation 7 and
         figure 3.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from archspec.ir.footprint import KEEPS_NOTHING, Footprint
from archspec.ir.keras_call import KerasLayer, Lowering, lower_to
from archspec.ir.op import Cost, Op, ShapeError, Weight, known_channels
from archspec.ir.reach import Reach, pointwise
from archspec.ir.shape import Shape, map_dims

Codes = tuple[tuple[float, ...], ...]


class Rbf(Op):
    """Squared distances to fixed codes."""

    principal: ClassVar[str | None] = "codes"
    example: ClassVar[str] = """
        archspec: 1
        inputs: {features: [84]}
        layers:
          - rbf: digits_7x12
    """

    codes: Literal["digits_7x12"] | Annotated[Codes, Field(min_length=1)] = Field(
        description="the code of each unit: rows of numbers, or `digits_7x12`, ten bitmaps of digits"
    )

    def infer_shapes(self, inputs: tuple[Shape, ...]) -> tuple[Shape, ...]:
        (given,) = inputs
        channels = known_channels(given)
        rows = self._rows()
        for place, row in enumerate(rows, start=1):
            if len(row) != channels:
                raise ShapeError(
                    f"each of the `codes` must hold one number for each input channel, got {len(row)} numbers "
                    f"in code {place} for {channels} channels",
                    field="codes",
                )
        return (given.with_channels(len(rows)),)

    def weights(self, inputs: tuple[Shape, ...]) -> tuple[Weight, ...]:
        (given,) = inputs
        return (Weight("codes", (len(self._rows()), known_channels(given)), trainable=False),)

    def cost(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Cost:
        (given,), (output,) = inputs, outputs
        channels = known_channels(given)
        return Cost(connections=map_dims(lambda units: units * channels, output.size))

    def reach(self, inputs: tuple[Shape, ...]) -> Reach:
        return pointwise(inputs[0])

    def footprint(self, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]) -> Footprint:
        # The differences from each code are kept: their squares' gradient needs them.
        units = len(self._rows())
        return KEEPS_NOTHING._replace(between=map_dims(lambda size: size * units, inputs[0].size))

    def to_keras(self, inputs: tuple[Shape, ...]) -> Lowering:
        layer = KerasLayer("archspec.ops.rbf:rbf_layer", {"codes": self._rows()})
        return lower_to(layer, weights={"codes": "codes"})

    def _rows(self) -> Codes:
        return drawn_codes(self.codes) if isinstance(self.codes, str) else self.codes


@cache
def drawn_codes(word: str) -> Codes:
    """The bitmaps in the file `<word>.txt`, each row by row from the top: +1 for `#`, -1 for `.`."""
    _note, *bitmaps = Path(__file__).with_name(f"{word}.txt").read_text(encoding="utf-8").split("\n\n")
    return tuple(tuple(1.0 if mark == "#" else -1.0 for mark in bitmap if mark != "\n") for bitmap in bitmaps)


@cache
def rbf_layer() -> Any:
    """The layer, which Keras lacks."""
    import keras

    @keras.saving.register_keras_serializable("archspec")
    class RadialBasis(keras.layers.Layer):
        """Squared distance of the last axis to each of the fixed `codes`."""

        def __init__(self, codes: Any, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.codes = tuple(tuple(row) for row in codes)

        def build(self, input_shape: Any) -> None:
            self.fixed = self.add_weight(
                name="codes",
                shape=(len(self.codes), input_shape[-1]),
                initializer=lambda shape, dtype: keras.ops.convert_to_tensor(self.codes, dtype),
                trainable=False,
            )

        def call(self, inputs: Any) -> Any:
            return keras.ops.sum(keras.ops.square(keras.ops.expand_dims(inputs, -2) - self.fixed), axis=-1)

        def compute_output_shape(self, input_shape: Any) -> Any:
            return (*input_shape[:-1], len(self.codes))

        def get_config(self) -> dict[str, Any]:
            return {**super().get_config(), "codes": self.codes}

    return RadialBasis
